"""Business time in Pacific hours, through daylight saving, holidays and leap days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.calendar import (
    PACIFIC,
    add_business_days,
    add_business_hours,
    add_business_seconds,
    add_calendar_days,
    business_seconds_between,
    end_of_business_day,
    halfway,
    into_business_time,
    is_business_day,
    local,
    scaled,
)

pytestmark = pytest.mark.promise("clocks-and-calendar")

instants = st.integers(
    int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()),
    int(datetime(2031, 1, 1, tzinfo=UTC).timestamp()),
)


def at(text: str) -> int:
    """Epoch of a Pacific wall-clock time such as ``2026-05-04 10:00``."""
    return int(datetime.fromisoformat(text).replace(tzinfo=PACIFIC).timestamp())


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),  # New Year
        date(2026, 1, 19),  # Martin Luther King Jr. Day
        date(2026, 3, 31),  # Cesar Chavez Day, California only
        date(2026, 5, 25),  # Memorial Day
        date(2026, 7, 3),  # Independence Day, observed
        date(2026, 11, 26),  # Thanksgiving
        date(2026, 11, 27),  # the day after Thanksgiving, California
        date(2026, 12, 25),
        date(2027, 12, 31),  # New Year of 2028, observed in the year before
        date(2026, 5, 9),  # a Saturday
        date(2026, 5, 10),  # a Sunday
    ],
)
def test_the_network_is_closed(day: date) -> None:
    assert not is_business_day(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 10, 12),  # Columbus Day is not a holiday in California
        date(2024, 2, 15),  # Susan B. Anthony Day is observed with the offices open
        date(2027, 10, 29),  # so is Diwali
        date(2024, 2, 29),  # a leap day
        date(2026, 12, 31),
    ],
)
def test_the_network_is_open(day: date) -> None:
    assert is_business_day(day)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-05-04 10:00", 0, "2026-05-04 10:00"),
        ("2026-05-04 10:00", 2, "2026-05-06 10:00"),
        ("2026-05-08 16:30", 1, "2026-05-11 16:30"),  # over a weekend
        ("2026-05-09 11:00", 1, "2026-05-12 08:00"),  # Saturday counts from Monday's opening
        ("2026-05-08 17:00", 1, "2026-05-12 08:00"),  # closed is closed
        ("2026-05-08 06:00", 1, "2026-05-11 08:00"),  # before opening counts from the opening
        ("2026-05-22 09:00", 1, "2026-05-26 09:00"),  # over Memorial Day
        ("2026-11-25 15:00", 1, "2026-11-30 15:00"),  # over Thanksgiving and the day after
        ("2026-03-30 10:00", 1, "2026-04-01 10:00"),  # over Cesar Chavez Day
        ("2026-03-06 10:00", 1, "2026-03-09 10:00"),  # clocks go forward on the 8th
        ("2026-10-30 10:00", 1, "2026-11-02 10:00"),  # clocks go back on the 1st
        ("2026-12-31 10:00", 1, "2027-01-04 10:00"),  # over the end of the year
        ("2028-02-28 10:00", 1, "2028-02-29 10:00"),  # into a leap day
        ("2028-02-29 10:00", 1, "2028-03-01 10:00"),  # and out of it
    ],
)
def test_business_days_keep_the_time_of_day(start: str, days: int, end: str) -> None:
    assert local(add_business_days(at(start), days)) == local(at(end))


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-05-04 10:00", 4, "2026-05-04 14:00"),
        ("2026-05-04 15:00", 4, "2026-05-05 10:00"),
        ("2026-05-08 16:00", 2, "2026-05-11 09:00"),
        ("2026-05-04 13:00", 4, "2026-05-04 17:00"),  # a closing belongs to its day
        ("2026-05-04 20:00", 2, "2026-05-05 10:00"),
        ("2026-03-06 16:00", 4, "2026-03-09 11:00"),  # the lost hour is at night
    ],
)
def test_business_hours_stop_at_night(start: str, hours: int, end: str) -> None:
    assert local(add_business_hours(at(start), hours)) == local(at(end))


def test_a_start_in_the_hour_that_does_not_exist_or_exists_twice_is_no_trouble() -> None:
    for start in ("2026-03-08 02:30", "2026-11-01 01:30"):
        assert local(add_business_days(at(start), 1)).hour == 8


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-05-04 10:00", "2026-05-04 17:00"),
        ("2026-05-04 17:00", "2026-05-04 17:00"),
        ("2026-05-04 17:01", "2026-05-05 17:00"),
        ("2026-05-09 10:00", "2026-05-11 17:00"),
        ("2026-03-08 02:30", "2026-03-09 17:00"),
    ],
)
def test_the_business_day_ends_at_five(start: str, end: str) -> None:
    assert end_of_business_day(at(start)) == at(end)


def test_calendar_days_land_in_business_hours() -> None:
    assert add_calendar_days(at("2026-03-01 10:00"), 30) == at("2026-04-01 08:00")  # Chavez Day
    assert add_calendar_days(at("2026-02-20 10:00"), 30) == at("2026-03-23 08:00")  # a Sunday
    assert add_calendar_days(at("2026-03-02 10:00"), 7) == at("2026-03-09 10:00")  # over DST


@given(instants, st.integers(0, 40))
def test_business_days_end_in_business_hours_and_never_before(start: int, days: int) -> None:
    end = add_business_days(start, days)
    assert end == into_business_time(end)
    assert end >= start + (timedelta(days=days).total_seconds() - 3600 if days else 0)


@given(instants, instants, st.integers(0, 30))
def test_an_earlier_start_is_never_due_later(one: int, other: int, days: int) -> None:
    first, second = sorted((one, other))
    assert add_business_days(first, days) <= add_business_days(second, days)


@given(instants, st.integers(0, 9 * 3600 * 20))
def test_business_time_that_was_added_is_counted_again(start: int, seconds: int) -> None:
    assert business_seconds_between(start, add_business_seconds(start, seconds)) == seconds


@given(instants, st.integers(1, 9 * 3600 * 20))
def test_half_way_lies_between(start: int, seconds: int) -> None:
    end = add_business_seconds(start, seconds)
    assert into_business_time(start) <= halfway(start, end) <= end


def test_a_scaled_wait_is_shorter_by_its_scale() -> None:
    assert scaled(1000, 8200, 3600) == 1002
    assert scaled(1000, 8200, 1) == 8200


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_business_days(0, -1)
    with pytest.raises(ValueError, match="negative"):
        add_business_hours(0, -1)
    with pytest.raises(ValueError, match="positive"):
        scaled(0, 1, 0)
