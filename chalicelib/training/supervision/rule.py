"""Whether somebody's supervision is current: pure, by a threshold that staff enter with its first day.

Hours count from their day for as many days as the threshold says. Who is not there yet when a threshold, or
their own work, begins has that many days to get there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from chalicelib.web.languages import N_

CONSULTANTS, TRAINEES = "consultants", "trainees"
WHO: Final = {CONSULTANTS: N_("Consultants"), TRAINEES: N_("Consultants in training")}
CURRENT, DUE, LAPSED = "current", "due", "lapsed"
# Of whom nothing is asked: a name in a map of the table may not be empty.
NOTHING: Final = "nothing"
STATES: Final = {CURRENT: N_("Current"), DUE: N_("Due"), LAPSED: N_("Lapsed")}
# Days before the end from which it is due, and in which somebody is reminded once more.
SOON, LAST = 30, 7


@dataclass(frozen=True, slots=True)
class Threshold:
    """So many ``minutes`` in any ``days``, of which so many ``alone`` with the facilitator, from the day
    ``since`` on. No minutes: nothing is asked from then on."""

    since: str
    who: str
    minutes: int
    days: int
    alone: int = 0


class Met(NamedTuple):
    """Hours that count: on which ISO day, how many minutes, and whether alone with the facilitator."""

    day: str
    minutes: int
    alone: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands: ``until`` is the last ISO day on which they are current with what they have, or
    on which they can still get there; "" once it lapsed. Minutes of the days that count today."""

    state: str
    until: str
    minutes: int
    alone: int
    threshold: Threshold


def in_force(thresholds: Iterable[Threshold], who: str, today: date) -> Threshold | None:
    """The threshold of this day; None where none is entered, or nothing is asked."""
    begun = [one for one in thresholds if one.who == who and one.since <= today.isoformat()]
    newest = max(begun, key=lambda one: one.since, default=None)
    return newest if newest is not None and newest.minutes else None


def counted(hours: Iterable[Met], threshold: Threshold, day: date) -> tuple[int, int]:
    """The minutes that count on a day, and those of them alone with the facilitator."""
    first = (day - timedelta(days=threshold.days)).isoformat()
    inside = [one for one in hours if first < one.day <= day.isoformat()]
    return sum(one.minutes for one in inside), sum(one.minutes for one in inside if one.alone)


def standing(hours: Sequence[Met], threshold: Threshold, begun: date, today: date) -> Standing:
    """How somebody stands. ``begun``: since when they are known here."""

    def enough(day: date) -> bool:
        minutes, alone = counted(hours, threshold, day)
        return minutes >= threshold.minutes and alone >= threshold.alone

    start = max(date.fromisoformat(threshold.since), begun)
    last = start + timedelta(days=threshold.days - 1)  # until then nobody is late
    there = enough(today)
    if there:
        ends = sorted(date.fromisoformat(one.day) + timedelta(days=threshold.days) for one in hours)
        drops = next(day for day in ends if day > today and not enough(day))
        last = max(last, drops - timedelta(days=1))
    minutes, alone = counted(hours, threshold, today)
    if last < today:
        return Standing(LAPSED, "", minutes, alone, threshold)
    soon = (last - today).days < SOON
    state = CURRENT if there and not soon else DUE
    return Standing(state, last.isoformat(), minutes, alone, threshold)


def reminder(one: Standing, today: date) -> str:
    """Which letter is due, as a mark that is kept: the same mark is never told twice; "" for none."""
    if one.state == LAPSED:
        return LAPSED
    left = (date.fromisoformat(one.until) - today).days
    if left < LAST:
        return f"last {one.until}"
    return f"due {one.until}" if left < SOON else ""
