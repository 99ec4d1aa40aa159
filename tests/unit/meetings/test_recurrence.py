"""The days of a series, held against dateutil; through holidays and changes of the clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from dateutil.rrule import FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.calendar import is_business_day, local
from chalicelib.meetings import rows
from chalicelib.meetings.recurrence import LAST, MOST, Rule, days

pytestmark = pytest.mark.promise("meetings-in-time")
WEEKDAYS = (MO, TU, WE, TH, FR, SA, SU)
DATES = st.dates(date(2026, 1, 1), date(2040, 12, 31))


@given(DATES, st.integers(0, 6), st.integers(1, LAST), st.integers(0, 900))
def test_a_monthly_series_has_the_days_that_dateutil_has(
    first: date, weekday: int, nth: int, length: int
) -> None:
    last = first + timedelta(days=length)
    place = -1 if nth == LAST else nth
    theirs = rrule(
        MONTHLY,
        dtstart=datetime(first.year, first.month, first.day),
        until=datetime(last.year, last.month, last.day),
        byweekday=WEEKDAYS[weekday](place),
    )
    ours = days(Rule(weekday, nth=nth, on_holiday="keep"), first, last)
    assert [day.planned for day in ours] == [one.date() for one in theirs][:MOST]


@given(DATES, st.integers(0, 6), st.integers(1, 4), st.integers(0, 400))
def test_a_weekly_series_has_the_days_that_dateutil_has(
    first: date, weekday: int, every: int, length: int
) -> None:
    begins = first + timedelta(days=(weekday - first.weekday()) % 7)
    last = first + timedelta(days=length)
    theirs = rrule(
        WEEKLY,
        interval=every,
        dtstart=datetime(begins.year, begins.month, begins.day),
        until=datetime(last.year, last.month, last.day),
    )
    ours = days(Rule(weekday, every=every, on_holiday="keep"), first, last)
    assert [day.planned for day in ours] == [one.date() for one in theirs][:MOST]


@given(DATES, st.integers(0, 4), st.integers(1, LAST), st.sampled_from(["skip", "next"]))
def test_no_meeting_of_a_series_is_held_on_a_holiday(
    first: date, weekday: int, nth: int, rule: str
) -> None:
    for day in days(Rule(weekday, nth=nth, on_holiday=rule), first, first + timedelta(days=500)):  # type: ignore[arg-type]
        assert day.held is None or is_business_day(day.held)
        assert is_business_day(day.planned) is (day.held == day.planned)
        assert day.held is not None or rule == "skip"


def test_thanksgiving_is_left_out_moved_or_kept_as_staff_say() -> None:
    november = (date(2026, 11, 1), date(2026, 11, 30))

    def held(rule: str) -> list[date | None]:
        return [day.held for day in days(Rule(3, nth=4, on_holiday=rule), *november)]  # type: ignore[arg-type]

    assert held("skip") == [None]
    assert held("next") == [date(2026, 11, 30)]  # the Friday after is a holiday of the state, too
    assert held("keep") == [date(2026, 11, 26)]


def test_a_series_stays_at_its_hour_when_the_clocks_change() -> None:
    spring = days(Rule(6, every=1), date(2027, 3, 1), date(2027, 3, 21))
    instants = [rows.instants(f"{day.planned}T17:30", 60, 0)["at"] for day in spring]
    assert [local(at).strftime("%d %H:%M") for at in instants] == [
        "07 17:30",
        "14 17:30",
        "21 17:30",
    ]
    assert [b - a for a, b in pairwise(instants)] == [
        7 * 86400 - 3600,
        7 * 86400,
    ]
