"""Which letter somebody is owed, and when the clock looks again: read off the rows alone, so that a letter
that did not leave is simply still owed."""

from __future__ import annotations

from typing import Final, Literal

from chalicelib.meetings.model import HOST, Meeting, SignUp

Letter = Literal[
    "signed_up", "reminder", "changed", "cancelled", "taken_off", "thanks", "attendance"
]
DAY, HOUR = "day", "hour"
RANK: Final = {"": 0, DAY: 1, HOUR: 2}


def owed(meeting: Meeting, who: SignUp, now: int) -> Letter | None:
    """The letter that somebody is owed now."""
    if not who.by_letter:
        return None
    if not who.coming:
        return "taken_off" if who.told is not None else None
    if not meeting.on:
        return "cancelled" if who.told is None or who.told < meeting.sequence else None
    if now >= meeting.ends:
        return _afterwards(meeting, who, now)
    if who.told is None:
        return "signed_up"
    if who.told < meeting.sequence:
        return "changed"
    return "reminder" if RANK[near(meeting, now)] > RANK[who.reminded] else None


def near(meeting: Meeting, now: int) -> str:
    """Whether the reminder of a day or an hour before is due: whatever letter leaves then is it."""
    if now >= meeting.hour_before:
        return HOUR
    return DAY if now >= meeting.day_before else ""


def _afterwards(meeting: Meeting, who: SignUp, now: int) -> Letter | None:
    if who.part == HOST:
        return "attendance" if meeting.recorded is None and who.asked < asks(meeting, now) else None
    thanked = who.thanked or bool(meeting.group)
    return "thanks" if meeting.recorded is not None and who.came and not thanked else None


def asks(meeting: Meeting, now: int) -> int:
    """How often a host was to be asked by now who came."""
    return sum(now >= at for at in _asked_at(meeting))


def _asked_at(meeting: Meeting) -> tuple[int, int]:
    """At its end, and once more about a day later."""
    return meeting.ends, meeting.ends + (meeting.ends - meeting.day_before)


def next_look(meeting: Meeting, now: int) -> int | None:
    """The next instant at which somebody may be owed something, without anybody's press."""
    if not meeting.on:
        return None
    instants = (meeting.day_before, meeting.hour_before, *_asked_at(meeting))
    return min((at for at in instants if at > now), default=None)
