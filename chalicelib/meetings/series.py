"""The later meetings of a series: canceled or changed in one press, as one of them is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from chalicelib.domain.errors import AlreadyDone
from chalicelib.meetings import changing, hosts, rows
from chalicelib.meetings.model import Meeting
from chalicelib.meetings.recurrence import MOST
from chalicelib.web.forms import Answers, Field, radios, words
from chalicelib.web.languages import N_

ONE, LATER = "one", "later"
# What the others take over from the one that was changed, if it was changed there.
SHARED: Final = ("title", "about", "language", "host", "join", "dial", "capacity")


def later(meeting: Meeting, at: int) -> list[Meeting]:
    """Those of the same series after it that take place, the next first."""
    if not meeting.series:
        return []
    ahead = rows.ahead(meeting.room, at, 4 * MOST)
    same = [one for one in ahead if one.series == meeting.series and one.open_at(at)]
    return [one for one in same if one.starts > meeting.starts]


def asked(others: list[Meeting]) -> tuple[Field, ...]:
    """Whether the later ones are meant, too; nothing where there are none."""
    if not others:
        return ()
    return (
        radios(
            "which",
            N_("Which ones?"),
            (ONE, N_("Only this one")),
            (LATER, N_("This one and all later ones of its series")),
        ),
    )


def meant(values: Answers, others: list[Meeting]) -> list[Meeting]:
    """Those that a press means besides the one whose page it is."""
    return others if words(values, "which") == LATER else []


def cancel(others: list[Meeting], by: str, at: int, why: Mapping[str, str]) -> list[Meeting]:
    """Cancel all; those that somebody else changed meanwhile are left, and returned."""
    left = []
    for one in others:
        try:
            changing.cancel(one, by, at, why)
        except AlreadyDone:
            left.append(one)
    return left


def change(
    before: Meeting, after: Meeting, others: list[Meeting], by: str, at: int
) -> list[Meeting]:
    """Change all as one was: what of it changed, and as many days and hours. Those that somebody else
    changed meanwhile, or that hold fewer than have signed up, are left, and returned."""
    left = []
    for one in others:
        new = _as(before, after, one, at)
        try:
            changing.change(one, new, by, at, hosts.rows_for(new, one.host, by, at))
        except AlreadyDone:
            left.append(one)
    return left


def _as(before: Meeting, after: Meeting, one: Meeting, at: int) -> Meeting:
    same = {
        name: getattr(after, name)
        for name in SHARED
        if getattr(after, name) != getattr(before, name)
    }
    new = replace(one, why=after.why, **same)
    if (before.starts, before.minutes) == (after.starts, after.minutes):
        return new
    days = date.fromisoformat(after.starts[:10]) - date.fromisoformat(before.starts[:10])
    starts = f"{date.fromisoformat(one.starts[:10]) + days}T{after.starts[11:]}"
    return rows.moved_to(new, starts, after.minutes, at)
