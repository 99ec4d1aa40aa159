"""Whatever breaks, a loan keeps the promises that a referral keeps: the same net plays it."""

from __future__ import annotations

from tests.faults.harness import FaultHarness
from tests.faults.single_faults import DEATHS, TROUBLES, breaks
from tests.faults.stories import play


def test_forty_stories_violate_no_invariant(loans: FaultHarness) -> None:
    wrong = play(loans, 40)
    assert not wrong, wrong


def test_any_call_of_an_answer_may_break_in_any_way(loans: FaultHarness) -> None:
    found = list(breaks(loans, "lending", DEATHS + TROUBLES))
    assert [f"{where}: {what}" for where, what in found if what] == []
    assert len(found) > 20 * len(DEATHS + TROUBLES)
