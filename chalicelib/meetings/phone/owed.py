"""Which call somebody is owed who has no email: read off the rows alone, as the letters of everybody else."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from chalicelib.domain import calendar
from chalicelib.meetings.model import GUEST, Meeting, SignUp

JOINING: Final = "joining"
NEWS: Final = "news"
# Seconds after which a call can be made that nobody has planned.
SOON: Final = 1800


class Call(NamedTuple):
    """``at``: when it should be made (UTC seconds); ``about``: how to join, or what is new."""

    at: int
    about: Literal["joining", "news"]


def call_owed(meeting: Meeting, who: SignUp, now: int) -> Call | None:
    """The call that somebody is owed: what is new as soon as we are open, how to join the day before."""
    if who.by_letter or who.part != GUEST or not who.phone or not who.coming:
        return None
    if meeting.on and now >= meeting.ends:
        return None
    soon = calendar.into_business_time(now + SOON)
    if who.called is None or who.called < meeting.sequence:
        return Call(soon, NEWS)
    if not meeting.on or who.reminded:
        return None
    return Call(max(soon, day_before(meeting)), JOINING)


def day_before(meeting: Meeting) -> int:
    """When somebody is called to hear how to join: a day before, or on the last business day until then."""
    return calendar.latest_business_time(calendar.days_later(meeting.at, -1))
