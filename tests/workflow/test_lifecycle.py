"""The ways a referral can go, told by the people on it; the machines run for real."""

from __future__ import annotations

import json

import pytest

from chalicelib.directory import people
from chalicelib.referral.model import Referral
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.storage import keys, store
from infra import answers
from infra.answers import DECLINED
from tests import episode

from .engine import TOKEN
from .lifecycle import KINDS, LifecycleHarness, Story, act, at, coordinated

AFTER = ("survey", "follow_up_rest", "follow_up", "late_follow_up_rest", "late_follow_up")
UNFIT = {"outside_scope": ["therapy"]}


def places(story: Story) -> list[str]:
    """Who holds a place for this referral."""
    return [c["id"] for c in people.consultants() if story.reference in c.get("held", [])]


def chosen(story: Story, tier: str, **more: str) -> Story:
    """The specialist changes the proposal."""
    story.says(
        talked="phone",
        decision="change",
        tier=tier,
        priority="routine",
        override_reason="learned_in_call",
        override_text="They told us more on the phone.",
        **more,
    )
    return story


def test_a_request_goes_from_the_form_to_followed_up(harness: LifecycleHarness) -> None:
    story = at(harness, "over")
    assert story.run().where == "Closed"
    assert [story.run(m).output for m in ("eligibility", "tiers", "match", "delivery")] == [
        {"verdict": v} for v in ("eligible", "intensive", "accepted", "completed")
    ]
    assert story.run("closure").output == {"verdict": "closed"}
    assert story.run("follow_up").where == "Followed up"
    assert story.state.status == "followed_up" and not story.asks
    assert not harness.engine.waiting()
    assert places(story) == []
    log = store.log(story.state)
    assert same_story(fold(Referral, story.reference, log), story.state)


@pytest.mark.promise("long-task-tokens", "state-row-small")
def test_a_token_of_real_length_stands_in_a_row_of_its_own_and_in_no_other(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "over")
    rows = harness.world.fake_table.items[keys.case_pk(story.reference)]
    token_rows = {sk for sk in rows if sk.startswith(keys.token(story.reference, "").sk)}
    assert len(token_rows) >= 11 and len(TOKEN) > 650
    written = {sk: json.dumps(row, default=str) for sk, row in rows.items()}
    assert {sk for sk, row in written.items() if TOKEN in row} == token_rows
    assert len(written[keys.STATE]) < 2048  # as JSON with its types; some half of that on the table


@pytest.mark.parametrize(
    "decision", ["not_eligible", "redirected_local", "out_of_scope", "duplicate"]
)
def test_a_negative_result_that_a_person_confirms_ends_with_another_place_to_go(
    harness: LifecycleHarness, decision: str
) -> None:
    story = harness.submit(**UNFIT)
    assert story.asks == "eligibility_confirmation"
    story.says(decision=decision, alternatives="helpline")
    assert story.run("eligibility").output == {"verdict": decision}
    assert story.run().where == "Ended with another place to go"
    assert story.state.status in ("not_eligible", "redirected_local", "out_of_scope")
    assert len(story.mails_to("ana@example.org")) == 2


def test_a_person_may_go_on_where_the_rules_said_no(harness: LifecycleHarness) -> None:
    story = harness.submit(**UNFIT)
    story.says(decision="eligible", override_reason="in_scope_part",
               override_text="They also ask about the classroom.")  # fmt: skip
    assert story.asks == "triage"
    assert story.run("eligibility").where == "Decided by a person"


@pytest.mark.promise("step-up-and-down")
@pytest.mark.parametrize(
    ("tier", "end"),
    [("universal", "Universal support given"), ("targeted", "Targeted support given")],
)
def test_a_lighter_tier_goes_on_until_silence_says_that_it_is_enough(
    harness: LifecycleHarness, tier: str, end: str
) -> None:
    story = chosen(at(harness, "triage"), tier)
    assert (story.asks, story.state.status) == ("check_in_rest", "in_service")
    assert len(story.mails_to("ana@example.org")) == 2
    story.falls_silent()
    assert story.asks == "check_in"
    story.falls_silent()
    assert story.run().where == end and story.run("check_in").output == {"verdict": tier}
    assert story.state.status == "closed" and story.state.closure == "transferred_tier"


def test_an_emergency_goes_to_the_match(harness: LifecycleHarness) -> None:
    story = chosen(at(harness, "triage"), "emergency")
    assert story.asks == "offer"


def test_a_consultant_who_declines_makes_room_for_the_next(harness: LifecycleHarness) -> None:
    story = at(harness, "offer")
    first = story.state.consultant
    story.says(**DECLINED)
    assert story.asks == "offer" and story.state.consultant != first
    assert places(story) == [story.state.consultant]
    story.says(decision="accept")
    assert story.asks == "first_contact"


def test_a_silent_consultant_makes_room_for_the_next(harness: LifecycleHarness) -> None:
    story = at(harness, "offer")
    first = story.state.consultant
    story.falls_silent()
    assert story.asks == "offer" and story.state.consultant != first


def test_after_three_misses_the_coordinator_assigns(harness: LifecycleHarness) -> None:
    story = coordinated(harness)
    assert story.state.status == "waitlisted" and places(story) == []
    free = [c for c in people.consultants() if c["id"] not in story.state.declined]
    story.falls_silent()
    assert story.asks == "coordinator"
    story.says(decision="assign", consultant=_first_option(story))
    assert story.asks == "first_contact"
    assert places(story) == [story.state.consultant]
    assert story.state.consultant in {c["id"] for c in free}
    assert story.run("match").output == {"verdict": "assigned"}


def _first_option(story: Story) -> str:
    from chalicelib.referral.matching.tasks import coordinator_form

    fields = {f.name: f for f in coordinator_form(story.state).fields}
    return fields["consultant"].options[0][0]


def test_the_coordinator_may_have_it_offered_again(harness: LifecycleHarness) -> None:
    story = coordinated(harness).says(decision="look_again")
    assert story.asks == "offer" and story.state.declined == []
    story.says(decision="accept")
    assert story.asks == "first_contact"


def test_what_nobody_can_serve_has_its_own_end(harness: LifecycleHarness) -> None:
    story = coordinated(harness).says(decision="cannot_be_served")
    assert story.run().where == "Cannot be served"
    assert story.state.status == "cannot_be_served" and places(story) == []


@pytest.mark.parametrize("kind", ["first_contact", "agreement", "plan", "service", "summary"])
def test_silence_asks_the_same_person_again_with_new_instants(
    harness: LifecycleHarness, kind: str
) -> None:
    story = at(harness, kind)
    before = story.state.task
    story.falls_silent()
    after = story.state.task
    assert before is not None and after is not None
    assert (after.kind, after.assignee) == (kind, before.assignee)
    assert after.number == before.number + 1 and after.expires > before.expires
    assert len(harness.engine.waiting()) == 1


def test_a_provider_who_is_silent_about_the_plan_brings_it_back_to_the_consultant(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "plan_agreement").falls_silent()
    assert story.asks == "plan"


def test_a_wish_for_changes_brings_the_plan_back_to_the_consultant(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "plan_agreement").says(decision="changes_asked", wish="Later in the day")
    assert story.asks == "plan"
    story.says(**answers.PLAN, first_day=answers.day(harness.world.at, 7))
    story.says(decision="agreed")
    assert story.asks == "service"


def test_a_service_that_ends_early_is_closed_with_its_reason(harness: LifecycleHarness) -> None:
    story = at(harness, "service")
    episode.hold(harness.world, story.reference, next="last", end_reason="provider_withdrew")
    harness.settle()
    assert story.run("delivery").output == {"verdict": "ended_early"}
    assert story.asks == "summary"


def test_silence_after_the_end_is_an_answer_too(harness: LifecycleHarness) -> None:
    story = at(harness, "survey").falls_silent()
    if story.asks == "follow_up_rest":  # the survey's four weeks may end before the thirty days
        story.falls_silent()
    assert story.asks == "follow_up"
    story.falls_silent()
    assert story.asks == "late_follow_up_rest"
    story.falls_silent()
    assert story.asks == "late_follow_up"
    story.falls_silent()
    assert story.run("follow_up").output == {"verdict": "expired"}
    assert story.state.status == "followed_up" and not story.asks


@pytest.mark.promise("provider-withdraws")
@pytest.mark.parametrize("kind", [k for k in KINDS if k not in AFTER])
def test_a_withdrawal_ends_the_run_by_its_own_path_at_every_stage(
    harness: LifecycleHarness, kind: str
) -> None:
    story = at(harness, kind)
    task = story.state.task
    assert task is not None
    harness.world.mails.clear()
    story.withdraws()
    ended_withdrawn(story)
    told = {m.to for m in harness.world.mails}
    assert told >= {"ana@example.org", "sofia-south@example.org"}
    if task.role == "consultant":
        assert f"{task.assignee}@example.org" in told
    harness.run_scheduler()
    assert len(harness.world.mails) == len(told)


def ended_withdrawn(story: Story) -> None:
    """The end of a withdrawal: its own path, no task, no place, no run, terminal."""
    assert story.run().where == "Withdrawn by the provider"
    assert not story.harness.engine.waiting()
    state = story.state
    assert (state.status, state.closure, state.task) == ("withdrawn", "provider_withdrew", None)
    assert places(story) == []
    story.withdraws()
    assert story.state.version == state.version


@pytest.mark.promise("provider-withdraws")
def test_a_withdrawal_while_a_negative_result_waits_for_a_person(harness: LifecycleHarness) -> None:
    story = harness.submit(**UNFIT).withdraws()
    ended_withdrawn(story)


@pytest.mark.promise("provider-withdraws")
def test_a_withdrawal_while_the_coordinator_looks(harness: LifecycleHarness) -> None:
    ended_withdrawn(coordinated(harness).withdraws())


@pytest.mark.promise("provider-withdraws")
@pytest.mark.parametrize(
    ("kind", "step"),
    [
        ("triage", "ask_offer"),
        ("offer", "ask_first_contact"),
        ("first_contact", "ask_agreement"),
        ("agreement", "ask_plan"),
        ("plan", "ask_plan_agreement"),
        ("plan_agreement", "ask_service"),
        ("last session", "ask_summary"),
        ("summary", "close_referral"),
    ],
)
def test_a_withdrawal_between_two_tasks_is_heard_by_the_next_step(
    harness: LifecycleHarness, kind: str, step: str
) -> None:
    story = at(harness, kind)
    harness.during_step(step, story.withdraws_quietly)
    act(story)
    ended_withdrawn(story)


@pytest.mark.promise("provider-withdraws")
@pytest.mark.parametrize("step", ["decide_eligibility", "ask_triage"])
def test_a_withdrawal_right_after_the_press_is_heard_by_the_first_steps(
    harness: LifecycleHarness, step: str
) -> None:
    stories: list[Story] = []
    harness.during_step(step, lambda: Story(harness, harness.newest()).withdraws_quietly())
    stories.append(harness.submit())
    ended_withdrawn(stories[0])


@pytest.mark.promise("ended-stays-ended")
def test_after_its_end_a_referral_cannot_be_withdrawn(harness: LifecycleHarness) -> None:
    story = at(harness, "survey")
    v = story.state.version
    story.withdraws()
    assert story.state.version == v and story.asks == "survey"


def test_an_offer_by_silence_three_times_is_a_miss_each(harness: LifecycleHarness) -> None:
    story = at(harness, "offer")
    for _ in range(3):
        story.falls_silent()
    assert story.asks == "coordinator"
    assert len(set(story.state.declined)) == 3


@pytest.mark.promise("session-by-link")
def test_a_session_task_asked_anew_after_silent_months_is_not_overdue_at_once(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "service").falls_silent()
    task, now = story.state.task, harness.world.at
    assert task is not None and story.asks == "service" and task.opened == now
    assert now < task.due and all(now < at < task.expires for at in task.remind)
