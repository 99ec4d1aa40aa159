"""The whole lifecycle in one process: real steps, real relay, real clock, machines on our engine.

People answer through ``chalicelib.workflow.tasks.answer`` with the values of their posted forms. What a
run hears, starts and stops goes through ``chalicelib.aws.stepfunctions`` as on AWS.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from botocore.exceptions import ClientError

from chalicelib.aws import stepfunctions
from chalicelib.referral.model import Referral
from chalicelib.referral.status.withdraw import withdraw
from chalicelib.workflow import scheduler
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage import task_tokens
from infra.answers import DECLINED, TRIAGED, example, time_of_answer
from tests import episode
from tests.world import MACHINES, STEPS, Mail, World

from .engine import Engine, Run

# As the module has them before any test puts its ears on the wall.
REAL = {name: getattr(stepfunctions, name) for name in ("start", "answer", "stop", "client")}
Json = dict[str, Any]


class StepFunctions:
    """boto3's client, as far as ``aws/stepfunctions.py`` uses it, on our engine. It lists two a
    ``page``, so that everybody pages."""

    def __init__(self, engine: Engine, page: int = 2) -> None:
        self.engine, self.page = engine, page

    def start_execution(self, *, stateMachineArn: str, name: str, input: str) -> Json:  # noqa: N803
        machine = stateMachineArn.rpartition(":test-")[2]
        self.engine.start(machine, name, json.loads(input))
        return {"executionArn": f"{stateMachineArn}:{name}"}

    def send_task_success(self, *, taskToken: str, output: str) -> Json:  # noqa: N803
        self.engine.succeed(taskToken, json.loads(output))
        return {}

    def describe_execution(self, *, executionArn: str) -> Json:  # noqa: N803
        run = self._run(executionArn, "DescribeExecution")
        output = json.dumps(run.output) if run.output is not None else None
        ended = {"stopDate": run.stopped, "output": output} if run.status != "RUNNING" else {}
        return {"status": run.status, "startDate": run.started, "input": "{}", **ended}

    def describe_state_machine(self, *, stateMachineArn: str) -> Json:  # noqa: N803
        machine = stateMachineArn.rpartition(":test-")[2]
        return {"definition": json.dumps(self.engine.machines[machine])}

    def list_executions(self, *, stateMachineArn: str, **more: Any) -> Json:  # noqa: N803
        machine, begin = stateMachineArn.rpartition(":test-")[2], int(more.get("nextToken") or 0)
        assert more["statusFilter"] == "RUNNING"
        runs = [
            r for r in self.engine.runs.values() if (r.machine, r.status) == (machine, "RUNNING")
        ]
        end = begin + self.page
        page = [{"name": r.name, "startDate": r.started} for r in runs[begin:end]]
        return {"executions": page, "nextToken": str(end) if len(runs) > end else None}

    def get_execution_history(self, *, executionArn: str, **how: Any) -> Json:  # noqa: N803
        """The events of a run; what one waits for as AWS has it."""
        run = self._run(executionArn, "GetExecutionHistory")
        events = list(run.events)
        if run in self.engine.waiting():
            asked = json.dumps({"Payload": {"token": run.token}})
            scheduled = {"resource": "invoke.waitForTaskToken", "parameters": asked}
            for kind in ("TaskScheduled", "TaskStarted", "TaskSubmitted"):
                events.append({"id": len(events) + 1, "type": kind, "timestamp": run.since})
            events[-3]["taskScheduledEventDetails"] = scheduled
        newest = events[::-1] if how.get("reverseOrder") else events
        return {"events": newest[: how["maxResults"]]}

    def stop_execution(self, *, executionArn: str, error: str, cause: str) -> Json:  # noqa: N803
        self.engine.stop(self._run(executionArn, "StopExecution"))
        return {}

    def _run(self, arn: str, operation: str) -> Run:
        machine, name = arn.rpartition(":test-")[2].split(":")
        if (machine, name) not in self.engine.runs:
            code = {"Error": {"Code": "ExecutionDoesNotExist", "Message": ""}}
            raise ClientError(code, operation)
        return self.engine.runs[machine, name]


@dataclass
class LifecycleHarness:
    """A world whose runs really run."""

    world: World
    # How people answer: by their form's values, or (in tests of pages) by the page itself.
    answer_by: Callable[[Story, Json], Any] = lambda story, raw: episode.post(
        story.harness.world, story.reference, **raw
    )
    engine: Engine = field(init=False)
    keeps: ClassVar = ("runs", "edges", "invoked", "returned", "_waits", "_tokens")

    def __post_init__(self) -> None:
        self.engine = Engine(dict(MACHINES), dict(STEPS), clock=lambda: self.world.at)
        self._wire(StepFunctions(self.engine))

    def _wire(self, engine: StepFunctions) -> None:
        patch = self.world.monkeypatch
        for name in ("start", "answer", "stop"):
            patch.setattr(stepfunctions, name, REAL[name])
        patch.setattr(
            stepfunctions,
            "client",
            lambda name: engine if name == "stepfunctions" else REAL["client"](name),
        )

    def settle(self) -> None:
        """Let every effect leave, and theirs, until nothing moves."""
        while records := self.world.records():
            assert self.world.relay(records) == {"batchItemFailures": []}

    def submit(self, **answers: Any) -> Story:
        """A provider sends a request."""
        story = Story(self, self.world.submit(**answers))
        self.settle()
        return story

    def newest(self) -> str:
        """The reference that came last."""
        return list(self.engine.runs)[-1][1][:11]

    def during_step(self, step: str, happens: Callable[[], object]) -> None:
        """Let something happen once, after the engine called a step and before the step looks."""
        real, left = self.engine.steps[step], [happens]

        def slow(event: Json, context: Any) -> Any:
            if left:
                left.pop()()
            return real(event, context)

        self.engine.steps[step] = slow

    def fail_step(self, step: str, times: int = 5) -> None:
        """A step's Lambda fails so many times."""
        real, left = self.engine.steps[step], [times]

        def broken(event: Json, context: Any) -> Any:
            left[0] -= 1
            if left[0] >= 0:
                raise RuntimeError("it does not work")
            return real(event, context)

        self.engine.steps[step] = broken

    def run_scheduler(self) -> None:
        """The clock's minute, and what follows from it."""
        event = {"time": "", "detail": {}, "source": "", "account": "", "region": "",
                 "resources": [], "version": "0", "id": "1", "detail-type": ""}  # fmt: skip
        result = scheduler.clock(event, None)
        assert result["failed"] == 0
        self.settle()

    # -- a story told once is not told again: tests begin where it stood ---------------------------
    def snapshot(self, story: Story) -> Snapshot:
        """Everything that the story has led to, to ``restore`` in another test."""
        world = self.world
        assert not world.changes()
        engine = pickle.dumps({name: getattr(self.engine, name) for name in self.keeps})
        items = dict(world.fake_table.items)
        return Snapshot(
            items, engine, world.at, list(world.mails), world._requests, story.reference
        )

    def restore(self, kept: Snapshot) -> Story:
        """Go on from there."""
        world, table = self.world, self.world.fake_table
        table.items = {pk: dict(rows) for pk, rows in kept.items.items()}
        table.before, table.row_before = {}, {}
        table.stream.clear()
        world._seen, world.at, world._requests = 0, kept.at, kept.requests
        world.mails = list(kept.mails)
        for name, value in pickle.loads(kept.engine).items():
            setattr(self.engine, name, value)
        return Story(self, kept.reference)


@dataclass(frozen=True)
class Snapshot:
    """A moment to go on from."""

    items: dict[str, Any]
    engine: bytes
    at: int
    mails: list[Mail]
    requests: int
    reference: str


@dataclass
class Story:
    """One referral, as the people around it live it."""

    harness: LifecycleHarness
    reference: str

    @property
    def state(self) -> Referral:
        """The row as it stands."""
        return self.harness.world.state(self.reference)

    @property
    def token(self) -> str:
        """The engine's token that the open task's run waits with."""
        task = self.state.task
        return task_tokens.find(self.reference, task.token) if task is not None else ""

    @property
    def asks(self) -> str:
        """The kind of the open task; empty when nobody is asked."""
        return self.state.task.kind if self.state.task else ""

    def run(self, machine: str = "referral", generation: int = 0) -> Run:
        """A run of this referral, the newest generation unless said."""
        number = generation or self.state.generation
        return self.harness.engine.runs[machine, f"{self.reference}-{machine}-{number}"]

    def says(self, **raw: Any) -> Story:
        """Whoever is asked fills in the form and sends it."""
        self.harness.answer_by(self, raw)
        self.harness.settle()
        return self

    def triaged(self) -> Story:
        """The specialist confirms the proposal."""
        return self.says(**TRIAGED)

    def falls_silent(self) -> Story:
        """Nobody answers the open task, until it expires and the clock sees that."""
        task = self.state.task
        assert task is not None
        self.harness.world.at = task.expires
        self.harness.run_scheduler()
        return self

    def withdraws(self) -> Story:
        """The provider takes the request back on the status page."""
        self.withdraws_quietly()
        self.harness.settle()
        return self

    def withdraws_quietly(self) -> None:
        """The same, before anything that follows from it."""
        withdraw(self.reference, "not_needed", f"withdraw:{self.reference}")

    def mails_to(self, address: str) -> list[str]:
        """Subjects of the letters to somebody, the oldest first."""
        return [m.subject for m in self.harness.world.mails if m.to == address]


def usual(story: Story) -> Json:
    """What whoever is asked says, at the moment at which they do; nothing where nobody is asked."""
    world, state = story.harness.world, story.state
    if state.task is None or not kind_of(state.task.kind).examples:
        return {}
    world.at = time_of_answer(state, world.at)
    return example(state, world.at)


# The moments of the usual way at which somebody is asked: the open task's kind, or another name.
WAY = (
    "triage", "offer", "first_contact", "agreement", "plan", "plan_agreement", "service",
    "second session", "third session", "last session", "summary", "survey", "follow_up_rest",
    "follow_up", "late_follow_up_rest", "late_follow_up",
)  # fmt: skip
KINDS = [moment for moment in WAY if " " not in moment]
_KEPT: dict[str, Snapshot] = {}


def at(harness: LifecycleHarness, moment: str) -> Story:
    """The usual story, at a moment of ``WAY`` or when it is ``over``."""
    moments = [*WAY, "over"]
    target = moments.index(moment)
    begun = max((i for i in range(target + 1) if moments[i] in _KEPT), default=-1)
    story = harness.restore(_KEPT[moments[begun]]) if begun >= 0 else harness.submit()
    for i in range(max(begun, 0), target + 1):
        name = moments[i]
        if name not in _KEPT:
            expected = "service" if "session" in name else name
            assert story.asks == ("" if name == "over" else expected)
            _KEPT[name] = harness.snapshot(story)
        if i < target:
            act(story)
    return story


def act(story: Story) -> Story:
    """Whoever is asked does what is usual."""
    answers = usual(story)
    return story.says(**answers) if answers else story.falls_silent()


def coordinated(harness: LifecycleHarness) -> Story:
    """A referral that three consultants declined."""
    if "coordinator" not in _KEPT:
        story = at(harness, "offer")
        for _ in range(3):
            story.says(**DECLINED)
        assert story.asks == "coordinator"
        _KEPT["coordinator"] = harness.snapshot(story)
    return harness.restore(_KEPT["coordinator"])
