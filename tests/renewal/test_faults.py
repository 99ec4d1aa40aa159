"""Whatever breaks, a renewal keeps the promises that a referral keeps."""

from __future__ import annotations

import pytest

from tests.faults.harness import FaultHarness
from tests.faults.single_faults import DEATHS, breaks
from tests.faults.stories import play


@pytest.mark.promise("renewed-in-time")
def test_four_stories_of_renewals_violate_no_invariant(renewals: FaultHarness) -> None:
    wrong = play(renewals, 4)
    assert not wrong, wrong


def test_any_call_of_a_check_may_die(renewals: FaultHarness) -> None:
    found = list(breaks(renewals, "credential_check", DEATHS[:1]))
    assert [f"{where}: {what}" for where, what in found if what] == []
    assert len(found) > 6
