"""Hours in which call backs are promised: how many each by weekday, as staff entered it, and who has a place.

A place is taken in the same transaction that promises the call, under the condition that one is free:
two who press at once do not both get the last. Without a number from staff no hour is offered.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, NamedTuple

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, Write, field, put, update
from chalicelib.domain import calendar

CAPACITY: Final = Key("HELPLINE", "CAPACITY")
HOURS: Final = tuple(range(calendar.OPENS.hour, calendar.CLOSES.hour))
MOST: Final = 50
# How many hours a page offers, and how far it looks for them.
OFFERED, AHEAD_DAYS = 9, 14
# Seconds between a press and the first hour that is offered.
SOONEST: Final = 1800
_KEPT: Final = 30 * 86400


# A weekday (Monday is 0) and an hour -> how many call backs fit.
Capacity = Mapping[tuple[int, int], int]
WEEKDAYS: Final = range(5)
EVERY: Final = tuple((day, hour) for day in WEEKDAYS for hour in HOURS)


class Slot(NamedTuple):
    """An hour: when it begins (UTC seconds), and how many places are free."""

    at: int
    free: int


def capacity() -> Capacity:
    """How many call backs fit into each hour of each weekday, as staff entered it."""
    row = dynamodb.get(CAPACITY) or {}
    known = dict(row.get("hours", {}))
    return {(day, hour): int(known.get(f"{day}-{hour}", 0)) for day, hour in EVERY}


def set_capacity(hours: Capacity, by: str, at: int) -> None:
    """Enter other numbers; places that were promised stay promised."""
    kept = {f"{day}-{hour}": hours[day, hour] for day, hour in EVERY if hours.get((day, hour))}
    dynamodb.write(put(CAPACITY, {"hours": kept, "by": by, "at": at}))


def offered(now: int) -> list[Slot]:
    """The next hours with a free place."""
    cap = capacity()
    if not any(cap.values()):
        return []
    found: list[Slot] = []
    day = calendar.pacific_date(now)
    for _ in range(AHEAD_DAYS):
        if calendar.is_business_day(day):
            taken = {
                int(str(row["sk"])): len(row.get("held", ())) for row in dynamodb.query(_day(day))
            }
            for hour in HOURS:
                at = calendar.typed(day.isoformat(), f"{hour:02d}:00")
                free = cap[day.weekday(), hour] - taken.get(hour, 0)
                if free > 0 and at >= now + SOONEST:
                    found.append(Slot(at, free))
            if len(found) >= OFFERED:
                break
        day += timedelta(days=1)
    return found[:OFFERED]


def reserved(at: int, reference: str) -> Write | None:
    """Take a place in the hour that begins ``at``; refuses where none is free. None for an hour of which
    nobody entered that calls are promised."""
    here = calendar.local(at)
    cap = capacity().get((here.weekday(), here.hour), 0)
    if cap <= 0:
        return None
    free = field("held").absent() | field("held").size_at_most(cap - 1)
    return taken(at, reference).only_if(free)


def taken(at: int, reference: str) -> Write:
    """Take a place in the hour, free or not: staff know what they promise, and others are offered what is left."""
    return update(_row(at)).add("held", {reference}).set(expires_at=at + _KEPT)


def given_back(at: int, reference: str) -> Write:
    """Return a place; one that was never taken, or was returned before, is fine."""
    return update(_row(at)).discard("held", {reference}).set(expires_at=at + _KEPT)


def _day(day: object) -> str:
    return f"CALLBACKS#{day}"


def _row(at: int) -> Key:
    here = calendar.local(at)
    return Key(_day(here.date()), f"{here.hour:02d}")
