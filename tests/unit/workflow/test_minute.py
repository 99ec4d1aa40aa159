"""The minute: everything that is due, the urgent first; and no duty waits for another or falls with it."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import rooms
from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, put
from chalicelib.workflow import scheduler
from chalicelib.workflow.attention import open_attention_task
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.storage import keys, store
from tests.world import World

DUE: dict[str, Any] = {"detail": {"duty": rooms.DUE}}


@pytest.fixture
def looked(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The references that the scheduler looks at, in order; each then sleeps."""
    found: list[str] = []

    def look(reference: str, at: int, unheard: int) -> None:
        found.append(reference)
        scheduler.indexes.sleep(keys.case_pk(reference), keys.STATE)

    monkeypatch.setattr(scheduler, "look", look)
    return found


def due(world: World, count: int, wpk: str = keys.WAKE_PARTITION, since: int = 1) -> list[str]:
    """So many rows whose wake-up has come, the first of them first."""
    names = [f"{wpk}{n:04d}" for n in range(count)]
    for n, name in enumerate(names):
        wake = {"wpk": wpk, "wake_at": world.at - since - count + n}
        dynamodb.write(put(Key(keys.case_pk(name), keys.STATE), wake))
    return names


@pytest.mark.promise("scheduler-drains")
def test_all_that_is_due_is_looked_at_in_one_minute(world: World, looked: list[str]) -> None:
    names = due(world, 450)
    assert scheduler.clock(DUE, None) == {"looked": 450, "failed": 0, "more": False}
    assert looked == names
    assert scheduler.clock(DUE, None)["looked"] == 0


@pytest.mark.promise("scheduler-drains")
def test_the_urgent_come_first_however_long_others_have_waited(
    world: World, looked: list[str]
) -> None:
    routine, urgent = due(world, 3, since=9000), due(world, 2, wpk=keys.WAKE_URGENT)
    scheduler.clock(DUE, None)
    assert looked == [*urgent, *routine]


@pytest.mark.promise("scheduler-drains")
def test_a_case_stands_among_the_urgent_by_its_priority_and_a_side_task_always(
    world: World,
) -> None:
    def lane(sk: str) -> str:
        return str((dynamodb.get(Key(keys.case_pk(reference), sk)) or {})["wpk"])

    reference = world.submit()
    assert lane(keys.STATE) == keys.WAKE_PARTITION
    begun = open_attention_task(world.state(reference), world.at, {"what": "run"})
    entry = Entry(
        event="reconciled", at=world.at, actor="test", command="c", effects=begun.effects,
        changes={**begun.changes, "priority": "stat"},
    )  # fmt: skip
    store.change(reference, lambda state: (entry, begun.same_transaction))
    assert lane(keys.task_sk(begun.number)) == keys.WAKE_URGENT
    world.at += 61
    scheduler.clock(DUE, None)
    assert lane(keys.STATE) == keys.WAKE_URGENT


@pytest.mark.promise("scheduler-drains")
def test_it_ends_before_its_time_is_over_and_the_next_minute_goes_on(
    world: World, looked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = due(world, 3)
    monkeypatch.setattr(scheduler, "SECONDS", -1)
    looks = [scheduler.clock(DUE, None) for _ in range(4)]
    assert [one["looked"] for one in looks] == [1, 1, 1, 0]
    assert [one["more"] for one in looks] == [True, True, True, False]
    assert looked == names


@pytest.mark.promise("duties-apart")
@pytest.mark.parametrize("slow", rooms.EACH_MINUTE)
def test_a_duty_that_fails_or_hangs_stops_no_other(
    world: World, looked: list[str], monkeypatch: pytest.MonkeyPatch, slow: str
) -> None:
    done: list[str] = []

    def duty(name: str) -> Any:
        def run(at: int) -> None:
            if name == slow:
                raise SystemExit("the function timed out") if own else RuntimeError(name)
            done.append(name)

        return run

    monkeypatch.setattr(scheduler, "EACH_MINUTE", {name: name for name in rooms.EACH_MINUTE})
    monkeypatch.setattr(scheduler, "load", duty)
    due(world, 1)
    others = [name for name in rooms.EACH_MINUTE if name != slow]
    # Called apart, as the template's rules do, even one whose process ends takes nobody with it.
    own = True
    for name in (slow, rooms.DUE, *others):
        try:
            scheduler.clock({"detail": {"duty": name}}, None)
        except SystemExit:
            assert name == slow
    assert done == others and len(looked) == 1
    # Called at once, by hand, one that fails is counted.
    own = False
    done.clear()
    assert scheduler.clock({}, None)["failed"] == 1
    assert done == others
