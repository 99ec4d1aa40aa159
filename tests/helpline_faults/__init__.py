"""Calls that the helpline promised, under faults."""
