"""What happens when AWS is busy, gone, or answers twice: bounded tries, and nothing half done."""

from __future__ import annotations

from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.aws import dynamodb
from chalicelib.aws.errors import AwsError
from chalicelib.domain.errors import AlreadyDone, Invalid, TryAgain
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import answer
from infra.answers import ACCEPTED, DECLINED
from tests import episode
from tests.workflow.lifecycle import Story, act, usual

from .fake_table import refused
from .harness import FaultHarness
from .invariants import InvariantChecker

WRITES = ("UpdateItem", "PutItem", "TransactWriteItems")


def press(story: Story, raw: dict[str, Any], command: str = "press") -> Any:
    state = story.state
    assert state.task is not None
    values = episode.fill(state, state.task.kind, **raw)
    at = story.harness.world.at
    return answer(story.reference, state.task.number, values, state.task.role, command, at)


@pytest.mark.promise("throttled-anywhere", "bounded-sizes")
@pytest.mark.parametrize("operation", ["GetItem", "Query", *WRITES])
def test_a_table_that_stays_busy_is_asked_a_bounded_number_of_times(
    harness: FaultHarness, operation: str
) -> None:
    story = harness.at("service")
    with harness.injector.without_faults():
        raw = usual(story)
    harness.injector.begin()
    harness.injector.down = {operation: "throttle"}
    with suppress(TryAgain):
        press(story, raw)
    tries = [name for _, name in harness.injector.injected]
    assert len(tries) <= dynamodb.TRIES
    harness.injector.down = {}
    harness.injector.end()
    InvariantChecker(harness).check()
    assert press(story, raw)[0].command == "press", "the same form again, and it is taken"


@pytest.mark.promise(
    "throttled-anywhere", "dependency-down", "mail-rate-limit", "refuse-when-in-doubt"
)
@pytest.mark.parametrize("operation", ["SendEmail", "StartExecution", "SendTaskSuccess"])
@pytest.mark.parametrize("how", ["throttle", "before"])
def test_what_cannot_leave_is_queued_and_leaves_later(
    harness: FaultHarness, operation: str, how: str
) -> None:
    story = harness.at("offer")
    harness.injector.begin()
    harness.injector.down = {operation: how}
    assert press(story, ACCEPTED)[0].status == "matched", "who presses is thanked all the same"
    other = harness.world.submit(contact_email="other@example.org")
    for _ in range(5):
        harness.gather()
        batch, harness.queue = harness.queue, []
        if batch:
            harness.deliver(batch)
        while harness.engine.ready:
            harness.engine.move(harness.engine.ready[0])
        harness.world.at += 61
        harness.clock()
    assert (how, operation) in harness.injector.injected
    harness.injector.down = {}
    harness.injector.end()
    harness.minutes(40)
    InvariantChecker(harness).at_rest()
    # Where a run's own answer stayed away for so long, somebody was asked to start it again.
    assert story.asks in ("first_contact", "repair") and harness.world.state(other).task is not None


@pytest.mark.promise("transaction-conflicts")
def test_a_burst_of_conflicts_is_tried_again_with_jitter_and_then_said(
    harness: FaultHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(dynamodb, "time", SimpleNamespace(sleep=slept.append))
    story = harness.at("offer")
    left = [3]
    real = harness.injector.fake_table.call

    def busy(operation: str, given: Any) -> Any:
        if operation == "TransactWriteItems" and left[0] > 0:
            left[0] -= 1
            raise refused(
                "TransactionCanceledException", operation, reasons=["TransactionConflict"]
            )
        return real(operation, given)

    monkeypatch.setattr(harness.injector.fake_table, "call", busy)
    press(story, DECLINED)
    assert len(slept) == 3 and len(set(slept)) == 3, "no two wait alike"
    assert all(0 < seconds < 1.5 for seconds in slept)
    harness.settle()
    left[0] = 100
    with pytest.raises(TryAgain):
        press(story, DECLINED, "another")
    assert left[0] == 100 - dynamodb.TRIES
    left[0] = 0
    InvariantChecker(harness).at_rest()


@pytest.mark.promise("concurrent-writer", "answer-once")
def test_two_writers_and_the_slower_decides_again(harness: FaultHarness) -> None:
    for fault in ("while_before", "while_after"):
        for number in range(1, 6):
            story = harness.at("service")
            with harness.injector.without_faults():
                raw = usual(story)
            harness.injector.meanwhile = lambda story=story, raw=raw: press(story, raw, "other")
            harness.injector.begin({number: fault})
            with suppress(AlreadyDone, Invalid):
                press(story, raw)
            harness.injector.end()
            harness.settle()
            InvariantChecker(harness).at_rest()


@pytest.mark.promise("dependency-down")
@pytest.mark.parametrize("operation", WRITES)
def test_a_table_that_takes_no_writes_leaves_nothing_half_done(
    harness: FaultHarness, operation: str
) -> None:
    story = harness.at("plan")
    before = dict(harness.world.fake_table.items)
    with harness.injector.without_faults():
        raw = usual(story)
    harness.injector.begin()
    harness.injector.down = dict.fromkeys(WRITES, "before")
    with pytest.raises(TryAgain):
        press(story, raw)
    assert harness.world.fake_table.items == before
    assert harness.world.state(story.reference).task is not None, "and can still be read"


@pytest.mark.promise("run-start-repeated", "one-referral-one-run")
def test_a_run_whose_start_was_lost_is_started_once(harness: FaultHarness) -> None:
    for fault in ("lost", "twice", "throttle", "before"):
        harness.at("triage")
        reference = harness.world.submit(contact_email="other@example.org")
        harness.gather()
        harness.injector.begin()
        harness.injector.down = {"StartExecution": fault}
        batch, harness.queue = harness.queue, []
        harness.queue = harness.deliver(batch)
        assert (fault, "StartExecution") in harness.injector.injected
        harness.injector.down = {}
        harness.injector.end()
        harness.settle()
        harness.minutes(3)
        started = [r for r in harness.engine.runs.values() if r.name == f"{reference}-referral-1"]
        assert len(started) == 1
        assert harness.world.state(reference).task is not None


@pytest.mark.promise("reply-lost")
def test_the_reply_to_any_write_is_lost_and_the_own_write_is_known(harness: FaultHarness) -> None:
    for number in range(1, 6):
        story = harness.at("offer")
        harness.injector.begin({number: "lost"})
        try:
            press(story, DECLINED)
        except (TryAgain, AwsError):
            press(story, DECLINED)
        harness.injector.end()
        harness.settle()
        assert len(story.state.declined) == 1
        InvariantChecker(harness).at_rest()


@pytest.mark.promise("times-are-instants")
def test_a_second_act_at_the_same_instant_is_no_trouble(harness: FaultHarness) -> None:
    story = harness.at("triage")
    for _ in ("triage", "offer", "first_contact"):
        act(story)
    assert len({e.at for e in store.log(story.state)}) == 1
