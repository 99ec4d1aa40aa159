"""A closed referral is opened again: same reference, next generation, where it was."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.directory import people
from chalicelib.referral.model import Referral
from chalicelib.referral.reopen import may_reopen, reopen
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.stage_change import REOPEN_DAYS
from chalicelib.workflow.storage import store
from infra import answers
from tests import episode

from .lifecycle import LifecycleHarness, Story, act, at

DAY = 86400
AFTER = ("survey", "follow_up_rest", "follow_up")


def reopened(story: Story, command: str = "o:1", actor: str = "provider") -> Story:
    reopen(story.reference, "need_again", actor, command, story.harness.world.at)
    story.harness.settle()
    return story


@pytest.mark.promise("reopen-with-history")
@pytest.mark.parametrize("moment", AFTER)
def test_after_delivery_it_goes_to_the_match_and_the_follow_up_ends(
    harness: LifecycleHarness, moment: str
) -> None:
    story = at(harness, moment)
    before, sent = story.state, len(harness.world.mails)
    reopened(story)
    state = story.state
    assert state.open and state.generation == before.generation + 1
    assert (state.closure, state.closed, state.stage) == ("", None, "match")
    assert story.run("follow_up", 1).status == "SUCCEEDED"
    assert story.run("follow_up", 1).where == "Followed up"
    assert state.previous == before.consultant and story.asks == "offer"
    assert state.consultant == before.consultant, "who knows them is asked first"
    told = [m.subject for m in harness.world.mails[sent:] if m.to == "ana@example.org"]
    assert len(told) == 1 and "open again" in told[0]
    assert same_story(fold(Referral, story.reference, store.log(state)), state)
    again = story.state.version
    reopened(story)
    assert story.state.version == again, "a second press changes nothing"


@pytest.mark.promise("ended-stays-ended")
def test_a_reopened_referral_plans_anew_and_closes_again(harness: LifecycleHarness) -> None:
    story = reopened(at(harness, "survey"))
    story.says(decision="accept")
    assert story.asks == "first_contact"
    found = next(m for m in harness.world.mails[::-1] if m.to == "ana@example.org")
    assert found.subject.startswith("Your consultant will go on with you")
    assert "We found" not in found.text and "you make a plan" not in found.text
    talked = answers.TALKED | {"day": answers.day(harness.world.at, 0), "planned": 8}
    story.says(**talked)
    assert story.asks == "plan", "the agreement stands, the plan is made anew"
    plan = answers.PLAN | {"planned": 6, "first_day": answers.day(harness.world.at, 7)}
    story.says(**plan)
    story.says(decision="agreed")
    assert story.asks == "service" and story.state.sessions is not None
    assert story.state.sessions.held == 4, "what was held stays counted"
    episode.hold(harness.world, story.reference, **answers.LAST)
    harness.settle()
    assert story.asks == "summary"
    story.says(**answers.SUMMED_UP)
    assert story.run().where == "Closed" and story.asks == "survey"
    holders = [c["id"] for c in people.consultants() if story.reference in c.get("held", [])]
    assert holders == [], "capacity comes back exactly once"
    assert same_story(fold(Referral, story.reference, store.log(story.state)), story.state)


def test_a_withdrawn_request_goes_back_to_where_it_was(harness: LifecycleHarness) -> None:
    early = reopened(harness.submit(outside_scope=["therapy"]).withdraws())
    assert early.asks == "eligibility_confirmation"
    triaged = reopened(at(harness, "offer").withdraws(), "o:2", "staff:sofia-south")
    assert triaged.asks == "triage" and triaged.state.previous == ""
    assert store.log(triaged.state)[-1].version > 3


@pytest.mark.promise("reopen-with-history", "ended-stays-ended")
def test_after_ninety_days_the_end_stays_the_end(harness: LifecycleHarness) -> None:
    story = at(harness, "follow_up")
    closed = story.state.closed
    assert closed is not None
    harness.world.at = closed + REOPEN_DAYS * DAY
    assert may_reopen(story.state, harness.world.at)
    harness.world.at += 1
    assert not may_reopen(story.state, harness.world.at)
    v = story.state.version
    assert reopened(story).state.version == v and not story.state.open


ENDS: dict[str, tuple[str, str]] = {
    "provider_withdrew": ("withdrawn", "Withdrawn by the provider"),
    "unresponsive_after_3_attempts": ("unresponsive", "Provider could not be reached"),
    "transferred_tier": ("closed", "Closed early"),
    "transferred_local_program": ("redirected_local", "Ended with another place to go"),
    "site_closed": ("cannot_be_served", "Cannot be served"),
    "out_of_scope_discovered": ("out_of_scope", "Ended with another place to go"),
    "safety_concern": ("cannot_be_served", "Cannot be served"),
    "duplicate": ("redirected_local", "Ended with another place to go"),
}


@pytest.mark.promise("named-ends")
@pytest.mark.parametrize("closure", ENDS)
def test_every_early_ending_has_its_own_status_and_named_end(
    harness: LifecycleHarness, closure: str
) -> None:
    status, end = ENDS[closure]
    story = at(harness, "summary")
    raw: dict[str, Any] = answers.SUMMED_UP | {"closure": closure}
    story.says(**raw)
    state = story.state
    assert (state.status, state.closure, story.run().where) == (status, closure, end)
    assert story.run().status == "SUCCEEDED" and not state.open
    assert (story.asks == "survey") == (closure == "transferred_tier")


@pytest.mark.promise("follow-up-measured")
def test_the_whole_follow_up_keeps_both_answers(harness: LifecycleHarness) -> None:
    story = at(harness, "late_follow_up")
    act(story)
    assert story.run("follow_up").where == "Followed up"
    assert episode.told(harness.world, story.reference, "follow_up")["going"] == "better"
    assert episode.told(harness.world, story.reference, "late_follow_up")["going"] == "same"
    assert (story.state.status, story.state.stage) == ("followed_up", "closed")
