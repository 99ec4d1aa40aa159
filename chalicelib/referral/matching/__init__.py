"""Consultant match: rank, offer to one at a time, and ask a coordinator when nobody accepts."""
