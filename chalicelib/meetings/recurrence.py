"""The days of a series, as a rule that staff enter: the nth weekday of a month, a day of the month, or every
so many weeks.

Days are wall-clock days, so a series stays at its hour when the clocks change. These rules need no
library; the tests hold them equal to ``dateutil.rrule``.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from typing import Final, Literal

from chalicelib.domain.calendar import is_business_day

LAST: Final = 5
"""The place in a month that means its last such weekday, be it the fourth or the fifth."""
MOST: Final = 60
"""Meetings that one series makes at the most."""

OnHoliday = Literal["skip", "next", "keep"]


@dataclass(frozen=True, slots=True)
class Rule:
    """``weekday`` counts from Monday 0. ``nth``: monthly, 1 to 4, or ``LAST``; 0: weekly, ``every`` so many
    weeks. ``day``: monthly, on this day of the month whatever its weekday; a month that is too short has it
    on its last day. ``on_holiday``: a day on which the Network is closed is left out, moves to the next business
    day, or is kept."""

    weekday: int
    nth: int = 0
    every: int = 1
    on_holiday: OnHoliday = "skip"
    day: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a series. ``planned``: the day of the rule; ``held``: when it takes place, None if not."""

    planned: date
    held: date | None


def days(rule: Rule, first: date, last: date) -> list[Day]:
    """Every day of the rule from ``first`` to ``last``, both included, at most ``MOST``."""
    if rule.day:
        planned = _by_date(rule, first)
    else:
        planned = _monthly(rule, first) if rule.nth else _weekly(rule, first)
    found = []
    for day in takewhile(lambda day: day <= last, planned):
        found.append(Day(day, _held(day, rule.on_holiday)))
        if len(found) == MOST:
            break
    return found


def _weekly(rule: Rule, first: date) -> Iterator[date]:
    day = first + timedelta(days=(rule.weekday - first.weekday()) % 7)
    while True:
        yield day
        day += timedelta(weeks=rule.every)


def _monthly(rule: Rule, first: date) -> Iterator[date]:
    year, month = first.year, first.month
    while True:
        day = nth_weekday(year, month, rule.weekday, rule.nth)
        if day >= first:
            yield day
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _by_date(rule: Rule, first: date) -> Iterator[date]:
    year, month = first.year, first.month
    while True:
        day = date(year, month, min(rule.day, months.monthrange(year, month)[1]))
        if day >= first:
            yield day
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth such weekday of a month; ``LAST`` for its last one."""
    weeks, length = months.monthrange(year, month)
    first = 1 + (weekday - weeks) % 7
    day = first + 7 * (nth - 1)
    return date(year, month, day if day <= length else day - 7)


def _held(day: date, rule: OnHoliday) -> date | None:
    closed = day.weekday() < 5 and not is_business_day(day)
    if not closed or rule == "keep":
        return day
    if rule == "skip":
        return None
    while not is_business_day(day):
        day += timedelta(days=1)
    return day
