"""Somebody's calendar, fed by what comes by mail: it takes and drops events as RFC 5546 says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import recurring_ical_events


def _times(event: Any) -> tuple[datetime, datetime] | None:
    """When an event begins and ends; None for one that does not take place."""
    return None if event is None else (event.start, event.end)


@dataclass
class Phone:
    """``events``: UID -> (SEQUENCE, the event, or None once it was canceled)."""

    events: dict[str, tuple[int, Any]] = field(default_factory=dict)

    def take(self, files: Iterable[Any]) -> None:
        """Open the files of a letter; what is older than what is there changes nothing."""
        for file in files:
            found = icalendar.Calendar.from_ical(file.content)
            assert str(found["METHOD"]) == file.method
            for event in found.walk("VEVENT"):
                uid, sequence = str(event["UID"]), int(event["SEQUENCE"])
                stands = event if file.method == "REQUEST" else None
                known, had = self.events.get(uid, (-1, None))
                # The same letter may come twice; what changed must say that it is newer.
                assert sequence != known or _times(stands) == _times(had), (uid, sequence)
                if sequence >= known:
                    self.events[uid] = (sequence, stands)

    def shows(self, now: int) -> list[tuple[int, int]]:
        """What is still to come, in order: when it begins and ends (UTC seconds)."""
        whole = icalendar.Calendar()
        for _sequence, event in self.events.values():
            if event is not None:
                whole.add_component(event)
        begin = datetime.fromtimestamp(now, UTC)
        found = recurring_ical_events.of(whole).between(begin, begin + timedelta(days=400))
        times = ((one.start.timestamp(), one.end.timestamp()) for one in found)
        return sorted((int(start), int(end)) for start, end in times if start > now)
