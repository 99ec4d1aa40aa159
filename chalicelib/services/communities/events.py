"""The names of entries that are about no task: on the log of a seat, and on that of a request that it is
part of."""

from __future__ import annotations

from typing import Final

from chalicelib.workflow.events import EventName

OPENED: Final = EventName("seat_opened")
SEATED: Final = EventName("seat_taken_at_once")
OFFERED: Final = EventName("seat_promoted")
LEFT: Final = EventName("seat_left")
GROUP_CLOSED: Final = EventName("group_closed")
OF_REQUEST: Final = EventName("seat_of_request")
# On the log of the request: what became of the seat.
NEWS: Final = EventName("seat_news")
