"""First contact, agreement, plan and the provider's yes, as tables of cases and as a walk."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.referral.delivery import agreement, first_contact, plan, session_times
from chalicelib.referral.model import Referral, Sessions
from chalicelib.referral.rows import plan_rows
from chalicelib.web.forms import clean
from chalicelib.workflow.effects import SendLetter, letters
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage import store
from infra.answers import AGREED, PLAN, TALKED, day
from tests.episode import fill, in_service, planned, post, record, talked, told
from tests.world import World

NOW = session_times.instant("2026-05-06", "12:00")
DONE = {"first_contact": "reached", "agreement": "agreed", "plan": "planned"}


def a_referral(**values: Any) -> Referral:
    base: dict[str, Any] = {
        "reference": "0QXP-0SBS-4",
        "version": 9,
        "stage": "delivery",
        "status": "matched",
        "setting": "center",
        "consultant": "c-1",
        "submitted": NOW - 10 * 86400,
    }
    return Referral.model_validate(base | values)


def refused(kind: str, state: Referral, **raw: Any) -> set[str]:
    posted = {name: [str(value)] for name, value in raw.items()}
    return set(clean(kind_of(kind).page.form(state), posted, "en").errors)


def test_a_talk_is_recorded_with_what_was_agreed() -> None:
    values = fill(a_referral(), "first_contact", day="2026-05-05", **TALKED)
    outcome = first_contact.decide(a_referral(), values, NOW)
    assert (outcome.verdict, outcome.stays, outcome.final) == ("reached", False, True)
    assert outcome.changes["status"] == "first_contact_made"
    assert outcome.changes["sessions"] == Sessions(planned=6, mode="virtual")


def test_a_try_that_reached_nobody_is_written_down_and_the_task_stays(world: World) -> None:
    reference = world.matched()
    world.step("ask_first_contact", reference)
    state = world.state(reference)
    values = fill(state, "first_contact", talked="sent_text", note="No reply")
    outcome = kind_of("first_contact").decide(state, values, world.at)
    assert (outcome.verdict, outcome.stays, set(outcome.changes)) == (
        "message_sent",
        True,
        {"task"},
    )
    assert outcome.payload == {"how": "text", "note": "No reply", "note_for": "private"}
    assert [letter.letter for letter in letters(outcome.effects)] == ["delivery/tried"]


@pytest.mark.parametrize("count", [3, 13, 0])
def test_fewer_than_four_or_more_than_twelve_sessions_are_refused(count: int) -> None:
    raw = TALKED | {"planned": count, "day": "2026-05-05"}
    assert refused("first_contact", a_referral(), **raw) == {"planned"}


@pytest.mark.parametrize("when", ["2026-05-07", "2026-04-01"])
def test_a_talk_cannot_be_in_the_future_or_before_the_request(when: str) -> None:
    values = fill(a_referral(), "first_contact", day=when, **TALKED)
    with pytest.raises(Invalid) as error:
        first_contact.decide(a_referral(), values, NOW)
    assert set(error.value.errors) == {"day"}


@pytest.mark.promise("ffn-online-only")
@pytest.mark.parametrize("kind", ["first_contact", "plan"])
def test_family_friend_and_neighbor_care_is_served_online_only(kind: str) -> None:
    field = next(
        f for f in kind_of(kind).page.form(a_referral(setting="ffn")).fields if f.name == "mode"
    )
    assert [option[0] for option in field.options] == ["virtual"]


def test_a_signature_keeps_the_name_and_the_version_of_the_text(
    world: World,
) -> None:
    outcome = agreement.decide(a_referral(), fill(a_referral(), "agreement", **AGREED), NOW)
    assert outcome.verdict == "agreed"
    assert outcome.changes == {"status": "agreement_signed"}
    assert outcome.payload == {
        "consent_type": "service_agreement",
        "text": agreement.VERSION,
        "signed_name": "Ana Demo",
    }


def test_agreeing_needs_a_name(
    world: World,
) -> None:
    assert refused("agreement", a_referral(), decision="agreed") == {"signed_name"}


def test_a_changed_agreement_needs_a_new_version() -> None:
    text = "".join(heading + "".join(words) for heading, words in agreement.SECTIONS)
    signed = {"agreement-1": "362982fff321"}
    assert signed[agreement.VERSION] == hashlib.sha256(text.encode()).hexdigest()[:12]


@pytest.mark.promise("notes-stay-private")
def test_a_wish_to_talk_tells_the_consultant_and_mails_no_word_of_it(
    world: World,
) -> None:
    values = fill(a_referral(), "agreement", decision="talk_wanted", question="Evenings?")
    outcome = agreement.decide(a_referral(), values, NOW)
    assert outcome.stays and outcome.payload == {"question": "Evenings?"}
    assert outcome.effects == [
        SendLetter(letter="delivery/agreement_question", to="consultant:c-1")
    ]


@pytest.mark.promise("plan-agreed")
def test_a_plan_sets_the_sessions_and_is_kept_in_the_same_write() -> None:
    values = fill(a_referral(), "plan", first_day="2026-05-12", **PLAN)
    outcome = plan.decide(a_referral(), values, NOW)
    start = session_times.instant("2026-05-12", "10:00")
    assert outcome.changes["sessions"] == Sessions(
        planned=6, next=start, mode="onsite", minutes=60, every=7
    )
    assert [g["text"] for g in outcome.payload["plan"]["goals"]] == [
        "Calm mornings",
        "Talk with families",
    ]
    assert outcome.same_transaction[0].key.sk == "PLAN"


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"goal_1": ""}, {"goal_1"}),
        ({"doing_2": ""}, {"doing_2"}),
        ({"goal_1": "x" * 301}, {"goal_1"}),
        ({"planned": 13}, {"planned"}),
        ({"minutes": 61}, {"minutes"}),
        ({"first_day": "tomorrow"}, {"first_day"}),
    ],
)
def test_a_plan_says_which_answer_is_wrong(change: dict[str, Any], wrong: set[str]) -> None:
    assert refused("plan", a_referral(), **(PLAN | {"first_day": "2026-05-12"} | change)) == wrong


@pytest.mark.parametrize("when", ["2026-05-06", "2026-05-01", "2027-05-01"])
def test_the_first_session_is_still_to_come(when: str) -> None:
    with pytest.raises(Invalid):
        plan.decide(a_referral(), fill(a_referral(), "plan", first_day=when, **PLAN), NOW)


@pytest.mark.promise("restart-from-table")
@pytest.mark.parametrize("over", ["changes", "silence"])
def test_changes_or_silence_send_the_plan_back_for_a_restarted_run_too(over: str) -> None:
    state = a_referral(done=DONE)
    if over == "changes":
        values = fill(state, "plan_agreement", decision="changes_asked", wish="Only mornings")
        outcome = plan.decide_agreement(state, values, NOW)
    else:
        outcome = plan.expire_agreement(state, NOW)
    assert not outcome.final
    assert outcome.changes["done"] == {"first_contact": "reached", "agreement": "agreed"}


def test_asking_for_changes_needs_to_say_which() -> None:
    assert refused("plan_agreement", a_referral(), decision="changes_asked") == {"wish"}


def test_agreement_begins_the_service() -> None:
    sessions = Sessions(planned=6, next=NOW + 86400, mode="onsite", minutes=60)
    outcome = plan.decide_agreement(a_referral(sessions=sessions), {"decision": "agreed"}, NOW)
    assert (outcome.verdict, outcome.changes) == ("agreed", {"status": "in_service"})


def test_the_way_from_accepting_to_the_first_session(world: World) -> None:
    reference = in_service(world)
    state = world.state(reference)
    assert (state.status, state.task.kind if state.task else "") == ("in_service", "service")
    world.relay()
    invitation = next(m for m in world.mails if m.file is not None)
    assert invitation.to == "ana@example.org"
    assert invitation.file.content.count("BEGIN:VEVENT") == 6
    assert all(f"UID:{reference}-{n}@" in invitation.file.content for n in range(1, 7))
    found = record(world, reference)
    assert found.agreement and found.agreement.name == "Ana Demo"
    assert found.agreed_plan and len(found.agreed_plan.goals) == 2
    assert told(world, reference, "first_contact")["note"] == "Went well"


def test_the_first_contact_can_take_three_tries(world: World) -> None:
    reference = world.matched()
    world.step("ask_first_contact", reference)
    for _ in range(3):
        world.at += 3600
        post(world, reference, talked="no_answer")
    task = world.state(reference).task
    assert task is not None and task.kind == "first_contact"
    assert len(record(world, reference).attempts) == 3
    world.relay()
    assert "not_reached" not in [verdict for _, verdict in world.said]


@pytest.mark.promise("plan-agreed")
def test_a_plan_is_changed_until_the_provider_agrees_and_every_version_is_kept(
    world: World,
) -> None:
    reference = planned(world)
    post(world, reference, decision="changes_asked", wish="Only in the mornings, please")
    assert world.step("ask_plan", reference) == "asked"
    world.relay()
    again = world.mails[-1]
    assert "changes" in again.text and "mornings, please" not in again.text
    state = world.state(reference)
    assert plan.known(state)["goal_2"] == "Talk with families"
    assert plan.details(state)["plan"].wish == "Only in the mornings, please"
    post(world, reference, **(PLAN | {"goal_2": "", "doing_2": ""}), first_day=day(world.at, 9))
    world.step("ask_plan_agreement", reference)
    post(world, reference, decision="agreed")
    found = record(world, reference)
    assert [(p.version, len(p.goals), bool(p.agreed)) for p in found.plans] == [
        (1, 2, False),
        (2, 1, True),
    ]
    assert [len(p.goals) for p in plan_rows.versions(reference)] == [2, 1]


def test_a_silent_provider_brings_the_plan_back_with_word_of_it(world: World) -> None:
    from chalicelib.workflow.scheduler import look

    reference = planned(world)
    task = world.state(reference).task
    assert task is not None
    world.at = task.expires
    look(reference, world.at)
    assert world.state(reference).task is None
    assert world.step("ask_plan", reference) == "asked"
    assert store.log(world.state(reference))[-1].payload == {"again": "expired"}
    assert plan.details(world.state(reference))["silent"]


def test_the_question_before_signing_is_shown_where_the_plan_is_written(world: World) -> None:
    reference = talked(world)
    world.step("ask_agreement", reference)
    post(world, reference, decision="talk_wanted", question="Can you come in the evening?")
    task = world.state(reference).task
    assert task is not None and task.kind == "agreement"
    post(world, reference, **AGREED)
    world.step("ask_plan", reference)
    assert plan.details(world.state(reference))["questions"] == ["Can you come in the evening?"]
    world.relay()
    assert not any("in the evening" in m.text + m.html for m in world.mails)
