"""A run that ended badly: the case that needs it is repaired within minutes, and no other is touched."""

from __future__ import annotations

import pytest

from chalicelib.aws.settings import settings
from chalicelib.workflow.reconciler.ended_runs import run_ended
from chalicelib.workflow.reconciler.restarts import restart
from infra.run_reports import report

from .engine import Run
from .lifecycle import KINDS, LifecycleHarness, act, at


def told_of(machine: str, name: str, status: str = "ABORTED", stack: str = "") -> bool:
    """Step Functions tells of a run's end; returns whether its case is looked at."""
    arn = stack or settings().machine_arn(machine)
    run = {"executionArn": f"{arn}:{name}", "stateMachineArn": arn, "name": name}
    return run_ended(report(run, status), None)


def stopped(harness: LifecycleHarness, run: Run) -> bool:
    """Somebody stops a run, and Step Functions tells of it."""
    harness.engine.stop(run)
    return told_of(run.machine, run.name)


def minutes(harness: LifecycleHarness, count: int) -> None:
    """So many minutes pass."""
    for _ in range(count):
        harness.world.at += 60
        harness.run_scheduler()


@pytest.mark.promise("parent-stopped")
@pytest.mark.parametrize("moment", KINDS)
def test_a_run_that_is_stopped_at_any_moment_is_back_within_minutes(
    harness: LifecycleHarness, moment: str
) -> None:
    story = at(harness, moment)
    harness.world.at += 600
    before, mails = story.state.task, len(harness.world.mails)
    after_close = moment == "survey" or "follow_up" in moment
    run = story.run("follow_up" if after_close else "referral")
    assert stopped(harness, run)
    assert story.state.generation == 2, "nothing else brings it back"
    minutes(harness, 1)
    after = story.state.task
    assert before is not None and after is not None and story.state.generation == 2
    assert (after.number, after.assignee) == (before.number, before.assignee)
    assert len(harness.world.mails) == mails and len(harness.engine.waiting()) == 1
    minutes(harness, 3)
    assert story.state.generation == 2, "it is looked at once"
    act(story)
    assert story.asks != moment or moment == "service"


def test_a_stage_that_is_stopped_while_its_parent_does_not_notice_is_back_too(
    harness: LifecycleHarness,
) -> None:
    story = at(harness, "plan")
    child = story.run("delivery")
    child.parent = None
    assert stopped(harness, child)
    minutes(harness, 4)
    assert story.state.generation == 2 and story.asks == "plan"


def test_while_the_case_moves_on_it_is_looked_at_again(harness: LifecycleHarness) -> None:
    story = at(harness, "offer")
    assert stopped(harness, story.run())
    harness.world.at += 110
    story.says(decision="decline", decline_reason="no_time")
    minutes(harness, 5)
    assert story.state.generation == 2 and story.asks == "offer"


def test_a_run_that_nobody_needs_any_more_may_end(harness: LifecycleHarness) -> None:
    story = at(harness, "plan")
    old = story.run()
    restart(story.state, harness.world.at, "staff:sam-lead", "by hand")
    harness.settle()
    assert not told_of(old.machine, old.name, "FAILED")
    assert not told_of("referral", "somebody-elses-run")
    assert not told_of("referral", f"{story.reference}-nothing-2")
    unknown = story.run().name.replace(story.reference, "AAAAA-AAAAA")
    assert not told_of("referral", unknown)
    other = settings().machine_arn("referral").replace(":test-", ":another-stack-")
    assert not told_of("referral", story.run().name, stack=other)
