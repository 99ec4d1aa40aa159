"""Whatever breaks, a promised call keeps the promises that a referral keeps: the same net plays it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.harness import FaultHarness, fault_harness
from tests.faults.single_faults import DEATHS, TROUBLES, breaks
from tests.faults.stories import play
from tests.helpline_faults.script import CALLS, TELLS

pytestmark = pytest.mark.promise("helpline-promised-calls")


@pytest.fixture
def calls(environment: None) -> Iterator[FaultHarness]:
    """Promised calls on the fake table and the fault injector."""
    with fault_harness(CALLS) as made:
        yield made


def test_thirty_stories_violate_no_invariant(calls: FaultHarness) -> None:
    wrong = play(calls, 30)
    assert not wrong, wrong


def test_ten_stories_of_a_call_about_a_meeting_violate_no_invariant(environment: None) -> None:
    with fault_harness(TELLS) as made:
        wrong = play(made, 10)
    assert not wrong, wrong


def test_any_call_of_an_answer_may_break_in_any_way(calls: FaultHarness) -> None:
    found = list(breaks(calls, "helpline_call_back", DEATHS + TROUBLES))
    assert [f"{where}: {what}" for where, what in found if what] == []
    assert len(found) > 10 * len(DEATHS + TROUBLES)
