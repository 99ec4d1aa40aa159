"""Whether supervision is current follows from dated hours and a dated threshold, and from nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.training.supervision import rule
from chalicelib.training.supervision.rule import CONSULTANTS, CURRENT, DUE, LAPSED, Met, Threshold

pytestmark = pytest.mark.promise("supervision-current")
SINCE = date(2027, 1, 1)
ASKED = Threshold(SINCE.isoformat(), CONSULTANTS, 120, 90)


def stands(today: date, *hours: Met, asked: Threshold = ASKED) -> tuple[str, str]:
    one = rule.standing(hours, asked, SINCE, today)
    return one.state, one.until


def on(day: date, minutes: int = 60, alone: bool = True) -> Met:
    return Met(day.isoformat(), minutes, alone)


def test_who_has_nothing_yet_has_as_many_days_as_the_threshold_says() -> None:
    last = SINCE + timedelta(days=89)
    assert stands(SINCE) == (DUE, last.isoformat())
    assert stands(last) == (DUE, last.isoformat())
    assert stands(last + timedelta(days=1)) == (LAPSED, "")


def test_hours_are_current_until_the_day_on_which_the_first_that_is_needed_no_longer_counts() -> (
    None
):
    first, second = date(2027, 5, 1), date(2027, 6, 1)
    met = (on(first), on(second))
    assert stands(date(2027, 6, 2), *met) == (CURRENT, "2027-07-29")
    assert stands(date(2027, 6, 30), *met) == (DUE, "2027-07-29"), "thirty days before, it is due"
    assert stands(date(2027, 7, 29), *met) == (DUE, "2027-07-29")
    assert stands(date(2027, 7, 30), *met) == (LAPSED, "")
    assert stands(date(2027, 7, 30), *met, on(date(2027, 7, 28))) == (CURRENT, "2027-08-29")


@pytest.mark.parametrize(
    "today", [date(2028, 2, 29), date(2028, 3, 12), date(2027, 12, 31), date(2028, 1, 1)]
)
def test_days_are_counted_over_leap_day_year_end_and_the_change_of_clocks(today: date) -> None:
    met = on(today - timedelta(days=89), 120)
    assert stands(today, met) == (DUE, today.isoformat())
    assert stands(today + timedelta(days=1), met) == (LAPSED, "")


def test_hours_in_a_group_do_not_stand_for_those_alone() -> None:
    asked = Threshold(SINCE.isoformat(), CONSULTANTS, 120, 90, alone=60)
    today = date(2027, 6, 2)
    assert stands(today, on(today, 120, alone=False), asked=asked) == (LAPSED, "")
    assert stands(today, on(today, 60, alone=False), on(today, 60), asked=asked)[0] == CURRENT


def test_the_newest_threshold_that_has_begun_counts_and_none_is_invented() -> None:
    later = Threshold("2028-01-01", CONSULTANTS, 0, 90)
    assert rule.in_force([], CONSULTANTS, SINCE) is None
    assert rule.in_force([ASKED, later], CONSULTANTS, date(2027, 12, 31)) == ASKED
    assert rule.in_force([ASKED, later], CONSULTANTS, date(2028, 1, 1)) is None
    assert rule.in_force([ASKED], rule.TRAINEES, date(2027, 12, 31)) is None
    assert rule.in_force([ASKED], CONSULTANTS, date(2026, 12, 31)) is None


def test_a_reminder_comes_thirty_and_seven_days_before_and_when_it_lapsed() -> None:
    met = on(date(2027, 6, 1), 120)
    last = date(2027, 8, 29)
    marks = [
        rule.reminder(
            rule.standing([met], ASKED, SINCE, last - timedelta(days=left)),
            last - timedelta(days=left),
        )
        for left in (40, 30, 29, 7, 6, 0, -1, -20)
    ]
    until = last.isoformat()
    assert marks == [
        "",
        "",
        f"due {until}",
        f"due {until}",
        f"last {until}",
        f"last {until}",
        LAPSED,
        LAPSED,
    ]
