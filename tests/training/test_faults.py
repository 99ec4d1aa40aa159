"""Whatever breaks, a trainee keeps the promises that a referral keeps, and no cohort has more than its seats."""

from __future__ import annotations

import pytest

from tests.faults.harness import FaultHarness
from tests.faults.single_faults import DEATHS, breaks
from tests.faults.stories import play


@pytest.mark.promise("trainee-seats")
def test_four_stories_of_trainees_violate_no_invariant(trainees: FaultHarness) -> None:
    wrong = play(trainees, 4)
    assert not wrong, wrong


def test_any_call_of_a_transfer_may_die(trainees: FaultHarness) -> None:
    found = list(breaks(trainees, "they go to a later cohort", DEATHS[:1]))
    assert [f"{where}: {what}" for where, what in found if what] == []
    assert len(found) > 8
