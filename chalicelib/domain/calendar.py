"""The Network's business time: Pacific weekdays from 8 to 5, without California's holidays.

Instants go in and come out as UTC epoch seconds; Pacific time is used only in between.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.domain.closed_days import CLOSED_DAYS

PACIFIC: Final = ZoneInfo("America/Los_Angeles")
OPENS: Final = time(8)
CLOSES: Final = time(17)
# Outside of these nobody is written to who did not ask for it.
MORNING: Final = time(7)
EVENING: Final = time(20)
HOUR: Final = 3600
DAY_HOURS: Final = CLOSES.hour - OPENS.hour
"""Hours of a business day (neither 8:00 nor 17:00 is ever skipped by DST)."""


@lru_cache(maxsize=64)
def holidays_of(year: int) -> frozenset[date]:
    """The days of a year on which the Network is closed although they may be weekdays."""
    days = CLOSED_DAYS.get(year, "").split()
    return frozenset(date.fromisoformat(f"{year}-{day}") for day in days)


def is_business_day(day: date) -> bool:
    """Whether the Network works on this Pacific date."""
    return day.weekday() < 5 and day not in holidays_of(day.year)


def local(epoch: int) -> datetime:
    """An instant as Pacific wall-clock time."""
    return datetime.fromtimestamp(epoch, PACIFIC)


def _epoch(day: date, at: time) -> int:
    return int(datetime.combine(day, at, PACIFIC).timestamp())


def _next_day(day: date) -> date:
    day += timedelta(days=1)
    while not is_business_day(day):
        day += timedelta(days=1)
    return day


def into_business_time(epoch: int) -> int:
    """The instant itself within business hours, else the next opening."""
    here = local(epoch)
    day = here.date()
    if not is_business_day(day) or here.time() >= CLOSES:
        return _epoch(_next_day(day), OPENS)
    return max(epoch, _epoch(day, OPENS))


def latest_business_time(epoch: int, spare: int = HOUR) -> int:
    """The instant itself within business hours, else the latest before it; ``spare`` seconds of its day are
    left."""
    day = local(epoch).date()
    while not is_business_day(day) or epoch < _epoch(day, OPENS):
        day -= timedelta(days=1)
    return min(epoch, _epoch(day, CLOSES) - spare)


def opening(epoch: int) -> tuple[int | None, int]:
    """When the Network opens next, None while it is open, and when it closes on that day."""
    opens = into_business_time(epoch)
    return opens if opens > epoch else None, end_of_business_day(epoch)


def into_waking_hours(epoch: int, *, business_days: bool = False) -> int:
    """The instant itself by day, else the next morning; ``business_days``: of a day on which the Network
    works."""
    here = local(epoch)
    day = here.date()
    if business_days and not is_business_day(day):
        return _epoch(_next_day(day), MORNING)
    if here.time() >= EVENING:
        return morning_after(epoch, business_days=business_days)
    return max(epoch, _epoch(day, MORNING))


def morning_after(epoch: int, *, business_days: bool = False) -> int:
    """The first morning after an instant, at seven."""
    here = local(epoch)
    day = here.date()
    if here.time() < MORNING and (is_business_day(day) or not business_days):
        return _epoch(day, MORNING)
    return _epoch(_next_day(day) if business_days else day + timedelta(days=1), MORNING)


def add_business_days(start_epoch: int, days: int) -> int:
    """The same time of day, ``days`` business days later; a start out of hours counts from the
    next opening. ``days`` must not be negative."""
    if days < 0:
        raise ValueError("days must not be negative")
    here = local(into_business_time(start_epoch))
    day = here.date()
    for _ in range(days):
        day = _next_day(day)
    return _epoch(day, here.time().replace(tzinfo=None))


def add_business_seconds(start_epoch: int, seconds: int) -> int:
    """The instant when so much business time has passed; a closing counts as that day."""
    if seconds < 0:
        raise ValueError("business time must not be negative")
    now = into_business_time(start_epoch)
    day = local(now).date()
    while (left := _epoch(day, CLOSES) - now) < seconds:
        seconds -= left
        day = _next_day(day)
        now = _epoch(day, OPENS)
    return now + seconds


def add_business_hours(start_epoch: int, hours: int) -> int:
    """The instant when so many business hours have passed."""
    return add_business_seconds(start_epoch, hours * HOUR)


def business_seconds_between(start_epoch: int, end_epoch: int) -> int:
    """The business time between two instants; 0 if the end is not after the start."""
    now = into_business_time(start_epoch)
    total = 0
    while now < end_epoch:
        day = local(now).date()
        total += min(end_epoch, _epoch(day, CLOSES)) - now
        now = _epoch(_next_day(day), OPENS)
    return total


def halfway(start_epoch: int, end_epoch: int) -> int:
    """The instant when half of the business time between two instants has passed."""
    return add_business_seconds(start_epoch, business_seconds_between(start_epoch, end_epoch) // 2)


def end_of_business_day(epoch: int) -> int:
    """17:00 Pacific of the instant's business day (the next one if that is over)."""
    here = local(epoch)
    day = here.date()
    if not is_business_day(day) or here.time() > CLOSES:
        day = _next_day(day)
    return _epoch(day, CLOSES)


def add_calendar_days(start_epoch: int, days: int) -> int:
    """So many Pacific dates later, at the same wall-clock time, moved into business time."""
    return into_business_time(days_later(start_epoch, days))


def days_later(start_epoch: int, days: int) -> int:
    """So many Pacific dates later, at the same wall-clock time, through changes of the clock."""
    later = local(start_epoch).replace(tzinfo=None) + timedelta(days=days)
    return int(later.replace(tzinfo=PACIFIC).timestamp())


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months later; in a month that is too short, its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def midnight(day: date) -> int:
    """The instant at which a Pacific date begins."""
    return _epoch(day, time())


def begin_of(day: str) -> int:
    """The instant at which a Pacific ISO day begins."""
    return midnight(date.fromisoformat(day))


def end_of(day: str) -> int:
    """The last second of a Pacific ISO day: told to people, it is still that day."""
    return midnight(date.fromisoformat(day) + timedelta(days=1)) - 1


def typed(day: str, at: str) -> int:
    """A Pacific ISO day and HH:MM, as people type them, as UTC epoch seconds."""
    return _epoch(date.fromisoformat(day), time.fromisoformat(at))


def pacific_date(epoch: int) -> date:
    """The Pacific date of an instant."""
    return local(epoch).date()


def scaled(now: int, due: int, scale: float) -> int:
    """A wait made ``scale`` times shorter, for demos and tests: now + (due - now) / scale."""
    if scale <= 0:
        raise ValueError("scale must be positive")
    return now + int((due - now) / scale)
