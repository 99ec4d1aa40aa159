"""Facts are missing: the provider is asked for them alone, and the clock stands still."""

from __future__ import annotations

import pytest

from chalicelib.mail.delivery_reports import record
from chalicelib.referral import information_request
from chalicelib.referral.model import Referral
from chalicelib.referral.rows.request_rows import answers
from chalicelib.referral.status.change import change
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.storage import store
from infra.answers import TRIAGED

from .lifecycle import LifecycleHarness, Story, at

UNSURE = {"requester_role": "teacher", "director_knows": "unsure", "modality": "onsite"}
KNOWN = {"director_knows": "yes", "modality": "onsite", "complete": "yes"}
DAY = 86_400
WHY = "The director was told on the phone."


def asked(harness: LifecycleHarness) -> Story:
    """A teacher whose director does not know yet."""
    story = harness.submit(**UNSURE)
    assert story.asks == "information"
    return story


@pytest.mark.promise("more-information-by-link")
def test_one_mail_asks_only_what_is_missing_and_the_status_says_so(
    harness: LifecycleHarness,
) -> None:
    story = asked(harness)
    state = story.state
    assert state.status == "information_requested" and state.task and state.task.role == "provider"
    assert information_request.of(story.reference)["fields"] == ["director_knows", "modality"]
    assert len(story.mails_to("ana@example.org")) == 2  # the receipt, and this
    assert "questions" in story.mails_to("ana@example.org")[-1]


@pytest.mark.promise("more-information-by-link", "log-tells-state")
def test_the_answer_runs_the_rules_again_by_itself_and_the_time_does_not_count(
    harness: LifecycleHarness,
) -> None:
    story = asked(harness)
    harness.world.at += DAY
    story.says(**KNOWN)
    assert story.asks == "triage" and story.state.status == "in_triage"
    assert story.state.paused == DAY
    assert answers(story.reference).director_knows == "yes"
    run = story.run("eligibility")
    assert run.trail.count("Decide eligibility") == 2
    assert run.where == "Decided by rule" and run.output == {"verdict": "eligible"}
    log = store.log(story.state)
    assert same_story(fold(Referral, story.reference, log), story.state)
    answered = next(e for e in log if e.event == "information_answered")
    assert answered.payload["before"] == {"director_knows": "unsure"}
    assert answered.payload["after"] == {"director_knows": "yes"}
    assert answered.payload["paused"] == DAY


@pytest.mark.promise("more-information-by-link", "bounce-repaired")
@pytest.mark.parametrize("mended", [True, False])
def test_a_dead_address_while_the_provider_is_asked_counts_once(
    harness: LifecycleHarness, mended: bool
) -> None:
    story = asked(harness)
    harness.world.at += DAY
    letter = next(m for m in reversed(harness.world.mails) if m.to == "ana@example.org")
    told = {"tags": {k: [v] for k, v in letter.tags.items()}, "destination": [letter.to]}
    gone = {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": letter.to}]}
    assert record({"eventType": "Bounce", "mail": told, "bounce": gone})
    assert story.state.pause is not None
    harness.world.at += DAY
    if mended:
        change(story.reference, {"contact_email": "ana.new@example.org"}, "am:1")
    assert (story.state.pause is None) == mended
    story.says(**KNOWN)
    assert story.state.pause is None and story.state.paused == 2 * DAY


@pytest.mark.promise("more-information-by-link")
def test_the_same_answer_again_is_not_asked_again_but_goes_to_a_person(
    harness: LifecycleHarness,
) -> None:
    story = asked(harness).says(director_knows="no", modality="onsite", complete="yes")
    assert story.asks == "eligibility_confirmation"
    story.says(decision="eligible", override_reason="in_scope_part", override_text=WHY)
    assert story.asks == "triage"


@pytest.mark.promise("more-information-by-link")
def test_silence_goes_to_the_specialist_with_that_fact(harness: LifecycleHarness) -> None:
    from chalicelib.referral.eligibility.tasks import details

    story = asked(harness).falls_silent()
    assert story.asks == "eligibility_confirmation" and story.state.status == "submitted"
    assert story.state.paused > 0 and details(story.state)["silent"] is True
    assert story.run("eligibility").where == "Ask the specialist to confirm"
    story.says(decision="not_eligible", alternatives="helpline")
    assert story.run().where == "Ended with another place to go"


@pytest.mark.promise("more-information-by-link")
def test_the_specialist_may_ask_for_more_instead_of_a_no(harness: LifecycleHarness) -> None:
    story = harness.submit(outside_scope=["therapy"])
    assert story.asks == "eligibility_confirmation"
    story.says(decision="ask_provider", ask_fields=["outside_scope", "anything_else"])
    assert story.asks == "information"
    story.says(outside_scope="none", anything_else="A misunderstanding", complete="yes")
    assert story.asks == "triage" and story.state.generation == 1
    assert answers(story.reference).anything_else == "A misunderstanding"


@pytest.mark.promise("more-information-by-link")
def test_the_specialist_may_ask_again_after_an_answer(harness: LifecycleHarness) -> None:
    story = harness.submit(outside_scope=["therapy"])
    for _ in range(2):
        story.says(decision="ask_provider", ask_fields=["city"])
        story.says(city="Fresno", complete="yes")
        assert story.asks == "eligibility_confirmation"


@pytest.mark.promise("more-information-by-link")
@pytest.mark.parametrize("proposed", [True, False])
def test_triage_may_send_it_back_for_more_and_comes_again(
    harness: LifecycleHarness, proposed: bool
) -> None:
    story = at(harness, "triage") if proposed else harness.submit(**NO_PROPOSAL)
    assert story.asks == "triage" and bool(story.state.tier) is proposed
    way = {"decision": "ask_provider"} if proposed else {"tier": "ask_provider"}
    story.says(talked="not_yet", ask_fields=["concerns"], **way)
    assert story.asks == "information" and story.state.generation == 2
    assert story.run("referral", 1).where == "A newer run took over"
    story.says(concerns=["inclusion"], complete="yes")
    assert story.asks == "triage" and answers(story.reference).concerns == ("inclusion",)
    story.says(**TRIAGED) if story.state.tier else None


def test_triage_without_a_talk_decides_nothing(harness: LifecycleHarness) -> None:
    from chalicelib.domain.errors import Invalid

    with pytest.raises(Invalid):
        at(harness, "triage").says(talked="not_yet", decision="confirm")


@pytest.mark.promise("restart-from-table")
@pytest.mark.parametrize("after", ["asked", "silent", "asked by staff", "sent back"])
def test_a_restarted_run_stands_where_it_stood(harness: LifecycleHarness, after: str) -> None:
    from chalicelib.workflow.reconciler.restarts import restart

    if after == "asked by staff":
        story = harness.submit(outside_scope=["therapy"])
        story.says(decision="ask_provider", ask_fields=["city"])
    elif after == "sent back":
        story = at(harness, "triage")
        story.says(talked="phone", decision="ask_provider", ask_fields=["city"])
    else:
        story = asked(harness)
    if after == "silent":
        story.falls_silent()
    kind, task = story.asks, story.state.task
    restart(story.state, harness.world.at, "staff:ada-admin", "test")
    harness.settle()
    assert (
        story.asks == kind and story.state.task and task and story.state.task.number == task.number
    )


@pytest.mark.promise("provider-withdraws", "ended-stays-ended")
def test_a_withdrawal_while_questions_are_open(harness: LifecycleHarness) -> None:
    story = asked(harness).withdraws()
    assert story.run().where == "Withdrawn by the provider" and not harness.engine.waiting()


NO_PROPOSAL = {
    "suspension_expulsion_status": "none",
    "behavior_serious": ["none"],
    "concerns": ["specific_development"],
    "support_wanted": ["not_sure"],
    "focus": ["child_family"],
}


def test_a_question_that_cannot_be_asked_is_looked_into_by_a_person(
    harness: LifecycleHarness,
) -> None:
    harness.fail_step("ask_information")
    assert harness.submit(**UNSURE).asks == "repair"


@pytest.mark.promise("answer-taken-back", "more-information-by-link")
@pytest.mark.parametrize("ran", [True, False], ids=["the run went on", "at once"])
def test_questions_that_a_specialist_takes_back_are_not_asked_later(
    harness: LifecycleHarness, ran: bool
) -> None:
    from chalicelib.workflow.undo import take_back
    from tests import episode

    story = at(harness, "triage")
    task = story.state.task
    assert task is not None
    ask = {"talked": "phone", "decision": "ask_provider", "ask_fields": ["director_knows"]}
    episode.post(harness.world, story.reference, **ask)
    assert information_request.of(story.reference)["open"]
    if ran:
        harness.settle()
        assert story.asks == "information"
    newest = next(e for e in store.log(story.state)[::-1] if e.event == "triage_answered")
    assert take_back(story.reference, task.number, newest.actor, harness.world.at, "back")
    harness.settle()
    assert story.asks == "triage" and not information_request.of(story.reference)["open"]
    assert story.says(**TRIAGED).asks == "offer"
