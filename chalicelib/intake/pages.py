"""The room's routes, for app.py: importing the pages registers them with the blueprint."""

from __future__ import annotations

from chalicelib.intake import asking, returning, sending, staff_pages
from chalicelib.intake.doors import bp

__all__ = ["asking", "bp", "returning", "sending", "staff_pages"]
