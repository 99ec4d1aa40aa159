"""What completes the program, at the edges of its numbers."""

from __future__ import annotations

import pytest

from chalicelib.domain.calendar import end_of
from chalicelib.training.trainees import completion
from chalicelib.training.trainees.completion import SESSIONS, Part
from tests.cohorts import entered_cohort
from tests.world import World


def test_who_has_exactly_what_is_required_has_it_and_one_less_is_missing() -> None:
    assert completion.met([Part(SESSIONS, 9, 9)])
    assert not completion.met([Part(SESSIONS, 9, 9), Part(completion.PRACTICUM, 479, 480)])
    assert not completion.met([]), "nobody completes a program that requires nothing"


@pytest.mark.parametrize(
    ("held", "canceled", "need"),
    [(9, 0, 9), (10, 0, 9), (8, 1, 8), (8, 0, 9), (7, 1, 8), (9, 2, 9), (0, 0, 9)],
)
def test_a_meeting_that_was_canceled_and_not_made_up_is_nobodys_absence(
    held: int, canceled: int, need: int
) -> None:
    assert completion.needed(9, held, canceled) == need


def test_an_application_may_be_sent_through_the_whole_last_day(world: World) -> None:
    one = entered_cohort(world)
    last = end_of(one.applications_close_on)
    assert one.takes_applications(last) and not one.takes_applications(last + 1)
    assert one.takes_applications(one.opens) and not one.takes_applications(one.opens - 1)
