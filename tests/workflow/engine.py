"""A small, strict engine for the product's state machines, in this process and without a clock.

It runs the machines of ``statemachines/`` as they are expanded, parent and children together, and knows
only the part of the Amazon States Language that they use: any other field, state, resource or path
is an error (``Unsupported``). ``test_moto_agrees.py`` holds it against moto's own executor.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

Json = dict[str, Any]
Handler = Callable[[Json, Any], Any]

COMMON = {"Type", "Comment", "Next", "End"}
KNOWN = {
    "Task": COMMON
    | {
        "Resource",
        "Parameters",
        "ResultSelector",
        "ResultPath",
        "TimeoutSeconds",
        "Retry",
        "Catch",
    },
    "Choice": {"Type", "Comment", "Choices", "Default"},
    "Pass": COMMON | {"InputPath", "Parameters"},
    "Succeed": {"Type", "Comment", "InputPath"},
    "Fail": {"Type", "Comment", "Error", "Cause"},
}
INVOKE = "arn:aws:states:::lambda:invoke"
INVOKE_AND_WAIT = INVOKE + ".waitForTaskToken"
RUN_CHILD = "arn:aws:states:::states:startExecution.sync:2"


class Unsupported(Exception):
    """The definition uses something that the product's machines do not use."""


class Failure(Exception):
    """A task failed, by its error name in the machine."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(error, cause)
        self.error, self.cause = error, cause


# A real task token has some 700 characters.
TOKEN = "engine-token-" + "x" * 683


def task_token(number: int) -> str:
    """The token of the engine's wait of that number."""
    return f"{TOKEN}{number:04d}"


@dataclass
class Run:
    """One execution. ``trail``: the states entered, in order."""

    machine: str
    name: str
    input: Json
    parent: Run | None = None
    status: str = "RUNNING"
    output: Json | None = None
    error: str = ""
    cause: str = ""
    trail: list[str] = field(default_factory=list)
    state: str = ""
    data: Any = None
    attempts: int = 0
    token: str = ""
    started: int = 0
    stopped: int = 0
    since: int = 0  # when it entered the state that it stands in
    events: list[Json] = field(default_factory=list)  # as GetExecutionHistory has them

    @property
    def where(self) -> str:
        """The state that it stands in or ended in."""
        return self.trail[-1]


@dataclass
class _Wait:
    run: Run
    ready: bool = False
    outcome: Any = None


Edge = tuple[str, str, str]


@dataclass
class Engine:
    """``steps``: handlers by placeholder, as ``AskOffer``. ``edges``: every way taken, by machine,
    state and label (a Choice's literal or ``default``, ``next``, ``catch``, ``retry``)."""

    machines: dict[str, Json]
    steps: dict[str, Handler]
    runs: dict[tuple[str, str], Run] = field(default_factory=dict)
    edges: set[Edge] = field(default_factory=set)
    invoked: list[tuple[str, Json]] = field(default_factory=list)
    returned: list[Any] = field(default_factory=list)
    _waits: dict[str, _Wait] = field(default_factory=dict)
    _tokens: int = 0
    clock: Callable[[], int] = lambda: 0

    def start(self, machine: str, name: str, given: Json, parent: Run | None = None) -> Run:
        """Start a run and let it go as far as it can. A name is good once."""
        if (machine, name) in self.runs:
            raise _refused("ExecutionAlreadyExists", "StartExecution")
        run = Run(machine, name, given, parent, data=json.loads(json.dumps(given)))
        run.started = self.clock()
        self.runs[machine, name] = run
        self._enter(run, str(self.machines[machine]["StartAt"]))
        self._go(run)
        return run

    def succeed(self, token: str, output: Json) -> None:
        """SendTaskSuccess."""
        self._settle(token, output, "SendTaskSuccess")

    def fail(self, token: str, error: str, cause: str = "") -> None:
        """SendTaskFailure; with ``States.Timeout`` also what the backstop does."""
        self._settle(token, Failure(error, cause), "SendTaskFailure")

    def stop(self, run: Run) -> None:
        """StopExecution."""
        if run.status == "RUNNING":
            self._waits.pop(run.token, None)
            self._end(run, "ABORTED", error="Stopped")

    def waiting(self, machine: str = "") -> list[Run]:
        """Runs that wait for somebody's answer."""
        found = [w.run for w in self._waits.values()]
        return [run for run in found if machine in ("", run.machine)]

    # -- the walk --------------------------------------------------------------------------------
    def _tell(self, run: Run, kind: str, **details: Json) -> None:
        number, state = len(run.events) + 1, self.machines[run.machine]["States"].get(run.state, {})
        kind = state["Type"] + kind if kind.startswith("State") else kind
        run.events.append({"id": number, "timestamp": self.clock(), "type": kind, **details})

    def _leave(self, run: Run) -> None:
        exited = {"name": run.state, "output": json.dumps(run.data)}
        self._tell(run, "StateExited", stateExitedEventDetails=exited)

    def _enter(self, run: Run, name: str) -> None:
        if run.trail:
            self._leave(run)
        run.state, run.attempts, run.since = name, 0, self.clock()
        run.trail.append(name)
        self._tell(run, "StateEntered", stateEnteredEventDetails={"name": name})

    def _go(self, run: Run) -> None:
        while run.status == "RUNNING":
            state = self.machines[run.machine]["States"][run.state]
            _only(state, KNOWN.get(state["Type"], set()))
            match state["Type"]:
                case "Task":
                    if not self._task(run, state):
                        return
                case "Choice":
                    label, target = _choose(state, run.data)
                    self._take(run, label, target)
                case "Pass":
                    if "InputPath" in state:
                        run.data = _path(state["InputPath"], run)
                    if "Parameters" in state:
                        run.data = _fill(state["Parameters"], run)
                    self._on(run, state)
                case "Succeed":
                    output = _path(state["InputPath"], run) if "InputPath" in state else run.data
                    self._end(run, "SUCCEEDED", output)
                case "Fail":
                    self._end(run, "FAILED", error=state["Error"], cause=state["Cause"])

    def _take(self, run: Run, label: str, target: str) -> None:
        self.edges.add((run.machine, run.state, label))
        self._enter(run, target)

    def _on(self, run: Run, state: Json) -> None:
        if state.get("End"):
            self.edges.add((run.machine, run.state, "next"))
            self._end(run, "SUCCEEDED", run.data)
        else:
            self._take(run, "next", state["Next"])

    def _end(
        self, run: Run, status: str, output: Any = None, error: str = "", cause: str = ""
    ) -> None:
        run.status, run.output, run.error, run.cause = status, output, error, cause
        if status == "SUCCEEDED":
            self._leave(run)
        self._tell(
            run,
            f"Execution{status.title()}",
            executionEventDetails={"error": error, "cause": cause},
        )
        run.stopped = self.clock()
        if run.parent is not None and run.parent.status == "RUNNING":
            parent, run.parent = run.parent, None
            if status == "SUCCEEDED":
                self._resume(parent, {"Output": output, "Status": status, "Name": run.name})
            else:
                self._resume(parent, Failure("States.TaskFailed", error))

    # -- tasks -----------------------------------------------------------------------------------
    def _task(self, run: Run, state: Json) -> bool:
        """Do a task; False when the run now waits for somebody else's word."""
        resource = state["Resource"]
        try:
            if resource == RUN_CHILD:
                return self._child(run, state)
            if resource == INVOKE:
                answer = self._invoke(_fill(state["Parameters"], run))
                return self._done(run, state, {"Payload": answer, "StatusCode": 200})
            if resource != INVOKE_AND_WAIT:
                raise Unsupported(resource)
            self._tokens += 1
            run.token = task_token(self._tokens)
            wait = self._waits[run.token] = _Wait(run)
            try:
                self._invoke(_fill(state["Parameters"], run))
            except Failure:
                self._waits.pop(run.token, None)
                raise
        except Failure as failure:
            return self._failed(run, state, failure)
        if run.status != "RUNNING" or self._waits.get(run.token) is not wait:
            return False
        wait.ready = True
        if wait.outcome is None:
            return False
        del self._waits[run.token]
        return self._heard(run, state, wait.outcome)

    def _child(self, run: Run, state: Json) -> bool:
        asked = _fill(state["Parameters"], run)
        _only(asked, {"StateMachineArn", "Name", "Input"})
        machine = _machine_of(asked["StateMachineArn"])
        given = {k: v for k, v in asked["Input"].items() if not k.startswith("AWS_STEP_FUNCTIONS")}
        try:
            self.start(machine, asked["Name"], given, parent=run)
        except ClientError as error:
            raise Failure("StepFunctions.ExecutionAlreadyExistsException") from error
        return False  # the child's end moves the parent on

    def _invoke(self, asked: Json) -> Any:
        _only(asked, {"FunctionName", "Payload"})
        name = str(asked["Payload"]["step"])
        event = json.loads(json.dumps(asked["Payload"]))
        self.invoked.append((name, event))
        try:
            answer = self.steps[name](event, None)
        except Exception as error:
            raise Failure(type(error).__name__, str(error)) from error
        self.returned.append(answer)
        return json.loads(json.dumps(answer))

    def _settle(self, token: str, outcome: Any, operation: str) -> None:
        wait = self._waits.get(token)
        if wait is None:
            known = token.startswith(TOKEN) and int(token[-4:]) <= self._tokens
            raise _refused("TaskTimedOut" if known else "InvalidToken", operation)
        if not wait.ready:  # answered while its Lambda still runs
            if wait.outcome is not None:
                raise _refused("TaskTimedOut", operation)
            wait.outcome = outcome
            return
        del self._waits[token]
        self._resume(wait.run, outcome)

    def _resume(self, run: Run, outcome: Any) -> None:
        if self._heard(run, self.machines[run.machine]["States"][run.state], outcome):
            self._go(run)

    def _heard(self, run: Run, state: Json, outcome: Any) -> bool:
        if isinstance(outcome, Failure):
            return self._failed(run, state, outcome)
        return self._done(run, state, outcome)

    def _done(self, run: Run, state: Json, result: Any) -> bool:
        if "ResultSelector" in state:
            result = _fill(state["ResultSelector"], run, result)
        run.data = _put(run.data, state["ResultPath"], result)
        self._tell(run, "TaskSucceeded")
        self._on(run, state)
        return True

    def _failed(self, run: Run, state: Json, failure: Failure) -> bool:
        told = {"error": failure.error, "cause": failure.cause}
        self._tell(run, "TaskFailed", taskFailedEventDetails=told)
        for rule in state.get("Retry", ()):
            _only(rule, {"ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate",
                         "MaxDelaySeconds", "JitterStrategy"})  # fmt: skip
            if _matches(rule["ErrorEquals"], failure.error):
                if run.attempts >= rule["MaxAttempts"]:
                    break
                run.attempts += 1
                self.edges.add((run.machine, run.state, "retry"))
                return True  # the same state once more
        for rule in state.get("Catch", ()):
            _only(rule, {"ErrorEquals", "ResultPath", "Next"})
            if _matches(rule["ErrorEquals"], failure.error):
                caught = {"Error": failure.error, "Cause": failure.cause}
                run.data = _put(run.data, rule["ResultPath"], caught)
                self._take(run, "catch", rule["Next"])
                return True
        self._end(run, "FAILED", error=failure.error, cause=failure.cause)
        return False


def _matches(names: list[str], error: str) -> bool:
    if error in names:
        return True
    if error in ("States.Runtime", "States.DataLimitExceeded"):
        return False  # no wildcard catches these
    if "States.ALL" in names:
        return True
    return "States.TaskFailed" in names and error != "States.Timeout"


def _only(found: Json, known: set[str]) -> None:
    if extra := set(found) - known:
        raise Unsupported(f"{sorted(extra)} in {sorted(found)}")


def _choose(state: Json, data: Any) -> tuple[str, str]:
    for rule in state["Choices"]:
        _only(rule, {"Variable", "StringEquals", "Or", "Next"})
        for test in rule.get("Or") or [rule]:
            _only(test, {"Variable", "StringEquals", "Next"})
            if _look(data, test["Variable"]) == test["StringEquals"]:
                return test["StringEquals"], rule["Next"]
    return "default", state["Default"]


def ways(definition: Json) -> set[tuple[str, str]]:
    """Every way out of every state of a machine, as ``Engine.edges`` names them."""
    found: set[tuple[str, str]] = set()
    for name, state in definition["States"].items():
        for rule in state.get("Choices", ()):
            found |= {(name, test["StringEquals"]) for test in rule.get("Or") or [rule]}
        found |= {(name, "default")} if "Default" in state else set()
        found |= {(name, "catch")} if state.get("Catch") else set()
        found |= {(name, "next")} if "Next" in state or state.get("End") else set()
    return found


def _look(data: Any, path: str) -> Any:
    if not re.fullmatch(r"\$(\.[A-Za-z_]\w*)*", path):
        raise Unsupported(path)
    for part in path.split(".")[1:]:
        if not isinstance(data, dict) or part not in data:
            raise Failure("States.Runtime", f"{path} is not there")
        data = data[part]
    return data


def _path(path: str, run: Run, data: Any = None) -> Any:
    if path == "$$.Task.Token":
        return run.token
    if path == "$$.Execution.Id":
        return f"arn:aws:states:us-west-2:123456789012:execution:test-{run.machine}:{run.name}"
    if words := re.fullmatch(r"States\.Format\('([^']*)', (.*)\)", path):
        parts = [str(_path(p.strip(), run, data)) for p in words[2].split(",")]
        return words[1].format(*parts)
    return _look(run.data if data is None else data, path)


def _fill(template: Any, run: Run, data: Any = None) -> Any:
    if isinstance(template, dict):
        return {
            k.removesuffix(".$"): (_path(v, run, data) if k.endswith(".$") else _fill(v, run, data))
            for k, v in template.items()
        }
    if isinstance(template, list):
        raise Unsupported("a list in Parameters")
    return template


def _put(data: Any, path: str, value: Any) -> Any:
    if not re.fullmatch(r"\$\.[A-Za-z_]\w*", path):
        raise Unsupported(f"ResultPath {path}")
    return {**data, path[2:]: value}


def _machine_of(arn: str) -> str:
    """The machine behind ``${FollowUpMachine}``."""
    found = re.fullmatch(r"\$\{(\w+)Machine\}", arn)
    if not found:
        raise Unsupported(arn)
    return re.sub(r"(?<!^)([A-Z])", r"_\1", found[1]).lower()


def _refused(code: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, operation)
