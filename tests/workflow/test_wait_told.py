"""Whoever waits for a consultant is told how long it usually takes, and how many are before them."""

from __future__ import annotations

import pytest

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import put
from chalicelib.referral.status.view import view
from chalicelib.referral.waits import kept, told
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.storage import store
from tests.workflow.lifecycle import LifecycleHarness, Story, at
from tests.workflow.test_lifecycle import chosen
from tests.workflow.test_waitlist import fill, frees, minute, waiting

pytestmark = pytest.mark.promise("wait-told-honestly")
DAY = 86400


def said(story: Story) -> list[tuple[str, dict[str, int]]]:
    seen = view(story.state, store.log(story.state), story.harness.world.at, lambda who: who)
    return [(one.words, one.values) for one in seen.wait]


def known(**usual: list[int]) -> None:
    dynamodb.write(
        put(kept._NOW, {"again": 0, "usual": {k.replace("_", "|"): v for k, v in usual.items()}})
    )


def test_who_waits_reads_what_is_usual_in_the_region_and_how_many_are_before(
    harness: LifecycleHarness,
) -> None:
    fill(harness.world)
    known(intensive_I=[6, 9, 12], intensive_=[3, 20, 40])
    first, second = waiting(harness), waiting(harness, at=60)
    third = waiting(harness, at=60)
    usual = (told.REGION, {"low": 6, "high": 9})
    assert said(first) == [usual, (told.NOBODY, {"n": 0}), (told.URGENT, {})]
    assert said(second)[1] == (told.ONE, {"n": 1}) and said(third)[1] == (told.MANY, {"n": 2})
    # The line is the real one: who was before leaves it, and a place counts in one's own region alone.
    frees(harness)
    assert first.asks == "offer" and said(third)[1] == (told.ONE, {"n": 1})
    assert said(first) == [usual], "whoever was asked about is in no line"
    elsewhere = third.state.model_copy(update={"county": "shasta"})
    assert told.told(elsewhere, [], harness.world.at)[1].words == told.NOBODY


def test_a_region_of_which_too_little_is_known_is_told_of_california_else_that_nobody_knows(
    harness: LifecycleHarness,
) -> None:
    fill(harness.world)
    story = waiting(harness)
    assert said(story)[0] == (told.UNKNOWN, {})
    known(intensive_=[3, 20, 40])
    assert said(story)[0] == (told.STATE, {"low": 3, "high": 20})
    known(intensive_=[4, 4, 10])
    assert said(story)[0][0] == told.STATE_ABOUT
    harness.world.at += 10 * DAY
    assert said(story)[1][0] == told.LONGER


def test_the_daily_look_keeps_each_wait_once_and_says_what_is_usual(
    harness: LifecycleHarness,
) -> None:
    fill(harness.world)
    story = waiting(harness)
    kept.look(harness.world.at)
    assert kept.history() == [], "a wait that goes on is none yet"
    harness.world.at += 2 * DAY
    minute(harness)
    frees(harness)
    assert story.asks == "offer"
    story.says(decision="accept")
    decided, matched = (
        next(e.at for e in store.log(story.state) if e.changes.get("status") == status)
        for status in ("tier_assigned", "matched")
    )
    kept.look(harness.world.at)
    (wait,) = kept.history()
    assert (wait.tier, wait.county, wait.since, wait.at) == (
        "intensive",
        "los_angeles",
        decided,
        matched,
    )
    assert wait.days == 3, "two whole days, and one that has begun"
    reads: list[str] = []
    harness.world.monkeypatch.setattr(
        kept.store, "log", lambda state: reads.append(state.reference) or []
    )
    kept.look(harness.world.at + DAY)
    assert reads == [] and kept.history() == [wait]


def test_a_wait_on_hold_does_not_count_and_ten_make_a_range(harness: LifecycleHarness) -> None:
    at = harness.world.at
    waits = {
        f"AAAA-AAA{n}": ["intensive", "los_angeles", at - 30 * DAY, at - DAY, n]
        for n in range(1, 11)
    }
    dynamodb.write(put(kept.Key(kept.PK, "DAY#2026-01-01"), {"waits": waits}))
    kept.look(at)
    found = kept.usual("intensive", "los_angeles")
    assert found is not None and (found.low, found.high, found.area) == (5, 8, "I")
    elsewhere = kept.usual("intensive", "shasta")
    assert elsewhere is not None and elsewhere.area == ""
    assert kept.usual("emergency", "los_angeles") is None


def test_a_wait_begins_anew_when_a_lighter_support_was_not_enough(
    harness: LifecycleHarness,
) -> None:
    asked = at(harness, "triage")
    fill(harness.world)
    known(intensive_I=[1, 2, 12])
    story = chosen(asked, "targeted").falls_silent()
    story.says(decision="not_helped").triaged()
    assert (story.asks, story.state.tier) == ("waitlist", "intensive")
    assert told.LONGER not in [words for words, _ in said(story)], "they have waited since today"
    frees(harness)
    story.says(decision="accept")
    wait = kept.wait_of("intensive", "los_angeles", store.log(story.state))
    assert wait is not None and wait.days == 1


def test_a_pause_that_gets_longer_is_on_hold_from_its_first_day() -> None:
    held = {"status": "tier_assigned", "reason": "fire", "since": 0, "until": 9 * DAY}
    changes: list[tuple[int, dict[str, object]]] = [
        (0, {"status": "tier_assigned"}),
        (DAY, {"status": "disaster_pause", "pause": held}),
        (5 * DAY, {"pause": held}),
        (8 * DAY, {"status": "tier_assigned", "pause": None}),
    ]
    entries = [
        Entry(event="x", at=DAY + moment, actor="clock", command="", changes=change)
        for moment, change in changes
    ]
    assert kept.begun(entries) == (DAY, 7 * DAY)
