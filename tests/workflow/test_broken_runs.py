"""Runs that break, stop or vanish: a person or the clock brings every referral back."""

from __future__ import annotations

import pytest

from chalicelib.directory import people
from chalicelib.referral import pauses
from chalicelib.workflow.reconciler.reconcile import reconcile, reconcile_one
from chalicelib.workflow.reconciler.restarts import restart
from chalicelib.workflow.storage import store
from infra.answers import DECLINED

from .lifecycle import KINDS, LifecycleHarness, Story, act, at, usual
from .test_lifecycle import UNFIT

# Moment -> (what the people's next act makes the run call, the kind that is open afterwards).
CALLS = {
    "triage": ("ask_offer", "offer"),
    "offer": ("ask_first_contact", "first_contact"),
    "first_contact": ("ask_agreement", "agreement"),
    "agreement": ("ask_plan", "plan"),
    "plan": ("ask_plan_agreement", "plan_agreement"),
    "plan_agreement": ("ask_service", "service"),
    "last session": ("ask_summary", "summary"),
    "summary": ("close_referral", "survey"),
}


def repaired(story: Story, expected: str) -> None:
    """The coordinator starts it again; it goes on where it stopped, on the next generation."""
    assert story.asks == "repair"
    old = story.run()
    assert old.where == "Needs attention"
    generation = story.state.generation
    story.says(decision="restart")
    assert old.where == "A newer run took over" and old.status == "SUCCEEDED"
    assert story.state.generation == generation + 1
    assert story.asks == expected


@pytest.mark.parametrize("moment", CALLS)
def test_a_step_that_stays_broken_asks_a_person_who_starts_it_again(
    harness: LifecycleHarness, moment: str
) -> None:
    story = at(harness, moment)
    step, then = CALLS[moment]
    harness.fail_step(step)
    act(story)
    repaired(story, then)
    assert sum(name == step for name, _ in harness.engine.invoked) >= 6


@pytest.mark.parametrize(
    ("step", "then"), [("decide_eligibility", "triage"), ("ask_triage", "triage")]
)
def test_a_step_that_is_broken_from_the_start_asks_a_person(
    harness: LifecycleHarness, step: str, then: str
) -> None:
    harness.fail_step(step)
    repaired(harness.submit(), then)


def test_a_broken_confirmation_asks_a_person(harness: LifecycleHarness) -> None:
    harness.fail_step("ask_eligibility_confirmation")
    repaired(harness.submit(**UNFIT), "eligibility_confirmation")


def test_a_broken_search_for_a_coordinator_asks_a_person(harness: LifecycleHarness) -> None:
    story = at(harness, "offer")
    harness.fail_step("ask_coordinator")
    for _ in range(3):
        story.falls_silent()
    repaired(story, "coordinator")


def test_a_broken_hand_over_asks_a_person(harness: LifecycleHarness) -> None:
    story = at(harness, "triage")
    harness.fail_step("hand_over")
    story.says(
        talked="phone",
        decision="change",
        tier="universal",
        priority="routine",
        override_reason="other",
        override_text="They want to meet with their peers.",
        note="They want to talk with peers",
    )
    repaired(story, "check_in_rest")


def test_what_breaks_for_a_moment_is_tried_again_and_nobody_hears_of_it(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "triage")
    harness.fail_step("ask_offer", times=4)
    act(story)
    assert story.asks == "offer" and story.state.generation == 1


def test_whoever_repairs_may_wait_and_is_asked_again(harness: LifecycleHarness) -> None:
    story = at(harness, "triage")
    harness.fail_step("ask_offer")
    act(story)
    story.says(decision="leave", note="Waiting for the fix")
    assert story.asks == "repair"
    story.falls_silent()
    assert story.asks == "repair"
    repaired(story, "offer")


@pytest.mark.promise("provider-withdraws")
def test_a_withdrawal_while_somebody_should_repair(harness: LifecycleHarness) -> None:
    story = at(harness, "triage")
    harness.fail_step("ask_offer")
    act(story)
    story.withdraws()
    assert story.run().status == "SUCCEEDED"
    assert not harness.engine.waiting() and story.state.status == "withdrawn"


@pytest.mark.promise("run-stopped-by-hand")
def test_when_even_the_repair_is_broken_the_clock_starts_it_again(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "triage")
    harness.fail_step("ask_offer")
    harness.fail_step("ask_repair")
    act(story)
    assert story.run().where == "Left for the reconciler" and story.run().status == "FAILED"
    assert not story.asks
    for _ in range(4):
        harness.world.at += 61
        harness.run_scheduler()
    assert story.asks == "offer" and story.state.generation == 2


@pytest.mark.parametrize("moment", ["survey", "follow_up_rest", "follow_up", "late_follow_up_rest"])
def test_a_broken_follow_up_is_started_again_by_the_clock(
    harness: LifecycleHarness, moment: str
) -> None:
    step, then = {
        "survey": ("ask_follow_up_rest", "follow_up_rest"),
        "follow_up_rest": ("ask_follow_up", "follow_up"),
        "follow_up": ("ask_late_follow_up_rest", "late_follow_up_rest"),
        "late_follow_up_rest": ("ask_late_follow_up", "late_follow_up"),
    }[moment]
    story = at(harness, moment)
    harness.fail_step(step)
    act(story)
    assert story.run("follow_up").output == {"verdict": "failed"}
    for _ in range(4):
        harness.world.at += 61
        harness.run_scheduler()
    assert story.asks == then and story.state.generation == 2


def test_a_broken_survey_is_started_again_by_the_clock(harness: LifecycleHarness) -> None:
    story = at(harness, "summary")
    harness.fail_step("ask_survey")
    act(story)
    assert not story.asks
    for _ in range(4):
        harness.world.at += 61
        harness.run_scheduler()
    assert story.asks == "survey"


@pytest.mark.parametrize("moment", KINDS)
def test_the_backstop_of_every_wait_is_caught_and_the_referral_comes_back(
    harness: LifecycleHarness, moment: str
) -> None:
    story = at(harness, moment)
    waiting = story.state.task
    assert waiting is not None
    harness.engine.fail(story.token, "States.Timeout")
    harness.settle()
    if moment == "survey" or "follow_up" in moment:
        assert story.run("follow_up").output == {"verdict": "failed"}
        reconcile_one(story.state, harness.world.at, quiet=-1)
        harness.settle()
    else:
        repaired(story, moment)
    assert story.asks == moment
    act(story)
    assert story.asks != moment or moment == "service"
    holders = [c["id"] for c in people.consultants() if story.reference in c.get("held", [])]
    assert len(holders) <= 1


@pytest.mark.promise("places-match-work")
def test_an_offer_that_a_broken_run_cut_off_in_a_pause_stays_with_whom_it_was(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "offer")
    who = story.state.consultant
    until, now = harness.world.at + 9 * 86400, harness.world.at
    why = ("paused_by_site", "site_asked")
    store.change(
        story.reference,
        lambda state: pauses.paused(state, *why, now, until, "provider", "pause:1"),
    )
    task = story.state.task
    assert task is not None
    harness.engine.fail(story.token, "States.Timeout")
    harness.settle()
    assert story.asks == "repair"
    restart(story.state, harness.world.at, "staff:sam-lead", "by hand")
    harness.settle()
    assert (story.asks, story.state.consultant) == ("offer", who)
    assert [c["id"] for c in people.consultants() if story.reference in c.get("held", [])] == [who]


def test_the_backstop_of_the_repair_itself_leaves_it_to_the_reconciler(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "triage")
    harness.fail_step("ask_offer")
    act(story)
    task = story.state.task
    assert task is not None
    harness.engine.fail(story.token, "States.Timeout")
    assert story.run().where == "Left for the reconciler"
    reconcile_one(story.state, harness.world.at, quiet=-1)
    harness.settle()
    assert story.state.generation == 2
    assert len(harness.engine.waiting()) == 1


@pytest.mark.promise("restart-from-table")
@pytest.mark.parametrize("moment", KINDS)
def test_every_run_may_be_thrown_away_and_the_same_task_waits_again(
    harness: LifecycleHarness, moment: str
) -> None:
    story = at(harness, moment)
    before = story.state.task
    assert before is not None
    harness.engine.runs.clear()
    harness.engine._waits.clear()
    mails = len(harness.world.mails)
    reconcile_one(story.state, harness.world.at, quiet=-1)
    harness.settle()
    after = story.state.task
    assert after is not None
    same = {"number", "kind", "assignee", "due", "expires", "link_number", "first_valid_link"}
    assert after.model_dump(include=same) == before.model_dump(include=same)
    assert after.token not in ("", before.token)
    assert len(harness.world.mails) == mails, "nobody is asked twice"
    act(story)
    assert story.asks != moment or moment == "service"


@pytest.mark.promise("run-stopped-by-hand")
def test_a_run_stopped_by_hand_is_back_within_one_sweep(harness: LifecycleHarness) -> None:
    story = at(harness, "plan")
    harness.engine.stop(story.run())
    sweep = {"reason": "test", "time": "", "detail": {}, "source": "", "account": "", "region": "",
             "resources": [], "version": "0", "id": "1", "detail-type": ""}  # fmt: skip
    assert reconcile(sweep, None)["started"] == 1, "nothing else brings it back"
    harness.settle()
    assert story.asks == "plan" and story.state.generation == 2
    assert [run.name for run in harness.engine.waiting()] == [story.run("delivery").name]
    harness.world.at += 121
    assert reconcile(sweep, None)["started"] == 0
    act(story)
    assert story.asks == "plan_agreement"


@pytest.mark.promise("run-stopped-by-hand")
def test_a_stage_stopped_by_hand_asks_a_person(harness: LifecycleHarness) -> None:
    story = at(harness, "plan")
    harness.engine.stop(story.run("delivery"))
    repaired(story, "plan")


@pytest.mark.parametrize(
    ("moment", "step"),
    [
        ("triage", "ask_offer"),
        ("offer", "ask_first_contact"),
        ("last session", "ask_summary"),
    ],
)
def test_a_step_that_a_newer_run_overtook_ends_its_own_run(
    harness: LifecycleHarness, moment: str, step: str
) -> None:
    story = at(harness, moment)
    overtake(harness, step, story)
    act(story)
    assert story.run(generation=1).where == "A newer run took over"
    assert story.run(generation=2).status == "RUNNING"
    assert len(harness.engine.waiting()) == 1
    types = [e.event for e in store.log(story.state)]
    assert types.count(f"{story.asks}_asked") == 1


@pytest.mark.parametrize("step", ["decide_eligibility", "ask_triage"])
def test_a_first_step_that_a_newer_run_overtook_ends_its_own_run(
    harness: LifecycleHarness, step: str
) -> None:
    harness.during_step(
        step, lambda: restart(harness.world.state(harness.newest()), harness.world.at, "a", "b")
    )
    story = harness.submit()
    assert story.run(generation=1).where == "A newer run took over"
    assert story.asks == "triage"


def test_a_follow_up_that_a_newer_run_overtook_ends(harness: LifecycleHarness) -> None:
    story = at(harness, "summary")
    overtake(harness, "ask_survey", story)
    act(story)
    assert story.run("follow_up", 1).output == {"verdict": "superseded"}
    assert story.run("follow_up", 1).where == "Followed up"
    assert story.asks == "survey"


def overtake(harness: LifecycleHarness, step: str, story: Story) -> None:
    harness.during_step(step, lambda: restart(story.state, harness.world.at, "test", "overtaken"))


@pytest.mark.parametrize("moment", ["triage", "offer", "plan", "summary"])
def test_a_run_can_begin_at_any_stage(harness: LifecycleHarness, moment: str) -> None:
    story = at(harness, moment)
    restart(story.state, harness.world.at, "test", "begin there")
    harness.settle()
    assert story.run().trail[:1] == ["Where does it stand?"]
    assert story.asks == moment
    assert len(story.run().trail) == 2


@pytest.mark.promise("answer-before-token")
@pytest.mark.parametrize("moment", [k for k in KINDS if not k.endswith("_rest")])
def test_an_answer_that_comes_before_the_new_runs_token_is_never_lost(
    harness: LifecycleHarness, moment: str
) -> None:
    story = at(harness, moment)
    task = story.state.task
    assert task is not None
    restart(story.state, harness.world.at, "test", "run lost")
    assert story.state.task is not None and story.state.task.token == ""
    # Nothing has been sent yet: the answer finds no token, the new run finds the answer.
    story.says(**usual(story))
    after = story.state.task
    assert after is None or after.number != task.number or moment == "service"
    assert len(harness.engine.waiting()) == (1 if after is not None else 0)
    assert after is None or story.token == harness.engine.waiting()[0].token


@pytest.mark.promise("answer-before-token")
def test_a_decline_that_comes_before_the_new_runs_token_goes_to_the_next(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "offer")
    first = story.state.consultant
    restart(story.state, harness.world.at, "test", "run lost")
    story.says(**DECLINED)
    assert story.asks == "offer" and story.state.consultant != first
    assert story.state.declined == [first]
