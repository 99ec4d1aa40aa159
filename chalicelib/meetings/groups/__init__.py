"""Meetings whose room signs its own people up: the list of a group's meetings, and who is on each list."""
