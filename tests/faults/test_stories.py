"""Random stories: whatever is done and whatever breaks, no invariant is violated.

A few here; ten thousand in the long run. A violation prints the shortest story that shows it.
"""

from __future__ import annotations

import pytest

from . import stories
from .harness import FaultHarness
from .invariants import InvariantChecker, Violation
from .stories import play


@pytest.mark.promise(
    "one-referral-one-run",
    "log-tells-state",
    "one-open-offer",
    "answer-once",
    "one-letter-per-reason",
    "looking-writes-nothing",
    "see-only-what-you-may",
    "always-wakes-up",
    "ended-stays-ended",
    "every-change-recorded",
    "places-match-work",
    "bounded-sizes",
    "restart-from-table",
    "times-are-instants",
    "text-kept-or-refused",
    "refuse-when-in-doubt",
)
def test_forty_stories_violate_no_invariant(harness: FaultHarness) -> None:
    wrong = play(harness, 40)
    assert not wrong, wrong


ACT = "state.act("


def test_a_story_that_violates_something_shrinks_to_what_it_needs(
    harness: FaultHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody_may_withdraw(self: InvariantChecker) -> None:
        for reference in self.references():
            if self.harness.world.state(reference).status == "withdrawn":
                raise Violation("ended-stays-ended")

    # Nothing else is looked at: how a story shrinks does not depend on it.
    monkeypatch.setattr(InvariantChecker, "check", nobody_may_withdraw)
    monkeypatch.setattr(stories.Story, "teardown", lambda self: None)
    # A story as long as a story may be shrinks less well: the shorter of two is looked at.
    told = min((play(harness, 200, first) for first in (1, 2)), key=lambda one: one.count(ACT))
    assert told.startswith("Violation: ended-stays-ended") and "reproduce_failure" in told
    assert 1 <= told.count(ACT) <= 3
    # Which acts lie near one another changes with each new one: a fault may stay where an act fell with it.
    assert told.count("faults={}, later=0") >= told.count(ACT) - 1


def test_the_checker_sees_what_is_wrong(harness: FaultHarness) -> None:
    story = harness.at("offer")
    rows = harness.world.fake_table.items[f"R#{story.reference}"]
    checker = InvariantChecker(harness)
    checker.at_rest()
    whole = dict(rows)
    spoilt = {
        "log-tells-state": whole | {"REFERRAL": whole["REFERRAL"] | {"tier": "universal"}},
        "always-wakes-up": whole
        | {"REFERRAL": {k: v for k, v in whole["REFERRAL"].items() if k != "wake_at"}},
        "every-change-recorded": whole
        | {"LOG#000002": whole["LOG#000002"] | {"reason": "another"}},
        "bounded-sizes": whole | {"PLAN": {"pk": "x", "sk": "PLAN", "text": "x" * 200_000}},
    }
    for invariant, changed in spoilt.items():
        harness.world.fake_table.items[f"R#{story.reference}"] = changed
        with pytest.raises(Violation, match=invariant):
            checker.check()
    harness.world.fake_table.items[f"R#{story.reference}"] = whole
    harness.engine._waits.clear()
    with pytest.raises(Violation, match="always-wakes-up"):
        checker.at_rest()
    held = harness.world.fake_table.items["CONSULTANTS"]
    someone = story.state.consultant
    free = {k: v for k, v in held[someone].items() if k != "held"}
    harness.world.fake_table.items["CONSULTANTS"] = held | {someone: free}
    with pytest.raises(Violation, match="places-match-work"):
        checker.check()
