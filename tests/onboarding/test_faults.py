"""Whatever breaks, an onboarding keeps the promises that a referral keeps, and makes one row of the directory."""

from __future__ import annotations

import pytest

from tests.faults.harness import FaultHarness
from tests.faults.single_faults import DEATHS, breaks
from tests.faults.stories import play


@pytest.mark.promise("onboarded-once")
def test_six_stories_of_onboardings_violate_no_invariant(onboardings: FaultHarness) -> None:
    wrong = play(onboardings, 6)
    assert not wrong, wrong


@pytest.mark.promise("onboarded-once")
def test_any_call_of_an_approval_may_die(onboardings: FaultHarness) -> None:
    found = list(breaks(onboardings, "onboarding_approval", DEATHS[:1]))
    assert [f"{where}: {what}" for where, what in found if what] == []
    assert len(found) > 8
