"""What people and machines do in a story. A room adds its own acts with ``@act``."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import note

from chalicelib.aws.errors import AwsError
from chalicelib.console import take_over
from chalicelib.domain.errors import AlreadyDone, Invalid, NotFound, TryAgain
from chalicelib.mail.fresh_links import send_fresh
from chalicelib.referral.model import Referral
from chalicelib.referral.status.withdraw import withdraw
from chalicelib.web.forms import Field, Form, clean
from chalicelib.web.staff_auth import Staff
from chalicelib.workflow import kinds, tasks
from chalicelib.workflow.reconciler.restarts import machine_of, restart
from chalicelib.workflow.side_tasks import find
from chalicelib.workflow.storage import indexes, store
from infra.answers import day
from tests.workflow.lifecycle import WAY, Story

from .fault_injector import Killed
from .harness import FaultHarness
from .invariants import InvariantChecker, Violation

# What a page answers with a page of its own: nothing of it is a 5xx but TryAgain's 503.
POLITE = (AlreadyDone, Invalid, NotFound, TryAgain, store.Refused)
Json = dict[str, Any]


@dataclass
class Scene:
    """What the acts of a story share. ``rng``: the choices of the act at hand."""

    harness: FaultHarness
    checker: InvariantChecker
    references: list[str]
    rng: random.Random = field(default_factory=random.Random)
    presses: int = 0
    alone: tuple[str, ...] = ()  # acts that cannot run in the middle of the one at hand

    def tell(self, *words: object) -> None:
        """Say what happened: printed with a story that violates something."""
        note(" ".join(str(word) for word in words))

    def pick(self) -> Referral | None:
        """A referral of the story, as it stands."""
        with self.harness.injector.without_faults():
            return self.harness.world.state(self.rng.choice(self.references))

    def person(self, what: Callable[[], Any]) -> bool:
        """Somebody at a page. True when they were thanked, False when told why not, or cut off."""
        try:
            with self.harness.at_work():
                what()
        except Killed:
            self.tell("  the page died")
            return False
        except POLITE as error:
            self.tell("  was told", type(error).__name__)
            return False
        except AwsError as error:
            raise Violation(f"refuse-when-in-doubt: a page would say 500: {error!r}") from error
        return True

    def machine(self, what: Callable[[], Any]) -> Any:
        """A function that no person waits for: it may fail when AWS failed it, never otherwise."""
        before = len(self.harness.injector.injected)
        try:
            return self.harness.process(what)
        except (AwsError, TryAgain) as error:
            if len(self.harness.injector.injected) == before:
                raise
            self.tell("  failed:", type(error).__name__)
            return None

    def press(self, reference: str, n: int, values: Json, role: str, command: str = "") -> None:
        """Send a form; whoever was cut off often presses again."""
        self.presses += 1
        command = command or f"press:{self.presses}"
        at = self.harness.world.at
        for attempt in range(2):
            if self.person(lambda: tasks.answer(reference, n, values, role, command, at)):
                self.checker.heard.add((reference, command))
                return
            if attempt or self.rng.random() < 0.3:
                return


ACTS: dict[str, tuple[float, Callable[[Scene], None]]] = {}
# Those that may run in the middle of somebody else's call to AWS.
MEANWHILE: dict[str, float] = {}


def act(weight: float, meanwhile: float = 0.0) -> Callable[[Any], Any]:
    """Register an act under its own name, with how often it happens."""

    def keep(does: Callable[[Scene], None]) -> Callable[[Scene], None]:
        ACTS[does.__name__] = (weight, does)
        if meanwhile:
            MEANWHILE[does.__name__] = meanwhile
        return does

    return keep


def choose(rng: random.Random, names: dict[str, float]) -> str:
    """One of them, by weight."""
    return rng.choices(list(names), list(names.values()))[0]


# -- people ---------------------------------------------------------------------------------------
def any_answer(rng: random.Random, form: Form, at: int) -> Json | None:
    """A way to fill in a form that it takes, found by chance; None when this try was refused."""
    raw: dict[str, list[str]] = {}
    seen: Json = {}
    for one in form.fields:
        if one.when is not None and not one.when(seen):
            continue
        if not one.required and rng.random() < 0.5:
            seen[one.name] = None
            continue
        value = _value(rng, one, at)
        if value is None:
            return None
        raw[one.name] = value if isinstance(value, list) else [str(value)]
        seen[one.name] = value
    cleaned = clean(form, raw, "en")
    return cleaned.values if cleaned.ok else None


def _value(rng: random.Random, one: Field, at: int) -> Any:
    options = [option[0] for option in one.options]
    match one.kind:
        case "radios" | "select":
            return rng.choice(options) if options else None
        case "checkboxes":
            open_to_others = [o for o in options if o not in one.exclusive]
            return rng.sample(open_to_others, rng.randint(1, min(2, len(open_to_others))))
        case "number":
            return rng.randint(int(one.minimum or 1), int(one.maximum or 12))
        case "date":
            return day(at, rng.choice([-1, 0, 3, 7]))
        case "time":
            return "10:00"
        case "email":
            return rng.choice(["ana@example.org", "ana.new@example.org"])
        case "tel":
            return "213-555-0142"
    return "Words that somebody typed"


def usual(state: Referral, harness: FaultHarness) -> Json | None:
    """What is usually answered, when the usual way knows this task."""
    task = state.task
    if task is None or not WAY.get(task.kind):
        return None
    now = harness.world.state(state.reference)
    if now.task is None or now.task.number != task.number:
        return None
    if task.kind == "service" and (
        now.sessions is None or now.sessions.next is None or harness.injector.depth
    ):
        return None  # the usual answer waits for the session's day; nobody is paused that long
    raw = WAY[task.kind](Story(harness, state.reference))
    if not raw:
        return None
    posted = {name: [str(value)] for name, value in raw.items()}
    cleaned = clean(kinds.kind_of(task.kind).page.form(state), posted, "en")
    return cleaned.values if cleaned.ok else None


def answer_of(scene: Scene, state: Referral) -> Json | None:
    """An answer to the open task: the usual one more often than not."""
    with scene.harness.injector.without_faults():
        if scene.rng.random() < 0.6 and (values := usual(state, scene.harness)):
            return values
        assert state.task is not None
        form = kinds.kind_of(state.task.kind).page.form(state)
        return any_answer(scene.rng, form, scene.harness.world.at)


@act(10, meanwhile=4)
def somebody_answers(scene: Scene) -> None:
    state = scene.pick()
    if state is None or state.task is None:
        return
    values = answer_of(scene, state)
    if values is not None:
        scene.tell("answer", state.task.kind, values.get("decision", ""))
        scene.press(state.reference, state.task.number, values, state.task.role)


@act(2)
def somebody_presses_twice(scene: Scene) -> None:
    state = scene.pick()
    if state is None or state.task is None:
        return
    values = answer_of(scene, state)
    if values is None:
        return
    scene.tell("answer twice", state.task.kind)
    command = f"double:{state.task.number}:{state.version}"
    for _ in range(2):
        scene.press(state.reference, state.task.number, values, state.task.role, command)


@act(2, meanwhile=2)
def two_hold_one_link(scene: Scene) -> None:
    state = scene.pick()
    if state is None or state.task is None:
        return
    task = state.task
    for _ in range(2):
        values = answer_of(scene, state)
        if values is not None:
            scene.tell("one of two answers", task.kind)
            scene.press(state.reference, task.number, values, task.role)


@act(1)
def a_late_press(scene: Scene) -> None:
    state = scene.pick()
    if state is None or state.tasks < 2:
        return
    n = scene.rng.randint(1, state.tasks)
    scene.tell("late press on", n)
    if (state.task is None or state.task.number != n) and n not in state.side_tasks:
        scene.press(state.reference, n, {"decision": "accept"}, "somebody")


@act(2, meanwhile=1)
def a_task_beside_is_answered(scene: Scene) -> None:
    state = scene.pick()
    if state is None or not state.side_tasks:
        return
    n = scene.rng.choice(state.side_tasks)
    with scene.harness.injector.without_faults():
        view = find(state, n)
        if view is None or view.task is None:
            return
        kind = kinds.kind_of(view.task.kind)
        values = any_answer(scene.rng, kind.page.form(view), scene.harness.world.at)
    if values is not None:
        scene.tell("beside", kind.name, values.get("decision", ""))
        scene.press(state.reference, n, values, kind.role)


@act(1.5, meanwhile=1.5)
def the_provider_withdraws(scene: Scene) -> None:
    state = scene.pick()
    if state is None:
        return
    scene.tell("withdraw")
    scene.presses += 1
    command = f"withdraw:{scene.presses}"
    scene.person(lambda: withdraw(state.reference, "not_needed", command))


@act(1, meanwhile=0.5)
def a_fresh_link_is_asked_for(scene: Scene) -> None:
    state = scene.pick()
    if state is not None and state.task is not None:
        n, void = state.task.number, scene.rng.random() < 0.5
        scene.tell("fresh link", n)
        scene.person(lambda: send_fresh(state.reference, n, void_older=void))


@act(1, meanwhile=0.5)
def a_colleague_takes_the_task(scene: Scene) -> None:
    state = scene.pick()
    if state is not None and state.task is not None:
        who = Staff("sam-lead", "Sam", "supervisor", "")
        n = state.task.number
        scene.tell("take", n)
        scene.person(lambda: take_over.take(state.reference, n, who))


@act(0.5)
def another_request_comes(scene: Scene) -> None:
    if len(scene.references) < 3:
        scene.tell("another request")
        made: list[str] = []
        scene.person(lambda: made.append(scene.harness.world.submit()))
        with scene.harness.injector.without_faults():
            scene.references = scene.checker.references()


# -- machines -------------------------------------------------------------------------------------
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
            scene.tell("repeat", [one.number for one in batch])
            scene.machine(lambda: scene.harness.deliver(batch))


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
    scene.tell("settle")
    scene.machine(scene.harness.settle)


@act(3, meanwhile=2)
def the_clock_looks(scene: Scene) -> None:
    scene.tell("clock")
    scene.machine(scene.harness.clock)


@act(3)
def a_minute_passes(scene: Scene) -> None:
    scene.harness.world.at += 61
    scene.tell("minute")
    scene.machine(scene.harness.clock)


@act(2)
def time_passes(scene: Scene) -> None:
    """Until the next thing is due, or until whoever is asked has been silent for too long."""
    state = scene.pick()
    if state is None or state.task is None:
        return
    silent = scene.rng.random() < 0.4
    until = state.task.expires if silent else indexes.next_instant(state)
    scene.harness.world.at = max(
        scene.harness.world.at, (until or 0) + scene.rng.choice([-1, 0, 1])
    )
    scene.tell("time passes", "to the end" if silent else "to the next")
    scene.machine(scene.harness.clock)


@act(1, meanwhile=1)
def the_reconciler_looks(scene: Scene) -> None:
    scene.tell("reconcile")
    scene.machine(lambda: scene.harness.hour(wait=0))


@act(0.7, meanwhile=0.5)
def a_run_is_stopped_by_hand(scene: Scene) -> None:
    running = [r for r in scene.harness.engine.runs.values() if r.status == "RUNNING"]
    if running:
        run = scene.rng.choice(running)
        scene.tell("stop", run.name)
        scene.harness.engine.stop(run)


@act(0.7, meanwhile=0.3)
def a_wait_times_out(scene: Scene) -> None:
    waiting = scene.harness.engine.waiting()
    if waiting:
        run = scene.rng.choice(waiting)
        scene.tell("timeout", run.name)
        scene.harness.engine.fail(run.token, "States.Timeout")


@act(0.7, meanwhile=0.7)
def staff_restart_the_run(scene: Scene) -> None:
    state = scene.pick()
    if state is not None and machine_of(state):
        scene.tell("restart")
        scene.person(lambda: restart(state, scene.harness.world.at, "staff:sam-lead", "by hand"))
