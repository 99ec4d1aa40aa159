"""Lighter support, stepping up and down, and the question two weeks after a "no"."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.directory import people
from chalicelib.domain.calendar import pacific_date
from chalicelib.referral.model import Referral
from chalicelib.workflow import board
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.lists import queue
from chalicelib.workflow.reconciler import compare
from chalicelib.workflow.reconciler.reconcile import reconcile_one
from chalicelib.workflow.storage import store
from infra import answers

from .lifecycle import LifecycleHarness, Story, at
from .test_lifecycle import UNFIT, chosen, places

HELPED = {"decision": "helped"}
NOT_HELPED = {"decision": "not_helped", "note": "The sessions were full"}


def lighter(harness: LifecycleHarness, tier: str = "universal") -> Story:
    """A referral in a lighter tier, on the day of the check-in."""
    story = chosen(at(harness, "triage"), tier).falls_silent()
    assert story.asks == "check_in"
    return story


def refused(harness: LifecycleHarness, decision: str = "redirected_local") -> Story:
    """A request that a person sent elsewhere."""
    return harness.submit(**UNFIT).says(decision=decision, alternatives="helpline")


def types(story: Story) -> list[str]:
    return [entry.event for entry in store.log(story.state)]


@pytest.mark.promise("step-up-and-down", "named-ends")
@pytest.mark.parametrize(
    ("tier", "end"),
    [("universal", "Universal support given"), ("targeted", "Targeted support given")],
)
def test_a_lighter_support_that_helped_ends_with_its_named_end(
    harness: LifecycleHarness, tier: str, end: str
) -> None:
    story = lighter(harness, tier).says(**HELPED)
    assert story.run().where == end
    assert (story.state.status, story.state.closure) == ("closed", "goals_met")
    assert not harness.engine.waiting() and not story.asks
    assert same_story(fold(Referral, story.reference, store.log(story.state)), story.state)


def test_the_check_in_comes_two_weeks_after_the_support(harness: LifecycleHarness) -> None:
    story = chosen(at(harness, "triage"), "universal")
    task = story.state.task
    assert task is not None and task.role == "system"
    days = (pacific_date(task.expires) - pacific_date(harness.world.at)).days
    assert 14 <= days <= 17
    sent = len(harness.world.mails)
    harness.run_scheduler()
    assert len(harness.world.mails) == sent, "nobody is asked before the day"


@pytest.mark.promise("step-up-and-down")
def test_a_support_that_was_not_enough_steps_up_inside_the_same_request(
    harness: LifecycleHarness,
) -> None:
    # Nothing of its answers points to consultation: only what happened since does.
    mild: dict[str, Any] = {
        "suspension_expulsion_status": "none", "behavior_serious": ["none"],
        "concerns": ["staff_stress_turnover"], "support_wanted": ["peer_reflection"],
    }  # fmt: skip
    story = harness.submit(**mild).triaged()
    assert story.state.tier == "universal"
    story.falls_silent().says(**NOT_HELPED)
    assert story.asks == "triage"
    state = story.state
    assert (state.tier, state.priority, state.generation) == ("intensive", "routine", 2)
    assert state.status == "in_triage"
    assert store.log(state)[-1].payload["rule"] == "T5"
    assert story.run("referral", 1).where == "A newer run took over"
    assert {"handed_over", "check_in_answered", "triage_asked"} <= set(types(story))
    from chalicelib.workflow.kinds import kind_of

    assert kind_of("triage").page.details(state)["told"] == "The sessions were full"
    story.triaged()
    assert story.asks == "offer" and story.reference == state.reference


def test_a_request_may_go_up_and_down_more_than_once(harness: LifecycleHarness) -> None:
    story = lighter(harness).says(**NOT_HELPED)
    story.says(talked="phone", decision="change", tier="targeted", priority="routine",
               override_reason="provider_preference",
               override_text="They would rather meet with others.")  # fmt: skip
    assert story.asks == "check_in_rest" and story.state.tier == "targeted"
    story.falls_silent().says(**HELPED)
    assert story.run().where == "Targeted support given"


@pytest.mark.promise("provider-withdraws")
@pytest.mark.parametrize("moment", ["check_in_rest", "check_in"])
def test_a_withdrawal_while_a_lighter_support_goes_on(
    harness: LifecycleHarness, moment: str
) -> None:
    story = chosen(at(harness, "triage"), "universal")
    if moment == "check_in":
        story.falls_silent()
    story.withdraws()
    assert story.run().where == "Withdrawn by the provider"
    assert not harness.engine.waiting() and not story.asks


@pytest.mark.promise("provider-withdraws")
def test_a_withdrawal_right_after_the_hand_over(harness: LifecycleHarness) -> None:
    story = at(harness, "triage")
    harness.during_step("ask_check_in_rest", story.withdraws_quietly)
    chosen(story, "universal")
    assert story.run().where == "Withdrawn by the provider"


@pytest.mark.promise("restart-from-table")
@pytest.mark.parametrize("moment", ["check_in_rest", "check_in"])
def test_a_lost_run_of_a_lighter_support_comes_back(harness: LifecycleHarness, moment: str) -> None:
    story = chosen(at(harness, "triage"), "universal")
    if moment == "check_in":
        story.falls_silent()
    harness.engine.runs.clear()
    harness.engine._waits.clear()
    reconcile_one(story.state, harness.world.at, quiet=-1)
    harness.settle()
    assert story.asks == moment and story.state.generation == 2
    assert story.run().trail == ["Where does it stand?", "Check in on the support"]
    if moment == "check_in_rest":
        story.falls_silent()
    story.says(**HELPED)
    assert story.run().where == "Universal support given"


@pytest.mark.promise("reconciler-finds-lost-writes")
def test_the_run_of_a_check_in_has_its_place_open_or_closed(harness: LifecycleHarness) -> None:
    for story in (chosen(at(harness, "triage"), "universal"), refused(harness)):
        name = story.run("check_in").name
        run = compare.Run("check_in", name, story.reference, 1, harness.world.at)
        assert not compare.stray(story.state, run)
        assert name in compare.expected(story.state)


@pytest.mark.parametrize("step", ["ask_check_in_rest", "ask_check_in"])
def test_a_broken_check_in_asks_a_person(harness: LifecycleHarness, step: str) -> None:
    story = at(harness, "triage")
    harness.fail_step(step)
    chosen(story, "universal")
    if step == "ask_check_in":
        story.falls_silent()
    assert story.asks == "repair"
    story.says(decision="restart")
    assert story.asks.startswith("check_in")


@pytest.mark.promise("no-has-a-hand-off")
@pytest.mark.parametrize("decision", ["not_eligible", "redirected_local", "out_of_scope"])
def test_two_weeks_after_a_no_we_ask_whether_they_found_help(
    harness: LifecycleHarness, decision: str
) -> None:
    story = refused(harness, decision)
    assert story.run().where == "Ended with another place to go"
    assert not story.state.open and story.asks == "check_in_rest"
    story.falls_silent()
    assert story.asks == "check_in"
    story.says(decision="found")
    assert story.run("check_in").output == {"verdict": "found"}
    assert not harness.engine.waiting() and story.state.stage == "closed"


@pytest.mark.promise("no-has-a-hand-off")
def test_who_has_another_open_request_is_not_asked(harness: LifecycleHarness) -> None:
    story = refused(harness, "duplicate")
    assert not story.asks and story.state.stage == "closed"


@pytest.mark.promise("no-has-a-hand-off")
@pytest.mark.parametrize("answer", ["not_found", ""])
def test_who_needs_nothing_or_says_nothing_is_left_in_peace(
    harness: LifecycleHarness, answer: str
) -> None:
    story = refused(harness).falls_silent()
    if answer:
        story.says(decision=answer)
    else:
        story.falls_silent()
    assert not story.asks and story.state.stage == "closed"
    harness.world.at += 90 * 86400
    harness.run_scheduler()
    assert story.state.generation == 1


@pytest.mark.promise("no-has-a-hand-off")
def test_who_found_no_help_is_called_by_a_person(harness: LifecycleHarness) -> None:
    story = (
        refused(harness).falls_silent().says(decision="call_wanted", note="Nobody answers there")
    )
    assert story.asks == "call_back"
    task = story.state.task
    assert task is not None and task.assignee == story.state.specialist
    subjects = story.mails_to("sofia-south@example.org")
    assert subjects[-1].startswith("Please call a provider who found no help")
    (mine,) = listed("open", story)
    assert mine.waiting is not None and mine.waiting.kind == "call_back"
    assert [one.number for one in queue.every(["specialist"], 0)] == [task.number]
    story.says(talked="no_answer")
    assert story.asks == "call_back"
    story.says(talked="phone", note="They found a place in the end")
    assert story.run("check_in").output == {"verdict": "called"}
    assert story.state.stage == "closed" and not story.state.open
    assert not listed("open", story) and not [*queue.every(["specialist"], 0)]
    (closed,) = listed("closed", story)
    assert closed.waiting is None


def listed(which: str, story: Story) -> list[board.Line]:
    return [line for line in board.page(which, "", 0)[0] if line.reference == story.reference]


def test_a_call_that_nobody_makes_ends_and_the_supervisor_was_told(
    harness: LifecycleHarness,
) -> None:
    story = refused(harness).falls_silent().says(decision="call_wanted")
    task = story.state.task
    assert task is not None and task.escalate is not None
    harness.world.at = task.escalate
    harness.run_scheduler()
    harness.run_scheduler()
    assert "escalated" in types(story)
    story.falls_silent()
    assert story.run("check_in").output == {"verdict": "expired"}
    assert not story.asks and story.state.stage == "closed"


@pytest.mark.promise("restart-from-table")
@pytest.mark.parametrize("moment", ["check_in_rest", "check_in", "call_back"])
def test_a_lost_run_after_a_no_comes_back(harness: LifecycleHarness, moment: str) -> None:
    story = refused(harness)
    if moment != "check_in_rest":
        story.falls_silent()
    if moment == "call_back":
        story.says(decision="call_wanted")
    harness.engine.runs.clear()
    harness.engine._waits.clear()
    reconcile_one(story.state, harness.world.at, quiet=-1)
    harness.settle()
    assert story.asks == moment and story.state.generation == 2
    assert story.run("check_in").status == "RUNNING"


@pytest.mark.parametrize("step", ["ask_check_in_rest", "ask_check_in", "ask_call_back"])
def test_a_broken_check_in_after_a_no_is_started_again_by_the_clock(
    harness: LifecycleHarness, step: str
) -> None:
    harness.fail_step(step)
    story = refused(harness)
    if step != "ask_check_in_rest":
        story.falls_silent()
    if step == "ask_call_back":
        story.says(decision="call_wanted")
    assert not story.asks and story.run("check_in").output == {"verdict": "failed"}
    for _ in range(4):
        harness.world.at += 61
        harness.run_scheduler()
    assert story.state.generation == 2 and story.asks


@pytest.mark.parametrize("moment", ["check_in_rest", "check_in", "call_back"])
def test_the_backstop_of_each_wait_is_caught(harness: LifecycleHarness, moment: str) -> None:
    story = refused(harness)
    if moment != "check_in_rest":
        story.falls_silent()
    if moment == "call_back":
        story.says(decision="call_wanted")
    task = story.state.task
    assert task is not None
    harness.engine.fail(story.token, "States.Timeout")
    assert story.run("check_in").where == "Something is broken"


# -- stepping down ---------------------------------------------------------------------------------


def stepped_down(harness: LifecycleHarness, tier: str = "universal") -> Story:
    return at(harness, "summary").says(**answers.SUMMED_UP, lighter=tier)


@pytest.mark.promise("step-up-and-down", "ended-stays-ended")
def test_a_consultation_may_go_over_into_lighter_support(harness: LifecycleHarness) -> None:
    story = at(harness, "summary")
    who = story.state.consultant
    assert places(story) == [who]
    story.says(**answers.SUMMED_UP, lighter="universal")
    state = story.state
    assert story.run("closure").output == {"verdict": "stepped_down"}
    assert places(story) == [], "the place is back"
    assert (state.open, state.tier, state.status) == (True, "universal", "in_service")
    assert (state.consultant, state.previous) == ("", who)
    assert story.asks == "check_in_rest"
    assert types(story).count("stepped_down") == 1
    assert story.mails_to("ana@example.org")[-1].startswith("Your consultation is over, and")
    assert not any(machine == "follow_up" for machine, _ in harness.engine.runs)
    story.falls_silent().says(**HELPED)
    assert story.run().where == "Universal support given"
    assert story.state.closure == "goals_met" and places(story) == []
    assert story.asks == "survey", "at the real end"
    assert people.consultant(who)["id"] == who


def test_silence_after_a_step_down_keeps_the_consultations_own_reason(
    harness: LifecycleHarness,
) -> None:
    story = stepped_down(harness).falls_silent().falls_silent()
    assert story.state.closure == "goals_met" and story.asks == "survey"


@pytest.mark.promise("step-up-and-down")
def test_what_was_stepped_down_may_step_up_again_under_the_same_number(
    harness: LifecycleHarness,
) -> None:
    story = stepped_down(harness).falls_silent().says(**NOT_HELPED)
    assert story.asks == "triage" and story.state.tier == "intensive"
    story.triaged()
    assert story.asks == "offer" and story.state.generation == 2
    assert len(places(story)) == 1


@pytest.mark.promise("ended-stays-ended")
def test_a_withdrawal_after_a_step_down_returns_no_place_twice(harness: LifecycleHarness) -> None:
    story = stepped_down(harness).withdraws()
    assert story.run().where == "Withdrawn by the provider" and places(story) == []


@pytest.mark.promise("step-up-and-down")
def test_only_home_based_care_may_go_over_into_a_community_of_support() -> None:
    from chalicelib.referral.closure.summary import lighter as offered
    from chalicelib.referral.model import Referral

    def ids(setting: str) -> list[str]:
        return [one for one, _ in offered(Referral(reference="0QXP-0SBS-4", setting=setting))]

    assert ids("center") == ["none", "universal"]
    assert ids("ffn") == ids("fcch_small") == ["none", "targeted", "universal"]


def test_a_summary_that_leaves_it_open_closes_as_before(harness: LifecycleHarness) -> None:
    story = at(harness, "summary").says(**answers.SUMMED_UP)
    assert story.run().where == "Closed"
