"""Whatever breaks, applications keep the promises that a referral keeps, and no cohort has more in it than seats."""

from __future__ import annotations

import pytest

from tests.faults.harness import FaultHarness
from tests.faults.single_faults import DEATHS, breaks
from tests.faults.stories import play


@pytest.mark.promise("application-offers")
def test_two_stories_of_applications_violate_no_invariant(stories: FaultHarness) -> None:
    wrong = play(stories, 2)
    assert not wrong, wrong


def test_any_call_of_what_comes_of_an_answer_may_die(stories: FaultHarness) -> None:
    found = list(breaks(stories, "application_settled", DEATHS[:1]))
    assert [f"{where}: {what}" for where, what in found if what] == []
    assert len(found) > 10
