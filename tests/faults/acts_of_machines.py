"""What moves by itself in a story: the stream, the engine, the scheduler, the reconciler, SES."""

from __future__ import annotations

import random
from typing import Any

from chalicelib.domain import calendar
from chalicelib.mail import delivery_reports
from chalicelib.workflow.cases import Case
from chalicelib.workflow.reconciler.restarts import machine_of, restart
from chalicelib.workflow.storage import indexes

from .acts import STAFF, Acts, Scene, asked

act = Acts()


@act(6)
def the_stream_delivers(scene: Scene) -> None:
    """Some of what waits, in the order of each row, but in any order across rows."""
    harness = scene.harness
    harness.gather()
    if not harness.queue:
        return
    batch = shuffled(scene.rng, harness.queue)[: scene.rng.randint(1, 8)]
    harness.queue = [one for one in harness.queue if one not in batch]
    again = scene.machine(lambda: harness.deliver(batch))
    scene.tell("deliver", [one.number for one in batch], "again:", len(again or []))
    harness.queue = [*(batch if again is None else again), *harness.queue]


def shuffled(rng: random.Random, changes: list[Any]) -> list[Any]:
    """Any order that keeps the order of each row."""
    rows: dict[tuple[str, str], list[Any]] = {}
    for one in changes:
        rows.setdefault(one.keys, []).append(one)
    order = [keys for keys, of in rows.items() for _ in of]
    rng.shuffle(order)
    return [rows[keys].pop(0) for keys in order]


@act(1)
def the_stream_repeats(scene: Scene) -> None:
    """Records that were delivered come once more, the same day."""
    old = scene.harness.world.fake_table.stream[: scene.harness.world._seen]
    if old:
        start = scene.rng.randrange(len(old))
        batch = [one for one in old[start : start + 5] if one not in scene.harness.queue]
        if batch:
            numbers = [one.number for one in batch]
            scene.machine(lambda: scene.harness.deliver(batch), "repeat", numbers)


@act(0.7)
def the_stream_loses(scene: Scene) -> None:
    scene.harness.gather()
    scene.tell("lost", len(scene.harness.queue))
    scene.harness.queue = []


@act(6)
def the_engine_moves(scene: Scene) -> None:
    if scene.harness.engine.ready:
        run = scene.rng.choice(scene.harness.engine.ready)
        scene.tell("move", run.name)
        scene.harness.engine.move(run)


@act(4)
def everything_settles(scene: Scene) -> None:
    scene.machine(scene.harness.settle, "settle")


@act(3, meanwhile=True)
def the_clock_looks(scene: Scene) -> None:
    scene.machine(scene.harness.clock, "clock")


@act(3)
def a_minute_passes(scene: Scene) -> None:
    scene.harness.world.at += 61
    scene.machine(scene.harness.clock, "minute")


@act(2, when=asked)
def time_passes(scene: Scene, state: Case) -> None:
    """Until the next thing is due, or until whoever is asked has been silent for too long."""
    assert state.task is not None
    silent = scene.rng.random() < 0.4
    until = (state.task.expires if silent else indexes.next_instant(state)) or 0
    world = scene.harness.world
    world.at = max(world.at, until + scene.rng.choice([-1, 0, 1]))
    scene.machine(scene.harness.clock, "time passes", "to the end" if silent else "to the next")


@act(0.7)
def night_falls(scene: Scene) -> None:
    """Or morning comes, for what waited in the night."""
    world = scene.harness.world
    night = calendar.morning_after(world.at) - scene.rng.choice([10 * 3600, -60])
    world.at = max(world.at, night)
    scene.machine(scene.harness.clock, "night falls, or morning comes")


@act(1, meanwhile=True)
def the_reconciler_looks(scene: Scene) -> None:
    scene.machine(lambda: scene.harness.hour(wait=0), "reconcile")


@act(0.7, meanwhile=True)
def a_run_is_stopped_by_hand(scene: Scene) -> None:
    running = [r for r in scene.harness.engine.runs.values() if r.status == "RUNNING"]
    if running:
        run = scene.rng.choice(running)
        scene.tell("stop", run.name)
        scene.harness.engine.stop(run)


@act(0.7, meanwhile=True)
def a_wait_times_out(scene: Scene) -> None:
    waiting = scene.harness.engine.waiting()
    if waiting:
        run = scene.rng.choice(waiting)
        scene.tell("timeout", run.name)
        scene.harness.engine.fail(run.token, "States.Timeout")


@act(0.7, meanwhile=True, when=machine_of)
def staff_restart_the_run(scene: Scene, state: Case) -> None:
    scene.person(lambda: restart(state, scene.harness.world.at, STAFF, "by hand"), "restart")


@act(1, meanwhile=True)
def ses_reports_on_a_letter(scene: Scene) -> None:
    """Arrived, came back for good or for now, or was complained about; in any order, and twice."""
    sent = [one for one in scene.harness.world.mails[-6:] if "v" in one.tags]
    if not sent:
        return
    letter = scene.rng.choice(sent)
    kind = scene.rng.choice(["Delivery", "Permanent", "Transient", "Complaint"])
    event = "Bounce" if kind in ("Permanent", "Transient") else kind
    told: dict[str, Any] = {
        "eventType": event,
        "mail": {"tags": {k: [v] for k, v in letter.tags.items()}, "destination": [letter.to]},
    }
    if event == "Bounce":
        told["bounce"] = {"bounceType": kind, "bouncedRecipients": [{"emailAddress": letter.to}]}
    if kind == "Delivery":  # at once, or after a delay
        told["delivery"] = {"processingTimeMillis": scene.rng.choice([900, 90_000])}
    scene.tell("report", kind, letter.to)
    for _ in range(scene.rng.choice([1, 1, 2])):
        scene.machine(lambda: delivery_reports.record(told))
