"""Step Functions, as the house needs it: start a run once, answer a waiting one, look at one."""

from __future__ import annotations

import json
from datetime import datetime

from chalicelib.aws.clients import client
from chalicelib.aws.errors import AwsError
from chalicelib.aws.refusals import call
from chalicelib.aws.settings import settings
from chalicelib.domain.json_values import Json
from chalicelib.domain.plain.values import frozen

# The engine's words for "nobody waits with this token anymore": the answer stands in the table,
# and the reconciler finds a run that should have heard it.
_NOBODY_WAITS = {"TaskTimedOut", "InvalidToken", "TaskDoesNotExist", "InvalidOutput"}


def run_name(reference: str, stage: str, generation: int) -> str:
    """``{reference}-{stage}-{n}``: StartExecution is idempotent by name."""
    return f"{reference}-{stage}-{generation}"


def start(machine: str, reference: str, generation: int, stage: str) -> None:
    """Start the run of a referral; a run of that name that exists is the same run."""
    body = {"referral": reference, "generation": generation, "stage": stage}
    try:
        call(
            client("stepfunctions").start_execution,
            stateMachineArn=settings().machine_arn(machine),
            name=run_name(reference, machine, generation),
            input=json.dumps(body),
        )
    except AwsError as error:
        if error.code != "ExecutionAlreadyExists":
            raise


def answer(token: str, verdict: str) -> bool:
    """Tell a waiting run the verdict. False when nobody waits with that token anymore."""
    try:
        call(
            client("stepfunctions").send_task_success,
            taskToken=token,
            output=json.dumps({"verdict": verdict}),
        )
    except AwsError as error:
        if error.code not in _NOBODY_WAITS:
            raise
        return False
    return True


def describe(machine: str, name: str) -> Json | None:
    """The engine's description of a run, or None when it has none of that name."""
    try:
        arn = settings().execution_arn(machine, name)
        description: Json = call(client("stepfunctions").describe_execution, executionArn=arn)
    except AwsError as error:
        if error.code in ("ExecutionDoesNotExist", "ResourceNotFound"):
            return None
        raise
    return description


def alive(machine: str, name: str) -> bool:
    """True when a run of that name is running."""
    description = describe(machine, name)
    return description is not None and description["status"] == "RUNNING"


def running(machine: str) -> dict[str, int]:
    """Every running run of a machine, by name, with its start (UTC seconds).

    1,000 a call, so it is cheap; the list may lag behind by seconds. Empty for an unknown machine.
    """
    found: dict[str, int] = {}
    more: Json = {}
    while True:
        try:
            page = call(
                client("stepfunctions").list_executions,
                stateMachineArn=settings().machine_arn(machine),
                statusFilter="RUNNING",
                maxResults=1000,
                **more,
            )
        except AwsError as error:
            if error.code == "StateMachineDoesNotExist":
                return {}
            raise
        found |= {run["name"]: seconds(run["startDate"]) for run in page["executions"]}
        if not page.get("nextToken"):
            return found
        more = {"nextToken": page["nextToken"]}


@frozen
class Wait:
    """What a running run waits for since when: a person's word with this token of the engine's.

    ``token`` is empty where the engine's history does not say it.
    """

    token: str
    since: int


def waits(machine: str, name: str) -> Wait | None:
    """The word that a run waits for right now, or None when it waits for none (it works, or ended)."""
    for event in newest_events(machine, name, 5):
        if event["type"] in ("TaskSubmitted", "TaskStarted"):
            continue
        details = event.get("taskScheduledEventDetails", {})
        if not details.get("resource", "").endswith(".waitForTaskToken"):
            return None
        payload = json.loads(details.get("parameters") or "{}").get("Payload", {})
        return Wait(str(payload.get("token", "")), seconds(event["timestamp"]))
    return None


def newest_events(machine: str, name: str, most: int) -> list[Json]:
    """The last events of a run, the newest first; empty when the engine does not have it."""
    try:
        page = call(
            client("stepfunctions").get_execution_history,
            executionArn=settings().execution_arn(machine, name),
            maxResults=most,
            reverseOrder=True,
            includeExecutionData=True,
        )
    except AwsError as error:
        if error.code == "ExecutionDoesNotExist":
            return []
        raise
    events: list[Json] = page["events"]
    return events


def seconds(instant: datetime | float | None) -> int:
    """An instant as the engine gives it (or as seconds) in UTC epoch seconds; 0 for none."""
    return int(instant.timestamp() if isinstance(instant, datetime) else instant or 0)


def stop(machine: str, name: str, why: str) -> None:
    """Stop a broken run of an older generation; one that is gone already is fine."""
    try:
        arn = settings().execution_arn(machine, name)
        call(
            client("stepfunctions").stop_execution, executionArn=arn, error="Superseded", cause=why
        )
    except AwsError as error:
        if error.code not in ("ExecutionDoesNotExist", "ValidationException"):
            raise


def history(machine: str, name: str) -> list[Json]:
    """All history events of a run, oldest first; empty when the engine no longer has it."""
    arn = settings().execution_arn(machine, name)
    events: list[Json] = []
    more: Json = {}
    while True:
        try:
            page = call(
                client("stepfunctions").get_execution_history,
                executionArn=arn,
                maxResults=1000,
                includeExecutionData=True,
                **more,
            )
        except AwsError as error:
            if error.code == "ExecutionDoesNotExist":
                return []
            raise
        events += page["events"]
        if "nextToken" not in page:
            return events
        more = {"nextToken": page["nextToken"]}


def definition(machine: str) -> Json:
    """The definition of a machine as the engine runs it."""
    answer = call(
        client("stepfunctions").describe_state_machine,
        stateMachineArn=settings().machine_arn(machine),
    )
    parsed: Json = json.loads(answer["definition"])
    return parsed
