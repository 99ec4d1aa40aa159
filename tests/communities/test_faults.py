"""Whatever breaks, seats keep the promises that a referral keeps, and no group is ever overfull."""

from __future__ import annotations

import pytest

from tests.faults.harness import FaultHarness
from tests.faults.invariants import InvariantChecker, Violation
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


@pytest.mark.promise("seat-capacity")
def test_the_net_sees_a_group_that_is_overfull_and_a_place_of_a_seat_that_ended(
    seats: FaultHarness,
) -> None:
    seats.at("over")
    checker = InvariantChecker(seats)
    checker.check()
    groups = seats.world.fake_table.items["GROUPS"]
    whole = groups["martes"]
    (ended,) = checker.references()
    for held, wrong in (({ended, "another"}, "overfull"), ({ended}, "held by what ended")):
        groups["martes"] = {**whole, "cap": 1, "held": held}
        with pytest.raises(Violation, match=f"GROUPS martes is {wrong}"):
            checker.check()
