"""Whatever breaks, a practicum keeps the promises that a referral keeps, and no hours count twice."""

from __future__ import annotations

import pytest

from tests.faults.harness import FaultHarness
from tests.faults.single_faults import DEATHS, breaks
from tests.faults.stories import play


@pytest.mark.promise("practicum-hours")
def test_four_stories_of_practicums_violate_no_invariant(practicums: FaultHarness) -> None:
    wrong = play(practicums, 4)
    assert not wrong, wrong


def test_any_call_of_an_entry_of_hours_may_die(practicums: FaultHarness) -> None:
    found = list(breaks(practicums, "hours are logged", DEATHS[:1]))
    assert [f"{where}: {what}" for where, what in found if what] == []
    assert len(found) > 8
