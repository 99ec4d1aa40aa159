"""A decision against the rules: its reason in a code and a sentence, and a second person."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.aws.settings import settings
from chalicelib.console import timeline
from chalicelib.console.take_over import open_to, take
from chalicelib.domain.errors import Invalid
from chalicelib.referral import second_review
from chalicelib.web.forms import clean
from chalicelib.web.staff_auth import Staff
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage import store

from .lifecycle import LifecycleHarness, Story, at
from .test_lifecycle import UNFIT, chosen

AGREED = {"decision": "approve"}
NOT_AGREED = {"decision": "refuse", "note": "Please talk with them once more first."}
GO_ON = {
    "decision": "eligible",
    "override_reason": "in_scope_part",
    "override_text": "They also ask about the classroom.",
}


@pytest.fixture
def second_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Network wants a second person."""
    monkeypatch.setenv("SECOND_PERSON", "on")
    settings.cache_clear()


def staff(who: str, role: str = "specialist") -> Staff:
    return Staff(who, who, role, "session")


def told(story: Story) -> list[timeline.Line]:
    log = store.log(story.state)
    return timeline.lines(log, [], story.harness.world.at, "en")


@pytest.mark.promise("override-needs-reason")
@pytest.mark.parametrize("typed", ["", "because", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "a b c d"])
def test_a_tier_is_not_overridden_without_a_real_sentence(
    harness: LifecycleHarness, typed: str
) -> None:
    story = at(harness, "triage")
    raw = {"talked": ["phone"], "decision": ["change"], "tier": ["universal"],
           "priority": ["routine"], "override_text": [typed]}  # fmt: skip
    errors = clean(kind_of("triage").page.form(story.state), raw, "en").errors
    assert set(errors) == {"override_reason", "override_text"}


@pytest.mark.promise("override-needs-reason")
def test_eligibility_is_not_overridden_without_a_real_sentence(harness: LifecycleHarness) -> None:
    story = harness.submit(**UNFIT)
    raw = {"decision": ["eligible"], "override_text": ["go on"]}
    errors = clean(kind_of(story.asks).page.form(story.state), raw, "en").errors
    assert set(errors) == {"override_reason", "override_text"}


@pytest.mark.promise("override-needs-reason")
def test_by_default_one_person_decides_and_the_reason_is_kept(harness: LifecycleHarness) -> None:
    story = chosen(at(harness, "triage"), "universal")
    assert story.asks == "check_in_rest"
    line = next(one for one in told(story) if one.cause == "I learned more in the call")
    assert line.note == "They told us more on the phone."


@pytest.mark.promise("override-needs-reason")
@pytest.mark.parametrize(
    ("tier", "then"),
    [
        ("universal", "check_in_rest"),
        ("targeted", "check_in_rest"),
        ("emergency", "offer"),
    ],
)
def test_a_changed_tier_waits_for_a_second_person_who_agrees(
    harness: LifecycleHarness, second_person: None, tier: str, then: str
) -> None:
    story = at(harness, "triage")
    before = story.state
    chosen(story, tier)
    assert story.asks == "tier_review"
    state, task = story.state, story.state.task
    assert (state.tier, state.status) == (before.tier, "in_triage"), "nothing is changed yet"
    assert task is not None and task.assignee == "nina-north" != before.specialist
    assert story.mails_to("nina-north@example.org")[-1].startswith("Please look at a colleague")
    story.says(**AGREED)
    assert story.asks == then and story.state.tier == tier
    agreed = next(one for one in told(story) if "agreed with" in one.text)
    assert agreed.text.startswith("Nina North agreed with Sofia South:")
    assert agreed.cause == "I learned more in the call"


@pytest.mark.promise("override-needs-reason")
def test_a_confirmed_proposal_needs_nobody_else(
    harness: LifecycleHarness, second_person: None
) -> None:
    assert at(harness, "triage").triaged().asks == "offer"


@pytest.mark.promise("override-needs-reason")
def test_what_the_second_person_refuses_goes_back_with_the_note(
    harness: LifecycleHarness, second_person: None
) -> None:
    story = chosen(at(harness, "triage"), "universal").says(**NOT_AGREED)
    state = story.state
    assert story.asks == "triage" and state.task is not None
    assert state.task.assignee == "sofia-south"
    assert kind_of("triage").page.details(state)["refused"] == NOT_AGREED["note"]
    assert any("Nina North did not agree with Sofia South" in one.text for one in told(story))
    chosen(story, "targeted")
    assert story.asks == "tier_review"
    story.says(**AGREED)
    assert (story.asks, story.state.tier) == ("check_in_rest", "targeted")


@pytest.mark.promise("override-needs-reason")
def test_a_request_that_goes_on_against_the_rules_waits_for_a_second_person(
    harness: LifecycleHarness, second_person: None
) -> None:
    story = harness.submit(**UNFIT).says(**GO_ON)
    assert story.asks == "eligibility_review"
    shown = kind_of("eligibility_review").page.details(story.state)["override"]
    assert shown == {
        "who": "Sofia South",
        "reason": "Part of the request is something we do",
        "text": GO_ON["override_text"],
    }
    story.says(**NOT_AGREED)
    assert story.asks == "eligibility_confirmation"
    details = kind_of(story.asks).page.details(story.state)
    assert details["refused"] == NOT_AGREED["note"]
    story.says(**GO_ON)
    story.says(**AGREED)
    assert story.asks == "triage" and story.run("eligibility").output == {"verdict": "eligible"}


@pytest.mark.promise("override-needs-reason")
def test_nobody_is_the_second_person_to_their_own_decision(
    harness: LifecycleHarness, second_person: None
) -> None:
    story = chosen(at(harness, "triage"), "universal")
    task, when = story.state.task, harness.world.at
    assert task is not None
    assert not open_to(task, staff("sofia-south"), when)
    assert open_to(task, staff("sam-lead", "supervisor"), when)
    assert take(story.reference, task.number, staff("sofia-south"), "take 1") == ""
    assert story.state.task == task
    assert take(story.reference, task.number, staff("sam-lead", "supervisor"), "take 2")
    state = story.state
    assert state.task is not None and state.task.assignee == "sam-lead"
    assert not open_to(state.task, staff("sofia-south"), when), "also after somebody took it over"
    mine = state.model_copy(
        update={"task": state.task.model_copy(update={"assignee": "sofia-south"})}
    )
    with pytest.raises(Invalid):
        kind_of("tier_review").decide(mine, {"decision": "approve"}, when)


@pytest.mark.promise("override-needs-reason")
def test_who_took_the_first_task_over_is_its_author(
    harness: LifecycleHarness, second_person: None
) -> None:
    story = at(harness, "triage")
    task = story.state.task
    assert task is not None
    take(story.reference, task.number, staff("nina-north"), "take 3")
    chosen(story, "universal")
    state = story.state
    assert state.task is not None and state.task.assignee == "sofia-south"
    assert state.task.about == {"never": ["nina-north"]}


@pytest.mark.parametrize("kind", ["tier_review", "eligibility_review"])
def test_a_second_person_who_is_silent_leaves_it_to_whoever_repairs(
    harness: LifecycleHarness, second_person: None, kind: str
) -> None:
    if kind == "tier_review":
        story = chosen(at(harness, "triage"), "universal")
    else:
        story = harness.submit(**UNFIT).says(**GO_ON)
    story.falls_silent()
    assert story.asks == "repair"
    story.says(decision="restart")
    assert story.asks == kind, "the first answer still stands"
    story.says(**AGREED)
    assert story.asks in ("check_in_rest", "triage")


@pytest.mark.parametrize("step", ["ask_tier_review", "ask_eligibility_review"])
def test_a_broken_question_to_a_second_person_asks_who_repairs(
    harness: LifecycleHarness, second_person: None, step: str
) -> None:
    harness.fail_step(step)
    if step == "ask_tier_review":
        story = chosen(at(harness, "triage"), "universal")
    else:
        story = harness.submit(**UNFIT).says(**GO_ON)
    assert story.asks == "repair"
    assert story.says(decision="restart").asks.endswith("_review")


@pytest.mark.promise("provider-withdraws")
@pytest.mark.parametrize("kind", ["tier_review", "eligibility_review"])
def test_a_withdrawal_while_a_second_person_looks(
    harness: LifecycleHarness, second_person: None, kind: str
) -> None:
    if kind == "tier_review":
        story = chosen(at(harness, "triage"), "universal")
    else:
        story = harness.submit(**UNFIT).says(**GO_ON)
    story.withdraws()
    assert story.run().where == "Withdrawn by the provider" and not harness.engine.waiting()


def test_where_nobody_else_works_the_one_who_repairs_is_asked(
    harness: LifecycleHarness, second_person: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone: list[dict[str, Any]] = [
        {"id": "sofia-south", "role": "specialist", "name": "Sofia South"},
        {"id": "gone", "role": "supervisor", "active": False},
    ]
    monkeypatch.setattr(second_review.people, "staff", lambda: alone)
    story = chosen(at(harness, "triage"), "universal")
    assert story.asks == "repair"


@pytest.mark.promise("settings-missing")
def test_a_misspelt_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECOND_PERSON", "maybe")
    settings.cache_clear()
    with pytest.raises(RuntimeError, match="SECOND_PERSON"):
        settings()
    settings.cache_clear()
