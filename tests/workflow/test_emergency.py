"""Emergency support by a declared county: proposal, clocks, roster; and urgency in mid-case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.console import timeline
from chalicelib.directory import emergencies, people
from chalicelib.directory.emergencies import Emergency
from chalicelib.domain import service_standards
from chalicelib.domain.calendar import local
from chalicelib.referral.model import Referral
from chalicelib.referral.rows import decision_rows
from chalicelib.referral.status.change import change
from chalicelib.referral.tiers import urgency
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.storage import store

from .lifecycle import LifecycleHarness, Story, act, at, usual
from .test_lifecycle import chosen

WHY = "The county is on fire, they told us."
MILD = {
    "suspension_expulsion_status": "none",
    "behavior_serious": ["none"],
    "concerns": ["staff_stress_turnover"],
    "support_wanted": ["peer_reflection"],
}


def declared(harness: LifecycleHarness, days: int = 1, county: str = "los_angeles") -> Emergency:
    """An emergency that was declared yesterday and lasts some days more."""
    until = (local(harness.world.at) + timedelta(days=days)).date().isoformat()
    since = harness.world.at - 86400
    one = Emergency(
        (county,), since, until, "disaster", "staff:sam-lead", "A fire, says the county."
    )
    emergencies.declare(one)
    return one


def due(story: Story) -> tuple[str, int]:
    task = story.state.task
    assert task is not None
    return task.kind, task.due


@pytest.mark.promise("emergency-declared")
def test_a_request_from_a_declared_county_is_an_emergency_with_stat_clocks_at_each_stage(
    harness: LifecycleHarness,
) -> None:
    one = declared(harness)
    story = harness.submit(**MILD)
    state, now = story.state, harness.world.at
    assert store.log(state)[-1].payload["emergency"] == one.id == f"los_angeles-{one.since}"
    assert (state.tier, state.priority) == ("emergency", "stat")
    proposal = decision_rows.of(story.reference, "tiers")
    assert proposal["rule"] == "T1" and "declared_emergency" in proposal["flags"]
    assert proposal["inputs"]["declared_emergency"] is True
    assert due(story) == ("triage", service_standards.due("triage_call", "stat", now))
    story.triaged()
    assert "emergency support" in harness.world.mails[-2].text + harness.world.mails[-1].text
    roster = {c["id"] for c in people.consultants() if c.get("emergency_roster")}
    assert story.state.consultant in roster
    assert due(story) == ("offer", service_standards.due("offer_answer", "stat", now))
    asked = {story.state.consultant}
    story.says(decision="decline", decline_reason="no_time")
    while story.asks == "offer":
        asked.add(story.state.consultant)
        story.says(decision="decline", decline_reason="no_time")
    assert asked <= roster, "nobody else is ever asked"


@pytest.mark.promise("urgency-sets-clocks")
def test_each_later_stage_of_an_emergency_has_the_shortest_clock(harness: LifecycleHarness) -> None:
    declared(harness)
    story = harness.submit(**MILD).triaged()
    standards = {
        "first_contact": "first_contact",
        "agreement": "agreement",
        "plan": "plan",
        "plan_agreement": "plan_agreement",
    }
    story.says(decision="accept")
    for kind, clock in standards.items():
        assert due(story) == (kind, service_standards.due(clock, "stat", harness.world.at))
        story.says(**usual(story))
    assert story.asks == "service"


@pytest.mark.promise("emergency-declared")
@pytest.mark.parametrize("how", ["ended", "another county", "over"])
def test_without_a_declared_emergency_the_rules_propose_as_ever(
    harness: LifecycleHarness, how: str
) -> None:
    one = declared(
        harness, -1 if how == "over" else 1, "butte" if "county" in how else "los_angeles"
    )
    if how == "ended":
        emergencies.end(one.id, harness.world.at, "staff:sam-lead", "The fire is out.")
    assert harness.submit(**MILD).state.tier == "universal"


@pytest.mark.promise("emergency-declared")
def test_a_recent_event_that_the_provider_tells_of_needs_no_declaration(
    harness: LifecycleHarness,
) -> None:
    story = harness.submit(**(MILD | {"recent_event": "traumatic_event"}))
    assert (story.state.tier, story.state.priority) == ("emergency", "asap")


def test_who_waits_for_a_consultant_hears_the_same_day_what_is_there_meanwhile(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "triage").triaged()
    letter = next(m for m in harness.world.mails if m.subject.startswith("The support for your"))
    assert letter.to == "ana@example.org"
    assert "1-877-524-2422" in letter.text and "Open-Door sessions" in letter.text
    assert story.asks == "offer"


@pytest.mark.promise("urgency-sets-clocks")
def test_the_urgency_that_the_specialist_chooses_sets_the_later_clocks(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "triage")
    now = harness.world.at
    story.says(talked="phone", decision="change", tier="intensive", priority="stat",
               override_reason="more_urgent", override_text=WHY)  # fmt: skip
    assert due(story) == ("offer", service_standards.due("offer_answer", "stat", now))


@pytest.mark.promise("urgency-sets-clocks")
def test_a_more_urgent_case_re_arms_the_open_task_and_tells_who_is_asked(
    harness: LifecycleHarness,
) -> None:
    story = chosen(at(harness, "triage"), "intensive")
    who, before = story.state.consultant, story.state.task
    assert before is not None and story.asks == "offer"
    sent = len(harness.world.mails)
    urgency.change(story.reference, "stat", "more_urgent", WHY, "staff:sam-lead", "urgency 1")
    harness.settle()
    state, task = story.state, story.state.task
    assert task is not None and (task.number, task.token) == (before.number, before.token)
    assert task.due == service_standards.due("offer_answer", "stat", harness.world.at) < before.due
    assert task.expires <= before.expires and state.priority == "stat"
    assert [m.to for m in harness.world.mails[sent:]] == [f"{who}@example.org"]
    assert same_story(fold(Referral, story.reference, store.log(state)), state)
    said = timeline.lines(store.log(state), [], harness.world.at, "en")[0]
    assert "from Routine to" in said.text and said.note == WHY
    assert said.cause == "The need is more urgent than the answers show"
    assert "Sam Lead" in said.actor
    harness.world.at = task.expires
    harness.run_scheduler()
    assert story.asks == "offer" and story.state.consultant != who, "the clock goes by the new one"


@pytest.mark.promise("urgency-sets-clocks")
def test_a_less_urgent_case_gets_more_time_and_no_letter(harness: LifecycleHarness) -> None:
    declared(harness)
    story = harness.submit(**MILD)
    before = story.state.task
    assert before is not None
    sent = len(harness.world.mails)
    urgency.change(story.reference, "routine", "less_urgent", WHY, "staff:sam-lead", "urgency 2")
    harness.settle()
    task = story.state.task
    assert task is not None and task.due == service_standards.due(
        "triage_call", "routine", before.opened
    )
    assert task.escalate is not None and task.escalate >= task.due
    assert len(harness.world.mails) == sent


@pytest.mark.promise("urgency-sets-clocks")
def test_the_urgency_that_staff_set_outlives_a_changed_answer(harness: LifecycleHarness) -> None:
    story = at(harness, "triage")
    was = story.state.priority
    urgency.change(story.reference, "stat", "more_urgent", WHY, "staff:sam-lead", "urgency 3")
    change(story.reference, {"site_name": "Other Place"}, "am:1")
    harness.settle()
    task = story.state.task
    assert story.asks == "triage" and story.state.priority == "stat" != was
    assert task is not None and task.due == service_standards.due(
        "triage_call", "stat", task.opened
    )


@pytest.mark.promise("urgency-sets-clocks")
def test_less_urgency_that_staff_set_does_not_hold_down_a_graver_answer(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "triage")
    was = story.state.priority
    urgency.change(story.reference, "routine", "less_urgent", WHY, "staff:sam-lead", "urgency 4")
    change(story.reference, {"site_name": "Other Place"}, "am:1")
    harness.settle()
    assert story.state.priority == was != "routine"


@pytest.mark.promise("urgency-sets-clocks")
def test_a_wait_with_one_clock_for_all_keeps_its_instants(harness: LifecycleHarness) -> None:
    story = at(harness, "service")
    before = story.state.task
    urgency.change(story.reference, "stat", "more_urgent", WHY, "staff:sam-lead", "urgency 5")
    assert story.state.task == before and story.state.priority == "stat"


@pytest.mark.promise("urgency-sets-clocks")
def test_a_press_repeated_or_after_the_end_changes_nothing(harness: LifecycleHarness) -> None:
    story = at(harness, "triage")
    for _ in range(2):
        urgency.change(story.reference, "stat", "more_urgent", WHY, "staff:sam-lead", "urgency 6")
    types = [e.event for e in store.log(story.state)]
    assert types.count("urgency_changed") == 1
    story.withdraws()
    v = story.state.version
    urgency.change(story.reference, "routine", "less_urgent", WHY, "staff:sam-lead", "urgency 7")
    assert story.state.version == v


def test_an_answer_after_a_change_of_urgency_is_heard_as_ever(harness: LifecycleHarness) -> None:
    story = at(harness, "plan")
    urgency.change(story.reference, "stat", "more_urgent", WHY, "staff:sam-lead", "urgency 8")
    harness.settle()
    act(story)
    assert due(story)[0] == "plan_agreement"
