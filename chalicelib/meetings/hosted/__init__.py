"""Meetings that somebody leads, as they see them, and who leads them once they do not."""
