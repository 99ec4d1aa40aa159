"""Calls to people who signed up for a meeting and have no email: promised, made, or not needed anymore."""
