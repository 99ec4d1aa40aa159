"""What the house does when AWS is busy, gone, or answers twice: bounded tries, and nothing half done."""

from __future__ import annotations

from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.aws import dynamodb
from chalicelib.domain.errors import AlreadyDone, Invalid, TryAgain
from chalicelib.workflow import store
from chalicelib.workflow.tasks import answer
from tests import episode
from tests.workflow.theater import ACCEPTED, DECLINED, WAY, Story, act

from .house import House
from .invariants import Notary
from .ledger import refused

WRITES = ("UpdateItem", "PutItem", "TransactWriteItems")


def press(story: Story, raw: dict[str, Any], command: str = "press") -> Any:
    state = story.state
    assert state.task is not None
    values = episode.fill(state, state.task.kind, **raw)
    at = story.theater.world.at
    return answer(story.reference, state.task.n, values, state.task.role, command, at)


@pytest.mark.promise("throttled-anywhere", "bounded-sizes")
@pytest.mark.parametrize("operation", ["GetItem", "Query", *WRITES])
def test_a_table_that_stays_busy_is_asked_a_bounded_number_of_times(
    house: House, operation: str
) -> None:
    story = house.at("service")
    with house.wire.calm():
        raw = WAY["service"](story)
    house.wire.begin()
    house.wire.down = {operation: "throttle"}
    with suppress(TryAgain):
        press(story, raw)
    tries = [name for _, name in house.wire.fell]
    assert len(tries) <= dynamodb.TRIES
    house.wire.down = {}
    house.wire.end()
    Notary(house).check()
    assert press(story, raw)[0].command == "press", "the same form again, and it is taken"


@pytest.mark.promise(
    "throttled-anywhere", "dependency-down", "mail-rate-limit", "refuse-when-in-doubt"
)
@pytest.mark.parametrize("operation", ["SendEmail", "StartExecution", "SendTaskSuccess"])
@pytest.mark.parametrize("how", ["throttle", "before"])
def test_what_cannot_leave_is_queued_and_leaves_later(
    house: House, operation: str, how: str
) -> None:
    story = house.at("offer")
    house.wire.begin()
    house.wire.down = {operation: how}
    assert press(story, ACCEPTED)[0].status == "matched", "who presses is thanked all the same"
    other = house.world.submit(contact_email="other@example.org")
    for _ in range(5):
        house.gather()
        batch, house.queue = house.queue, []
        if batch:
            house.deliver(batch)
        while house.engine.ready:
            house.engine.move(house.engine.ready[0])
        house.world.at += 61
        house.clock()
    assert (how, operation) in house.wire.fell
    house.wire.down = {}
    house.wire.end()
    house.minutes(40)
    Notary(house).at_rest()
    # Where a run's own answer stayed away for so long, somebody was asked to start it again.
    assert story.asks in ("first_contact", "repair") and house.world.state(other).task is not None


@pytest.mark.promise("transaction-conflicts")
def test_a_burst_of_conflicts_is_tried_again_with_jitter_and_then_said(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(dynamodb, "time", SimpleNamespace(sleep=slept.append))
    story = house.at("offer")
    left = [3]
    real = house.wire.ledger.call

    def busy(operation: str, given: Any) -> Any:
        if operation == "TransactWriteItems" and left[0] > 0:
            left[0] -= 1
            raise refused(
                "TransactionCanceledException", operation, reasons=["TransactionConflict"]
            )
        return real(operation, given)

    monkeypatch.setattr(house.wire.ledger, "call", busy)
    press(story, DECLINED)
    assert len(slept) == 3 and len(set(slept)) == 3, "no two wait alike"
    assert all(0 < seconds < 1.5 for seconds in slept)
    house.settle()
    left[0] = 100
    with pytest.raises(TryAgain):
        press(story, DECLINED, "another")
    assert left[0] == 100 - dynamodb.TRIES
    left[0] = 0
    Notary(house).at_rest()


@pytest.mark.promise("concurrent-writer", "answer-once")
def test_two_writers_and_the_slower_decides_again(house: House) -> None:
    for fault in ("while_before", "while_after"):
        for number in range(1, 6):
            story = house.at("service")
            with house.wire.calm():
                raw = WAY["service"](story)
            house.wire.meanwhile = lambda story=story, raw=raw: press(story, raw, "other")
            house.wire.begin({number: fault})
            with suppress(AlreadyDone, Invalid):
                press(story, raw)
            house.wire.end()
            house.settle()
            Notary(house).at_rest()


@pytest.mark.promise("dependency-down")
@pytest.mark.parametrize("operation", WRITES)
def test_a_table_that_takes_no_writes_leaves_nothing_half_done(
    house: House, operation: str
) -> None:
    story = house.at("plan")
    before = dict(house.world.ledger.items)
    with house.wire.calm():
        raw = WAY["plan"](story)
    house.wire.begin()
    house.wire.down = dict.fromkeys(WRITES, "before")
    with pytest.raises(TryAgain):
        press(story, raw)
    assert house.world.ledger.items == before
    assert house.world.state(story.reference).task is not None, "and can still be read"


@pytest.mark.promise("run-start-repeated", "one-referral-one-run")
def test_a_run_whose_start_was_lost_is_started_once(house: House) -> None:
    for fault in ("lost", "twice", "throttle", "before"):
        house.at("triage")
        reference = house.world.submit(contact_email="other@example.org")
        house.gather()
        house.wire.begin()
        house.wire.down = {"StartExecution": fault}
        batch, house.queue = house.queue, []
        house.queue = house.deliver(batch)
        assert (fault, "StartExecution") in house.wire.fell
        house.wire.down = {}
        house.wire.end()
        house.settle()
        house.minutes(3)
        started = [r for r in house.engine.runs.values() if r.name == f"{reference}-referral-1"]
        assert len(started) == 1
        assert house.world.state(reference).task is not None


@pytest.mark.promise("reply-lost")
def test_the_reply_to_any_write_is_lost_and_the_own_write_is_known(house: House) -> None:
    for number in range(1, 6):
        story = house.at("offer")
        house.wire.begin({number: "lost"})
        try:
            press(story, DECLINED)
        except (TryAgain, ClientError, BotoCoreError):
            press(story, DECLINED)
        house.wire.end()
        house.settle()
        assert len(story.state.declined) == 1
        Notary(house).at_rest()


@pytest.mark.promise("times-are-instants")
def test_a_second_act_at_the_same_instant_is_no_trouble(house: House) -> None:
    story = house.at("triage")
    for moment in ("triage", "offer", "first_contact"):
        act(story.remember(moment))
    assert len({e.at for e in store.log(story.state)}) == 1
