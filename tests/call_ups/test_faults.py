"""Whatever breaks, a call-up keeps the promises that a referral keeps, and has no more people than places."""

from __future__ import annotations

import pytest

from tests.faults.harness import FaultHarness
from tests.faults.single_faults import DEATHS, breaks
from tests.faults.stories import play


@pytest.mark.promise("call-up-places")
def test_four_stories_of_call_ups_violate_no_invariant(calls: FaultHarness) -> None:
    wrong = play(calls, 4)
    assert not wrong, wrong


def test_any_call_of_a_yes_may_die(calls: FaultHarness) -> None:
    found = list(breaks(calls, "call_up", DEATHS[:1]))
    assert [f"{where}: {what}" for where, what in found if what] == []
    assert len(found) > 10
