"""A cohort: what it requires on a day, its seats, and how staff enter it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.aws import dynamodb
from chalicelib.aws.errors import ConditionFailed
from chalicelib.domain.calendar import months_later
from chalicelib.training import cohort as cohorts
from chalicelib.training.cohort import Requirements
from tests.cohorts import entered_cohort
from tests.world import World


@pytest.mark.parametrize(
    ("begins", "months", "day"),
    [
        ("2026-05-31", 9, "2027-02-28"),  # a month that is too short ends it
        ("2027-05-31", 9, "2028-02-29"),  # so does a leap day
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-09-15", 9, "2027-06-15"),  # over the year's end
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-10-31", 1, "2026-11-30"),
    ],
)
def test_so_many_months_later_is_the_same_day_or_the_last_of_a_short_month(
    begins: str, months: int, day: str
) -> None:
    assert months_later(date.fromisoformat(begins), months).isoformat() == day


def test_the_program_ends_nine_months_later_where_nobody_says_otherwise() -> None:
    assert cohorts.last_day("2026-09-15") == "2027-06-15"


def test_requirements_count_from_their_day_and_earlier_ones_stay_on_record(world: World) -> None:
    one = entered_cohort(world)
    before = one.required(one.begins_on)
    assert (before.sessions, before.small_groups, before.practicum_minutes) == (9, 9, 480)
    later = replace(before, since="2027-03-01", sessions=8)
    assert cohorts.change(cohorts.require(one, later))
    found = cohorts.cohort(one.id)
    assert found.required("2027-02-28") == before and found.required("2027-03-01") == later
    assert found.required("2000-01-01") == before
    again = replace(later, sessions=7)
    assert cohorts.require(found, again).requirements == [before, again]


def test_no_more_seats_are_held_than_there_are_and_none_comes_back_twice(world: World) -> None:
    one = entered_cohort(world, seats=1)
    dynamodb.transact([cohorts.take_seat(one.id, "A")])
    for refused in (cohorts.take_seat(one.id, "B"), cohorts.take_seat(one.id, "A")):
        with pytest.raises(ConditionFailed):
            dynamodb.transact([refused])
    assert cohorts.cohort(one.id).free == 0
    dynamodb.transact([cohorts.return_seat(one.id, "A")])
    with pytest.raises(ConditionFailed):
        dynamodb.transact([cohorts.return_seat(one.id, "A")])
    assert cohorts.cohort(one.id).free == 1


def test_a_change_keeps_the_seats_and_refuses_where_too_few_are_left_or_somebody_was_faster(
    world: World,
) -> None:
    one = entered_cohort(world)
    dynamodb.transact([cohorts.take_seat(one.id, "A")])
    dynamodb.transact([cohorts.take_seat(one.id, "B")])
    assert not cohorts.change(replace(one, seats=1))
    assert cohorts.change(replace(one, seats=2, name="Spring"))
    assert not cohorts.change(replace(one, seats=9))  # of what was read before
    found = cohorts.cohort(one.id)
    assert (found.name, found.seats, found.held) == ("Spring", 2, ["A", "B"])
    assert found.requirements == [Requirements(one.begins_on, facilitator_meetings=2)]
