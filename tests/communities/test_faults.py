"""Whatever breaks, seats keep the promises that a referral keeps, and no group is ever overfull."""

from __future__ import annotations

import pytest

from tests.faults.harness import FaultHarness
from tests.faults.single_faults import DEATHS, breaks
from tests.faults.stories import play


@pytest.mark.promise("seat-capacity")
def test_two_stories_of_seats_violate_no_invariant(seats: FaultHarness) -> None:
    wrong = play(seats, 2)
    assert not wrong, wrong


def test_any_call_of_an_answer_to_an_offer_may_die(seats: FaultHarness) -> None:
    found = list(breaks(seats, "seat_offer", DEATHS[:1]))
    assert [f"{where}: {what}" for where, what in found if what] == []
    assert len(found) > 10
