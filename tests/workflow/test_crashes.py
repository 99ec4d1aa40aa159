"""The process dies after any call to AWS; what comes next puts it right.

One act of a person is played again and again, each time with one process killed after another call:
the press, the relay, a step, the clock. A person presses again, the stream delivers again, the
engine tries again, the clock sweeps. In the end all must be as if nothing had happened. Death before
a call is death after the one before it, and a read leaves no trace: so each write is enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from botocore.client import BaseClient

from chalicelib.aws import ses, stepfunctions
from chalicelib.directory import people
from chalicelib.referral.model import Referral
from chalicelib.referral.status.withdraw import withdraw
from chalicelib.workflow import scheduler
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import answer
from infra.answers import DECLINED
from tests import episode

from .lifecycle import WAY, Json, LifecycleHarness, StepFunctions, Story, at

READS = ("GetItem", "Query", "BatchGetItem", "GetSecretValue")


class Killed(BaseException):
    """The process is gone: no handler of its own sees it."""


class Axe:
    """Falls once, right after the writing call of a number."""

    def __init__(self) -> None:
        self.number, self.count, self.calls = 0, 0, list[str]()
        self.counts = False  # only what the product does is counted, not what the test looks at
        self.fell = ""

    def falls_at(self, number: int) -> None:
        self.number, self.count, self.calls, self.fell = number, 0, [], ""

    def surely(self, what: Callable[[], Any]) -> Any:
        """Do it again when the process died: whoever asked asks again."""
        self.counts = True
        try:
            return what()
        except Killed:
            return what()
        finally:
            self.counts = False

    def call(self, name: str, real: Callable[[], Any]) -> Any:
        """A call to AWS, which may be the last one of this process."""
        if not self.counts or name in READS:
            return real()
        self.count += 1
        self.calls.append(name)
        if self.count != self.number:
            return real()
        self.fell = name
        real()
        raise Killed(name)


@pytest.fixture
def axe(harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch) -> Axe:
    """Over every call to the table, to the post and to Step Functions."""
    made = Axe()
    real, send = BaseClient._make_api_call, ses.send

    def api(self: Any, operation: str, arguments: Json) -> Any:
        return made.call(operation, lambda: real(self, operation, arguments))

    monkeypatch.setattr(BaseClient, "_make_api_call", api)
    monkeypatch.setattr(ses, "send", lambda *a: made.call("SendEmail", lambda: send(*a)))
    for name in ("start_execution", "send_task_success"):
        method = getattr(StepFunctions, name)

        def wrapped(self: Any, *, _m: Any = method, _n: str = name, **more: Any) -> Any:
            return made.call(_n, lambda: _m(self, **more))

        monkeypatch.setattr(StepFunctions, name, wrapped)
    for step, handler in harness.engine.steps.items():
        harness.engine.steps[step] = _in_a_process_of_its_own(handler)
    monkeypatch.setattr(store.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(stepfunctions, "alive", lambda *_: True)
    return made


def _in_a_process_of_its_own(handler: Callable[[Json, Any], Any]) -> Callable[[Json, Any], Any]:
    def lambda_call(event: Json, context: Any) -> Any:
        try:
            return handler(event, context)
        except Killed as error:
            raise RuntimeError("Runtime exited") from error

    return lambda_call


def pressed(axe: Axe, story: Story, raw: Json) -> None:
    """A press with its own id, twice if it must be."""
    state, now = story.state, story.harness.world.at
    assert state.task is not None
    n, kind, role = state.task.number, state.task.kind, state.task.role
    values = episode.fill(state, kind, **raw)
    axe.surely(lambda: answer(story.reference, n, values, role, "press", now))


def settled(axe: Axe, harness: LifecycleHarness) -> None:
    """The stream, which delivers a batch again when its reader died or said what failed."""
    world = harness.world
    while left := world.records():
        for _ in range(4):
            failed = axe.surely(lambda batch=left: world.relay(batch))["batchItemFailures"]
            if not failed:
                break
            numbers = [r["dynamodb"]["SequenceNumber"] for r in left]
            left = left[numbers.index(failed[0]["itemIdentifier"]) :]
        else:
            raise AssertionError("the stream gave up")


def clock() -> None:
    """The clock's minute."""
    scheduler.clock({"time": "", "detail": {}, "source": "", "account": "", "region": "",
                 "resources": [], "version": "0", "id": "1", "detail-type": ""}, None)  # fmt: skip


ACTS: dict[str, tuple[str, Callable[[Axe, Story], None]]] = {
    "the offer is accepted": ("offer", lambda axe, s: pressed(axe, s, WAY["offer"](s))),
    "the offer is declined": ("offer", lambda axe, s: pressed(axe, s, DECLINED)),
    "the summary is written": ("summary", lambda axe, s: pressed(axe, s, WAY["summary"](s))),
    "the provider withdraws": (
        "plan",
        lambda axe, s: axe.surely(lambda: withdraw(s.reference, "not_needed", "press")),
    ),
}


def play(harness: LifecycleHarness, axe: Axe, act: str) -> tuple[Json, Counter[tuple[str, str]]]:
    """The act from its beginning; the picture afterwards, and the letters of the act."""
    moment, does = ACTS[act]
    story = at(harness, moment)
    before = len(harness.world.mails)
    people.forget()
    does(axe, story)
    settled(axe, harness)
    harness.world.at += store.SWEEP_AFTER + 1
    axe.surely(clock)
    settled(axe, harness)
    return picture(story), Counter((m.to, m.subject) for m in harness.world.mails[before:])


def picture(story: Story) -> Json:
    """What must be the same, whatever died."""
    state, log, engine = story.state, store.log(story.state), story.harness.engine
    assert [e.version for e in log] == list(range(1, state.version + 1))
    assert same_story(fold(Referral, story.reference, log), state)
    told = state.model_dump(include={"status", "stage", "done", "consultant", "declined",
                                     "generation", "closure", "closed", "tasks"})  # fmt: skip
    return {
        "state": told,
        "task": state.task.model_dump(exclude={"token"}) if state.task else None,
        "log": [e.event for e in log],
        "held": [c["id"] for c in people.consultants() if story.reference in c.get("held", [])],
        "waiting": sorted((r.machine, r.state) for r in engine.waiting()),
        "runs": sorted((r.machine, r.name, r.status) for r in engine.runs.values()),
        "heard": state.task is None or story.token in [r.token for r in engine.waiting()],
    }


@pytest.mark.promise(
    "crash-anywhere", "handler-times-out", "reply-lost", "one-letter-per-reason", "always-wakes-up"
)
@pytest.mark.parametrize("act", ACTS)
def test_a_process_may_die_after_any_write(harness: LifecycleHarness, axe: Axe, act: str) -> None:
    at(harness, ACTS[act][0])
    axe.falls_at(0)
    expected, letters = play(harness, axe, act)
    calls = list(axe.calls)
    assert expected["heard"] and len(calls) >= 5
    for number, name in enumerate(calls, start=1):
        axe.falls_at(number)
        found, sent = play(harness, axe, act)
        assert axe.fell == name
        where = f"{act}: killed after write {number} of {len(calls)}, {name}"
        assert found == expected, where
        assert set(sent) == set(letters), where
        # Two only after a crash between the send and its mark.
        twice = sum((sent - letters).values())
        assert twice == 0 or (twice == 1 and name == "SendEmail"), where
