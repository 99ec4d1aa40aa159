"""Meetings that people sign up for: when they are, who comes, and what everybody is told, for any room.

A room registers itself by name in ``rooms.py`` (``owners.py`` says what it hands in) and enters its
meetings; sign-ups, letters, calendar files, reminders, attendance and the pages behind mailed links are
the same for all.
"""
