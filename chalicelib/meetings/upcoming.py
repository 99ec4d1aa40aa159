"""The next meeting of a room that somebody can still sign up for, for pages that only point to it: as this
process saw it a minute ago at most, and none rather than no page."""

from __future__ import annotations

import time
from typing import Final

from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.meetings import rows
from chalicelib.meetings.model import Meeting

_FRESH: Final = 60.0
_LOOKED_AT: Final = 8
_seen: dict[str, tuple[float, Meeting | None]] = {}


def soonest(room: str) -> Meeting | None:
    """The next one with a place that takes place; None where nothing is planned."""
    at, found = _seen.get(room, (0.0, None))
    if (
        room in _seen
        and time.monotonic() - at <= _FRESH
        and (found is None or found.open_at(now()))
    ):
        return found
    try:
        ahead = rows.ahead(room, now(), _LOOKED_AT)
    except Exception:
        logger().exception("the next meeting")
        return None
    found = next((one for one in ahead if one.open_at(now()) and not one.full), None)
    _seen[room] = (time.monotonic(), found)
    return found


def forget() -> None:
    """Look anew at the next question."""
    _seen.clear()
