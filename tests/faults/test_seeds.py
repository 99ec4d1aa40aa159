"""Random stories: whatever is done and whatever breaks, no invariant is violated.

A few here; ten thousand in the long run. A violation prints its seed, which plays it again.
"""

from __future__ import annotations

import pytest

from .invariants import InvariantChecker, Violation
from .stories import Seeds, printed


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
def test_forty_stories_violate_no_invariant(seeds: Seeds) -> None:
    wrong = [told for told in map(seeds.play, range(40)) if told.violation]
    assert not wrong, "\n".join(printed(told) for told in wrong)


def test_a_seed_is_the_same_story_each_time(seeds: Seeds) -> None:
    first = [seeds.play(seed).acts for seed in (3, 4, 5)]
    assert [seeds.play(seed).acts for seed in (3, 4, 5)] == first
    assert first[0] != first[1]


def test_the_checker_sees_what_is_wrong(seeds: Seeds) -> None:
    story = seeds.harness.at("offer")
    rows = seeds.harness.world.fake_table.items[f"R#{story.reference}"]
    checker = InvariantChecker(seeds.harness)
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
        seeds.harness.world.fake_table.items[f"R#{story.reference}"] = changed
        with pytest.raises(Violation, match=invariant):
            checker.check()
    seeds.harness.world.fake_table.items[f"R#{story.reference}"] = whole
    seeds.harness.engine._waits.clear()
    with pytest.raises(Violation, match="always-wakes-up"):
        checker.at_rest()
    held = seeds.harness.world.fake_table.items["CONSULTANTS"]
    someone = story.state.consultant
    free = {k: v for k, v in held[someone].items() if k != "held"}
    seeds.harness.world.fake_table.items["CONSULTANTS"] = held | {someone: free}
    with pytest.raises(Violation, match="places-match-work"):
        checker.check()
