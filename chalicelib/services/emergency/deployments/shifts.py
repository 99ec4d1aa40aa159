"""The shifts of a deployment: what one is, when somebody is asked how it was, and when it can be planned.

The state row keeps the shifts that are not recorded yet; what came of one is in the log's entries.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Final

from typing_extensions import TypedDict

from chalicelib.aws.now import scaled
from chalicelib.domain import calendar
from chalicelib.domain.errors import Invalid
from chalicelib.domain.service_standards import Deadlines
from chalicelib.web.languages import N_, date_words, time_words, translator

HOUR: Final = 3600
DAY: Final = 86400
EVENING: Final = time(18)
LONGEST: Final = 16 * HOUR
# So many shifts can be planned at once: they stand in the state row.
MOST: Final = 12
# Days after a shift: it is asked for again; the supervisor hears that it is not recorded.
AGAIN_DAYS: Final = 2
LATE_DAYS: Final = 7
# Days in which the last shifts can be recorded once the emergency is over.
LAST_DAYS: Final = 7

PAST: Final = N_("Choose a day and time that is still to come.")
NOT_YET: Final = N_("That day is still to come.")
BEFORE: Final = N_("That day is before the emergency began.")
AFTER: Final = N_("The emergency is over by then.")
TOO_LONG: Final = N_("A shift lasts 16 hours at most. Please check both times.")
TWICE: Final = N_("You have a shift at that time already.")
TOO_MANY: Final = N_("Twelve shifts are planned. Record one first, or give one back.")
SPAN: Final = N_("%(day)s, %(start)s to %(end)s")


class Hours(TypedDict):
    """From when to when (UTC seconds), by video or in person, and where; empty where nobody said it."""

    start: int
    end: int
    way: str
    place: str


class Shift(Hours):
    """A planned shift; ``n`` tells it from the others."""

    n: int


def span(day: str, start: str, end: str) -> tuple[int, int]:
    """A typed day with two times as UTC seconds; an end that is not later is of the next morning.
    Raises Invalid."""
    first, last = calendar.typed(day, start), calendar.typed(day, end)
    if last <= first:
        last = calendar.days_later(last, 1)
    if last - first > LONGEST:
        raise Invalid({"ends": TOO_LONG})
    return first, last


def day_of(instant: int) -> str:
    """The Pacific ISO day of an instant."""
    return calendar.pacific_date(instant).isoformat()


def begun(shift: Hours, now: int) -> bool:
    """Whether its day has come, in this deployment's time."""
    return calendar.pacific_date(scaled(now, shift["start"])) <= calendar.pacific_date(now)


def said(start: int, end: int, lang: str) -> str:
    """Day and hours: "Tuesday, December 1, 9:00 AM to 5:00 PM"."""
    hours = {"start": time_words(start, lang), "end": time_words(end, lang)}
    return translator(lang)(SPAN, day=date_words(start, lang), **hours)


def evening(shift: Hours) -> int:
    """When somebody is asked how a shift was: on its evening, or at its end if that is later."""
    here = calendar.local(shift["start"]).replace(hour=EVENING.hour, minute=0, second=0)
    return max(int(here.timestamp()), shift["end"])


def waits(shifts: Sequence[Shift], now: int, over: int) -> Deadlines:
    """The instants of the task, in this deployment's time: each shift is asked for on its evening and once
    more, and the supervisor hears of one that is not recorded. ``over``: when the task ends; it is due a
    minute before, because midnight reads like another day."""
    if not shifts:  # they are asked once when they work
        soon = scaled(now, now + AGAIN_DAYS * DAY)
        return Deadlines(over - 60, (soon,) if soon < over else (), over, over)
    asked = [scaled(now, evening(one) + days * DAY) for one in shifts for days in (0, AGAIN_DAYS)]
    first = min(evening(one) for one in shifts)
    late, due = (scaled(now, first + days * DAY) for days in (LATE_DAYS, AGAIN_DAYS))
    return Deadlines(
        due=min(max(due, now + 60), over - 60),
        remind=tuple(sorted({at for at in asked if now < at < over})),
        escalate=late if now < late < over else over,
        expires=over,
    )
