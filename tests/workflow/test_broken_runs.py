"""Runs that break, stop or vanish: a person or the clock brings every referral back."""

from __future__ import annotations

import pytest

from chalicelib.directory import people
from chalicelib.referral.status import pausing
from chalicelib.workflow import store
from chalicelib.workflow.reconcile import reconcile, reconcile_one
from chalicelib.workflow.restarts import restart
from tests import episode

from .test_lifecycle import UNFIT
from .theater import DECLINED, KINDS, WAY, Story, Theater, act, at

# Moment -> (what the people's next act makes the run call, the kind that is open afterwards).
CALLS = {
    "triage": ("AskOffer", "offer"),
    "offer": ("AskFirstContact", "first_contact"),
    "first_contact": ("AskAgreement", "agreement"),
    "agreement": ("AskPlan", "plan"),
    "plan": ("AskPlanAgreement", "plan_agreement"),
    "plan_agreement": ("AskService", "service"),
    "last session": ("AskSummary", "summary"),
    "summary": ("CloseReferral", "survey"),
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
    stage: Theater, moment: str
) -> None:
    story = at(stage, moment)
    step, then = CALLS[moment]
    stage.breaks(step)
    act(story)
    repaired(story, then)
    assert sum(name == step for name, _ in stage.engine.invoked) >= 6


@pytest.mark.parametrize(
    ("step", "then"), [("DecideEligibility", "triage"), ("AskTriage", "triage")]
)
def test_a_step_that_is_broken_from_the_start_asks_a_person(
    stage: Theater, step: str, then: str
) -> None:
    stage.breaks(step)
    repaired(stage.submit(), then)


def test_a_broken_confirmation_asks_a_person(stage: Theater) -> None:
    stage.breaks("AskEligibilityConfirmation")
    repaired(stage.submit(**UNFIT), "eligibility_confirmation")


def test_a_broken_search_for_a_coordinator_asks_a_person(stage: Theater) -> None:
    story = at(stage, "offer")
    stage.breaks("AskCoordinator")
    for _ in range(3):
        story.falls_silent()
    repaired(story, "coordinator")


def test_a_broken_hand_over_asks_a_person(stage: Theater) -> None:
    story = at(stage, "triage")
    stage.breaks("HandOver")
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


def test_what_breaks_for_a_moment_is_tried_again_and_nobody_hears_of_it(stage: Theater) -> None:
    story = at(stage, "triage")
    stage.breaks("AskOffer", times=4)
    act(story)
    assert story.asks == "offer" and story.state.generation == 1


def test_whoever_repairs_may_wait_and_is_asked_again(stage: Theater) -> None:
    story = at(stage, "triage")
    stage.breaks("AskOffer")
    act(story)
    story.says(decision="leave", note="Waiting for the fix")
    assert story.asks == "repair"
    story.falls_silent()
    assert story.asks == "repair"
    repaired(story, "offer")


@pytest.mark.promise("provider-withdraws")
def test_a_withdrawal_while_somebody_should_repair(stage: Theater) -> None:
    story = at(stage, "triage")
    stage.breaks("AskOffer")
    act(story)
    story.withdraws()
    assert story.run().status == "SUCCEEDED"
    assert not stage.engine.waiting() and story.state.status == "withdrawn"


@pytest.mark.promise("run-stopped-by-hand")
def test_when_even_the_repair_is_broken_the_clock_starts_it_again(stage: Theater) -> None:
    story = at(stage, "triage")
    stage.breaks("AskOffer")
    stage.breaks("AskRepair")
    act(story)
    assert story.run().where == "Left for the reconciler" and story.run().status == "FAILED"
    assert not story.asks
    for _ in range(4):
        stage.world.at += 61
        stage.tick()
    assert story.asks == "offer" and story.state.generation == 2


@pytest.mark.parametrize("moment", ["survey", "follow_up_rest", "follow_up", "late_follow_up_rest"])
def test_a_broken_follow_up_is_started_again_by_the_clock(stage: Theater, moment: str) -> None:
    step, then = {
        "survey": ("AskFollowUpRest", "follow_up_rest"),
        "follow_up_rest": ("AskFollowUp", "follow_up"),
        "follow_up": ("AskLateFollowUpRest", "late_follow_up_rest"),
        "late_follow_up_rest": ("AskLateFollowUp", "late_follow_up"),
    }[moment]
    story = at(stage, moment)
    stage.breaks(step)
    act(story)
    assert story.run("follow_up").output == {"verdict": "failed"}
    for _ in range(4):
        stage.world.at += 61
        stage.tick()
    assert story.asks == then and story.state.generation == 2


def test_a_broken_survey_is_started_again_by_the_clock(stage: Theater) -> None:
    story = at(stage, "summary")
    stage.breaks("AskSurvey")
    act(story)
    assert not story.asks
    for _ in range(4):
        stage.world.at += 61
        stage.tick()
    assert story.asks == "survey"


@pytest.mark.parametrize("moment", KINDS)
def test_the_backstop_of_every_wait_is_caught_and_the_referral_comes_back(
    stage: Theater, moment: str
) -> None:
    story = at(stage, moment)
    waiting = story.state.task
    assert waiting is not None
    stage.engine.fail(waiting.token, "States.Timeout")
    stage.settle()
    if moment == "survey" or "follow_up" in moment:
        assert story.run("follow_up").output == {"verdict": "failed"}
        reconcile_one(story.state, stage.world.at, quiet=-1)
        stage.settle()
    else:
        repaired(story, moment)
    assert story.asks == moment
    act(story)
    assert story.asks != moment or moment == "service"
    holders = [c["id"] for c in people.consultants() if story.reference in c.get("held", [])]
    assert len(holders) <= 1


@pytest.mark.promise("places-match-work")
def test_an_offer_that_a_broken_run_cut_off_in_a_pause_stays_with_whom_it_was(
    stage: Theater,
) -> None:
    story = at(stage, "offer")
    who = story.state.consultant
    until = {"until": episode.day(stage.world.at, 9)}
    store.change(story.reference, pausing._paused(until, "pause:1", stage.world.at))
    task = story.state.task
    assert task is not None
    stage.engine.fail(task.token, "States.Timeout")
    stage.settle()
    assert story.asks == "repair"
    restart(story.state, stage.world.at, "staff:sam-lead", "by hand")
    stage.settle()
    assert (story.asks, story.state.consultant) == ("offer", who)
    assert [c["id"] for c in people.consultants() if story.reference in c.get("held", [])] == [who]


def test_the_backstop_of_the_repair_itself_leaves_it_to_the_reconciler(stage: Theater) -> None:
    story = at(stage, "triage")
    stage.breaks("AskOffer")
    act(story)
    task = story.state.task
    assert task is not None
    stage.engine.fail(task.token, "States.Timeout")
    assert story.run().where == "Left for the reconciler"
    reconcile_one(story.state, stage.world.at, quiet=-1)
    stage.settle()
    assert story.state.generation == 2
    assert len(stage.engine.waiting()) == 1


@pytest.mark.promise("restart-from-table")
@pytest.mark.parametrize("moment", KINDS)
def test_every_run_may_be_thrown_away_and_the_same_task_waits_again(
    stage: Theater, moment: str
) -> None:
    story = at(stage, moment)
    before = story.state.task
    assert before is not None
    stage.engine.runs.clear()
    stage.engine._waits.clear()
    mails = len(stage.world.mails)
    reconcile_one(story.state, stage.world.at, quiet=-1)
    stage.settle()
    after = story.state.task
    assert after is not None
    same = {"n", "kind", "who", "due", "expires", "link", "first"}
    assert after.model_dump(include=same) == before.model_dump(include=same)
    assert after.token not in ("", before.token)
    assert len(stage.world.mails) == mails, "nobody is asked twice"
    act(story)
    assert story.asks != moment or moment == "service"


@pytest.mark.promise("run-stopped-by-hand")
def test_a_run_stopped_by_hand_is_back_within_one_sweep(stage: Theater) -> None:
    story = at(stage, "plan")
    stage.engine.stop(story.run())
    sweep = {"reason": "test", "time": "", "detail": {}, "source": "", "account": "", "region": "",
             "resources": [], "version": "0", "id": "1", "detail-type": ""}  # fmt: skip
    assert reconcile(sweep, None)["started"] == 0, "it may be on its way"
    stage.world.at += 121
    assert reconcile(sweep, None)["started"] == 1
    stage.settle()
    assert story.asks == "plan" and story.state.generation == 2
    assert [run.name for run in stage.engine.waiting()] == [story.run("delivery").name]
    stage.world.at += 121
    assert reconcile(sweep, None)["started"] == 0
    act(story)
    assert story.asks == "plan_agreement"


@pytest.mark.promise("run-stopped-by-hand")
def test_a_stage_stopped_by_hand_asks_a_person(stage: Theater) -> None:
    story = at(stage, "plan")
    stage.engine.stop(story.run("delivery"))
    repaired(story, "plan")


@pytest.mark.parametrize(
    ("moment", "step"),
    [
        ("triage", "AskOffer"),
        ("offer", "AskFirstContact"),
        ("last session", "AskSummary"),
    ],
)
def test_a_step_that_a_newer_run_overtook_ends_its_own_run_law_9(
    stage: Theater, moment: str, step: str
) -> None:
    story = at(stage, moment)
    overtake(stage, step, story)
    act(story)
    assert story.run(generation=1).where == "A newer run took over"
    assert story.run(generation=2).status == "RUNNING"
    assert len(stage.engine.waiting()) == 1
    types = [e.type for e in store.log(story.state)]
    assert types.count(f"{story.asks}_asked") == 1


@pytest.mark.parametrize("step", ["DecideEligibility", "AskTriage"])
def test_a_first_step_that_a_newer_run_overtook_ends_its_own_run_law_9(
    stage: Theater, step: str
) -> None:
    stage.meanwhile(
        step, lambda: restart(stage.world.state(stage.newest()), stage.world.at, "a", "b")
    )
    story = stage.submit()
    assert story.run(generation=1).where == "A newer run took over"
    assert story.asks == "triage"


def test_a_follow_up_that_a_newer_run_overtook_ends(stage: Theater) -> None:
    story = at(stage, "summary")
    overtake(stage, "AskSurvey", story)
    act(story)
    assert story.run("follow_up", 1).output == {"verdict": "superseded"}
    assert story.run("follow_up", 1).where == "Followed up"
    assert story.asks == "survey"


def overtake(stage: Theater, step: str, story: Story) -> None:
    stage.meanwhile(step, lambda: restart(story.state, stage.world.at, "test", "overtaken"))


@pytest.mark.parametrize("moment", ["triage", "offer", "plan", "summary"])
def test_a_run_can_begin_at_any_stage(stage: Theater, moment: str) -> None:
    story = at(stage, moment)
    restart(story.state, stage.world.at, "test", "begin there")
    stage.settle()
    assert story.run().trail[:1] == ["Where does it stand?"]
    assert story.asks == moment
    assert len(story.run().trail) == 2


@pytest.mark.promise("answer-before-token")
@pytest.mark.parametrize("moment", [k for k in KINDS if not k.endswith("_rest")])
def test_an_answer_that_comes_before_the_new_runs_token_is_never_lost(
    stage: Theater, moment: str
) -> None:
    story = at(stage, moment)
    task = story.state.task
    assert task is not None
    restart(story.state, stage.world.at, "test", "run lost")
    assert story.state.task is not None and story.state.task.token == ""
    # Nothing has left the house yet: the answer finds no token, the new run finds the answer.
    story.says(**WAY[moment](story))
    after = story.state.task
    assert after is None or after.n != task.n or moment == "service"
    assert len(stage.engine.waiting()) == (1 if after is not None else 0)
    assert after is None or after.token == stage.engine.waiting()[0].token


@pytest.mark.promise("answer-before-token")
def test_a_decline_that_comes_before_the_new_runs_token_goes_to_the_next(
    stage: Theater,
) -> None:
    story = at(stage, "offer")
    first = story.state.consultant
    restart(story.state, stage.world.at, "test", "run lost")
    story.says(**DECLINED)
    assert story.asks == "offer" and story.state.consultant != first
    assert story.state.declined == [first]
