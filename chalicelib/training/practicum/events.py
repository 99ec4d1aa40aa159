"""The names of entries on the log of a practicum that are about no task."""

from __future__ import annotations

from typing import Final

from chalicelib.workflow.events import EventName

OPENED: Final = EventName("practicum_opened")
HOME_FOUND: Final = EventName("practicum_home_found")
HOME_OVER: Final = EventName("practicum_home_over")
HOURS_ANSWERED: Final = EventName("practicum_hours_confirmed")
GUIDED: Final = EventName("practicum_guided")
ENDED: Final = EventName("practicum_ended")
RESTS: Final = EventName("practicum_rests")
GOES_ON: Final = EventName("practicum_goes_on")
AGAIN: Final = EventName("practicum_reopened")
