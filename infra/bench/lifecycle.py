"""One happy intensive lifecycle with six sessions, measured: request units, transitions, mails."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.bench.capacity import Meter
from infra.case import Case
from infra.emulator import free_port
from infra.stack import LocalStack

SESSIONS = 6


@dataclass
class Lifecycle:
    """What one lifecycle used, from the sent request to closed. ``form`` is what filling in took."""

    written: float
    read: float
    form_written: float
    form_read: float
    transitions: int
    offer_round: int
    mails: int
    functions: int
    start_seconds: float
    units: dict[str, float]


def measure() -> Lifecycle:
    """Play it on a stack of its own, with a counting door before the table."""
    stacks: list[LocalStack] = []
    meter = Meter(free_port(), lambda: stacks[0].emulator.endpoint)
    door = {"AWS_ENDPOINT_URL_DYNAMODB": f"http://127.0.0.1:{meter.port}"}
    try:
        with tempfile.TemporaryDirectory(prefix="iecmhc-bench-") as folder:
            began = time.monotonic()
            stacks.append(LocalStack(Path(folder), environment=door))
            with stacks[0] as stack:
                return _played(stack, meter, time.monotonic() - began)
    finally:
        meter.stop()


def _played(stack: LocalStack, meter: Meter, start_seconds: float) -> Lifecycle:
    form: list[float] = []

    def before_sending() -> None:
        form.extend((meter.written, meter.read))
        meter.reset()

    case = Case("[bench]", stack.run["base_url"], stack.run["messages"], lambda line: None)
    case.before_sending = before_sending
    meter.reset()
    case.request()
    case.matched()
    case.in_service(SESSIONS)
    case.sessions(SESSIONS)
    case.summed_up()
    case.box.about(case.reference, "your consultation is complete")
    # The survey is a run of its own and begins now: what it costs is not counted here.
    written, read, units = meter.written, meter.read, dict(meter.units)
    names = [f"{case.reference}-{stage}-1" for stage in STAGES]
    second = Case("[bench]", stack.run["base_url"], stack.run["messages"], lambda line: None)
    second.request()
    second.matched({"decision": "decline", "decline_reason": "no_time"}, {"decision": "accept"})
    second.box.link(second.reference, second.n + 1)
    one, two = (entered(stack, f"{c.reference}-match-1") for c in (case, second))
    return Lifecycle(
        written=written,
        read=read,
        form_written=form[0],
        form_read=form[1],
        transitions=sum(entered(stack, name) for name in names),
        offer_round=two - one,
        mails=sum(case.reference in m.subject for m in stack.mails()),
        functions=called(stack, names),
        start_seconds=start_seconds,
        units=units,
    )


STAGES = ("referral", "eligibility", "tiers", "match", "delivery", "closure")


def history(stack: LocalStack, name: str) -> list[dict[str, Any]]:
    """The events of a run by its name, from the engine."""
    machine = name.rsplit("-", 2)[1]
    arn = stack.run["machines"][machine].replace(":stateMachine:", ":execution:") + f":{name}"
    pages = stack.client("stepfunctions").get_paginator("get_execution_history")
    return [e for page in pages.paginate(executionArn=arn) for e in page["events"]]


def entered(stack: LocalStack, name: str) -> int:
    """State transitions of a run: every state that it entered."""
    return sum(event["type"].endswith("StateEntered") for event in history(stack, name))


def called(stack: LocalStack, names: list[str]) -> int:
    """Lambda calls that the runs made."""
    kinds = ("LambdaFunctionScheduled", "TaskScheduled")
    return sum(event["type"] in kinds for name in names for event in history(stack, name))
