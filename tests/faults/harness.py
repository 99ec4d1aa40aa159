"""The lifecycle harness on the fake table and the fault injector: the real product, a clock that only
we move, and a stream and an engine that move when they are told to."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from chalicelib.aws import clients, dynamodb, refusals, secrets, send_gate, ses
from chalicelib.aws.attribute_values import row_of
from chalicelib.aws.errors import AwsError
from chalicelib.aws.log import logger
from chalicelib.directory import people
from chalicelib.domain.ids import ALPHABET, check_character
from chalicelib.mail import letter_rows
from chalicelib.web import links
from chalicelib.workflow import scheduler
from chalicelib.workflow.cases import Case
from chalicelib.workflow.outbox import NotLeft
from chalicelib.workflow.reconciler import reconcile
from chalicelib.workflow.storage import keys, store
from tests.conftest import fake_aws
from tests.workflow.engine import Engine, Run
from tests.workflow.lifecycle import (
    LifecycleHarness,
    Snapshot,
    StepFunctions,
    Story,
    act,
)
from tests.world import MACHINES, STEPS, World

from .fake_table import Change, Item, record, wire_row
from .fault_injector import FaultInjector, Killed
from .script import CaseScript

# Thursday, 7 May 2026, 9:00 in California: the year is whole on both sides of it.
BEGIN = 1_778_169_600
# How often a record that fails is tried again, as infra/template/functions.yaml has it.
TRIES = 8
Json = dict[str, Any]
EVENT: Json = {"time": "", "detail": {}, "source": "", "account": "", "region": "", "resources": [],
               "version": "0", "id": "1", "detail-type": ""}  # fmt: skip


# The usual story of each type of case, at each of its moments: told once in a process.
KEPT: dict[str, dict[str, Snapshot]] = {}
# A letter's row that does not say yet that it left.
UNSENT = (letter_rows.SENDING, *letter_rows.WAITING)


class ManualEngine(Engine):
    """An engine whose runs go on when they are told to, in any order. ``ready``: they could."""

    def __init__(self, machines: Any, handlers: Any, clock: Callable[[], int]) -> None:
        super().__init__(machines, handlers, clock=clock)
        self.ready: list[Run] = []

    def _go(self, run: Run) -> None:
        if run not in self.ready:
            self.ready.append(run)

    def move(self, run: Run) -> None:
        """Let one run go as far as it can by itself."""
        self.ready.remove(run)
        super()._go(run)


class FaultyStepFunctions(StepFunctions):
    """Step Functions behind the fault injector; it lists all in one page."""

    def __init__(self, engine: Engine, injector: FaultInjector) -> None:
        super().__init__(engine, page=1000)
        self.injector = injector

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name.startswith("_") or not callable(found):
            return found
        operation = name.title().replace("_", "")
        return lambda **given: self.injector.call(operation, lambda: found(**given))


@dataclass
class FaultHarness(LifecycleHarness):
    """Everything, in one process. ``queue``: records of the stream that are not delivered yet."""

    script: CaseScript = field(kw_only=True)
    queue: list[Change] = field(default_factory=list)
    keeps: ClassVar = ("runs", "_waits", "_tokens")
    # Each letter, how far the stream was when its sender began, and when it left.
    letters: list[tuple[Any, int, int]] = field(default_factory=list)
    # Letters that left again without a death or a failure between the send and its mark.
    twice: list[tuple[str, ...]] = field(default_factory=list)
    working: list[tuple[int, int]] = field(default_factory=list)  # processes of this moment
    senders: dict[tuple[str, ...], int] = field(default_factory=dict)
    processes: int = 0
    given_up: list[Change] = field(default_factory=list)  # records in the queue of failures
    begun: dict[str, Any] = field(default_factory=dict)  # the table as the story began
    names: random.Random = field(default_factory=lambda: random.Random(0))

    @property
    def injector(self) -> FaultInjector:
        return self.world.aws

    def __post_init__(self) -> None:
        steps = STEPS | dict(self.script.steps)
        handlers = {name: self._own_process(one) for name, one in steps.items()}
        machines = MACHINES | dict(self.script.machines)
        self.engine = ManualEngine(machines, handlers, lambda: self.world.at)
        patch = self.world.monkeypatch
        self._wire(FaultyStepFunctions(self.engine, self.injector))
        patch.setattr(ses, "send", self._send)
        for module in (store, dynamodb):
            patch.setattr(module, "time", SimpleNamespace(sleep=lambda seconds: None))
        still = SimpleNamespace(monotonic=lambda: float(self.world.at))
        patch.setattr(people, "time", still)
        patch.setattr(secrets, "time", still)

    def _own_process(self, handler: Callable[[Json, Any], Any]) -> Callable[[Json, Any], Any]:
        """A step of the engine is a process of its own: when it dies, the engine tries again."""

        def call(event: Json, context: Any) -> Any:
            try:
                with self.at_work():
                    return handler(event, context)
            except Killed as error:
                raise RuntimeError("Runtime exited") from error

        return call

    def _send(self, *letter: Any) -> str:
        """``ses.send`` through the fault injector; SES's refusals are read as there."""
        try:
            heard = refusals.call(self.send_email, letter=letter)["MessageId"]
        except AwsError as error:
            if not error.reached:
                raise ses.PostBusy(ses.BUSY, error.code) from error
            raise ses.refusal(error.code, error.message) or error from error
        return str(heard)

    def send_email(self, letter: tuple[Any, ...]) -> Json:
        """SES's operation of that name."""
        answer = self.injector.call("SendEmail", lambda: self._leaves(*letter))
        return {"MessageId": answer}

    def _leaves(self, *letter: Any) -> str:
        """A letter leaves. It may leave again only when its sender died or failed before the mark."""
        tags = letter[4]
        key = (tags.get("ref", ""), tags.get("v", ""), tags.get("i", ""))
        if "v" in tags:
            sk = keys.mail_sk(int(key[1]), int(key[2]))
            row = self.world.fake_table.items.get(keys.case_pk(key[0]), {}).get(sk)
            marked = row is not None and row.get("status") not in UNSENT
            number = self.working[-1][1] if self.working else 0
            if marked or self.senders.get(key) in [one[1] for one in self.working[:-1]]:
                self.twice.append(key)
            self.senders[key] = number
        answer = self.world._send(*letter)
        began = self.working[-1][0] if self.working else 0
        self.letters.append((self.world.mails[-1], began, self.world.at))
        return answer

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """A process lives as long as this block."""
        self.processes += 1
        self.working.append((len(self.world.fake_table.stream), self.processes))
        try:
            yield
        finally:
            self.working.pop()

    def state_then(self, reference: str, number: int) -> Case | None:
        """The state of a case when the stream had so many records."""
        pk = keys.case_pk(reference)
        for change in reversed(self.world.fake_table.stream[:number]):
            if change.keys == (pk, keys.STATE):
                return store.state_of(reference, plain(change.new))
        row = self.begun.get(pk, {}).get(keys.STATE)
        return None if row is None else store.state_of(reference, plain(row))

    # -- what moves by itself --------------------------------------------------------------------
    def process(self, what: Callable[[], Any]) -> Any:
        """A process; None when it died."""
        try:
            with self.at_work():
                return what()
        except Killed:
            return None

    def gather(self) -> None:
        """Queue what the stream has."""
        self.queue += self.world.changes()

    def deliver(self, batch: list[Change]) -> list[Change]:
        """One call of the relay. What comes again: all, when it died; from the first failure on."""
        from chalicelib.mail.relay import relay

        try:
            result = self.process(lambda: relay({"Records": [record(one) for one in batch]}, None))
        except NotLeft:
            return batch
        if result is None:
            return batch
        failed = {int(one["itemIdentifier"]) for one in result["batchItemFailures"]}
        first = next((i for i, one in enumerate(batch) if one.number in failed), len(batch))
        return batch[first:]

    def settle(self) -> None:
        """Let every effect leave, and theirs, until nothing moves."""
        tries = 0
        for _ in range(200):
            self.gather()
            if self.queue:
                batch, self.queue = self.queue, []
                self.queue = self.deliver(batch)
                tries = tries + 1 if len(self.queue) == len(batch) else 0
                if tries > TRIES:
                    # The event source gives up on the one that fails, and goes on with the rest.
                    self.given_up.append(self.queue.pop(0))
                    tries = 0
            while self.engine.ready:
                self.engine.move(self.engine.ready[0])
            self.gather()
            if not self.queue:
                return
        raise AssertionError("it does not come to rest")

    def run_scheduler(self) -> None:
        """The clock's minute, and what follows from it."""
        self.clock()
        self.settle()

    def clock(self) -> Json | None:
        """The clock's minute; None when it died."""
        return self.process(lambda: scheduler.clock(dict(EVENT), None))

    def hour(self, wait: int = 130, **more: Any) -> Json | None:
        """The reconciler's hour; what is wrong has been so for longer than a moment."""
        self.world.at += wait
        return self.process(lambda: reconcile.reconcile({**EVENT, "reason": "hour", **more}, None))

    def minutes(self, number: int = 1) -> None:
        """Time passes, and the clock looks each minute."""
        for _ in range(number):
            self.world.at += 61
            self.run_scheduler()

    # -- moments --------------------------------------------------------------------------------
    def restore(self, kept: Snapshot) -> Story:
        story = super().restore(kept)
        table, engine = self.world.fake_table, self.engine
        table.wrong, table.lagging, table.stale = [], None, False
        engine.ready, engine.invoked, engine.returned = [], [], []
        self.queue, self.letters, self.twice, self.working = [], [], [], []
        self.given_up, self.names = [], random.Random(1)
        self.senders, self.begun = {}, kept.items
        self.injector.end()
        self.injector.down, self.injector.meanwhile, self.injector.depth = {}, None, 0
        for known in (people.forget, send_gate.forget, refusals.forget, links.forget_keys):
            known()  # every story begins with cold processes
        return story

    def at(self, moment: str) -> Story:
        """The usual story, at a moment of its way or when it is ``over``."""
        kept = KEPT.setdefault(self.script.name, {})
        if moment not in kept:
            story = Story(self, self.script.opens(self.world))
            self.settle()
            for name in self.script.way:
                kept[name] = self.snapshot(story)
                if name in self.script.leaves:
                    self.script.leaves[name](self, story)
                else:
                    act(story)
            kept["over"] = self.snapshot(story)
        return self.restore(kept[moment])


def build(patch: pytest.MonkeyPatch, script: CaseScript) -> FaultHarness:
    """A harness in this process. Undo ``patch`` to leave it."""
    clients.forget()
    links.forget_keys()
    people.forget()
    world = World(fake_aws(patch), patch)
    world.at = BEGIN
    made = FaultHarness(world, script=script)
    world.new_reference = lambda: _reference(made.names)
    return made


def _reference(names: random.Random) -> str:
    body = "".join(names.choice(ALPHABET) for _ in range(8))
    return f"{body[:4]}-{body[4:]}-{check_character(body)}"


@contextmanager
def fault_harness(script: CaseScript) -> Iterator[FaultHarness]:
    """A harness that has told the usual story once, to begin others at any of its moments."""
    logger().setLevel(logging.CRITICAL)
    try:
        with script.registered(), pytest.MonkeyPatch.context() as patch:
            made = build(patch, script)
            made.at("over")
            yield made
    finally:
        logger().setLevel(logging.INFO)


def plain(row: Item | None) -> Item:
    """A row of the fake table as the product reads it."""
    return row_of(wire_row(row or {}))
