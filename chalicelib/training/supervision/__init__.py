"""Reflective supervision: hours with an endorsed facilitator, and whether they are current. Days and hours only:
nothing of what was said."""
