"""Expand the sources of the state machines to plain Amazon States Language.

A source (statemachines/*.yaml) says what is particular to a machine: who is asked, and where each
verdict leads. What every wait, call and nested run shares (payload, retries, what is caught, the
backstop) stands here, once. The template, the linters, the tests and Babel read what this expands.

    comment: ...
    caught: the state where a task that still fails goes on
    shared: anchors for the rest of the file; expands to nothing
    states:
      Ask the person:           {ask: kind of task, then: state}
      Decide by rule:           {do: step, then: state}
      Run a stage:              {run: machine, then: state}
      What did the person say?: {when: {verdict: state}, else: state}  # of: stage, of the run's input
      Over:                     {end: answer}   # hands on the last verdict; `failed`, or `done` for none
      Broken for good:          {fail: error, cause: sentence}
"""

from __future__ import annotations

import io
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import IO, Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "statemachines"
Json = dict[str, Any]

# Backstops, far out: the clocks of people's tasks are in the table. In seconds.
WAIT, STAGE, STEP = 330 * 86_400, 360 * 86_400, 120
IDS = {"referral.$": "$.referral", "generation.$": "$.generation"}
RETRY = {
    "ErrorEquals": ["States.TaskFailed"],
    "IntervalSeconds": 2,
    "MaxAttempts": 4,
    "BackoffRate": 2,
    "MaxDelaySeconds": 60,
    "JitterStrategy": "FULL",
}
# The keys of a state by the one that says what it is; the second of a pair may be missing.
KEYS = {
    "ask": ({"then"}, {"caught"}),
    "do": ({"then"}, {"caught"}),
    "run": ({"then"}, {"caught"}),
    "when": ({"else"}, {"of"}),
    "end": (set[str](), set[str]()),
    "fail": ({"cause"}, set[str]()),
}
ENDS: dict[str, Json] = {
    "answer": {"Type": "Pass", "InputPath": "$.answer", "End": True},
    "failed": {"Type": "Pass", "Parameters": {"verdict": "failed"}, "End": True},
    "done": {"Type": "Succeed"},
}


class SourceError(Exception):
    """A machine's source cannot be expanded; the message is one line that names file and state."""


class _Loader(yaml.SafeLoader):
    """YAML in which a state or a verdict that stands twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.YAMLError(f"line {key.start_mark.line + 1}: {key.value} stands twice")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def definitions(folder: Path = SOURCES) -> dict[str, Json]:
    """Every machine in ``folder`` by its name, expanded. Raises SourceError."""
    return {
        path.stem: expand(path.stem, path.read_text()) for path in sorted(folder.glob("*.yaml"))
    }


def expand(name: str, source: str) -> Json:
    """One machine, expanded. Raises SourceError."""
    try:
        machine = yaml.load(source, _Loader)
    except yaml.YAMLError as error:
        raise SourceError(f"{name}.yaml: {' '.join(str(error).split())}") from None
    try:
        states, caught = machine["states"], machine["caught"]
        return {
            "Comment": machine["comment"],
            "StartAt": next(iter(states)),
            "States": {
                title: _state(name, title, state, caught) for title, state in states.items()
            },
        }
    except (AttributeError, KeyError, StopIteration, TypeError):
        raise SourceError(f"{name}.yaml: needs comment, caught and states") from None


def _state(machine: str, title: str, state: Json, caught: str) -> Json:
    where = f"{machine}.yaml: {title}"
    kind = next((key for key in KEYS if key in state), None)
    if kind is None:
        raise SourceError(f"{where}: is none of {', '.join(KEYS)}")
    needed, allowed = KEYS[kind]
    if wrong := needed ^ (set(state) - {kind} - allowed):
        raise SourceError(f"{where}: {', '.join(sorted(wrong))} is missing or too much")
    if kind == "when":
        return _choice(state)
    if kind == "fail":
        return {"Type": "Fail", "Error": state["fail"], "Cause": state["cause"]}
    if kind == "end":
        if state["end"] not in ENDS:
            raise SourceError(f"{where}: ends in none of {', '.join(ENDS)}")
        return dict(ENDS[state["end"]])
    task = _run(state["run"]) if kind == "run" else _call(machine, kind, state[kind])
    catch = {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error"}
    return {
        "Type": "Task",
        **task,
        "ResultPath": "$.answer",
        "Catch": [{**catch, "Next": state.get("caught", caught)}],
        "Next": state["then"],
    }


def _call(machine: str, kind: str, what: str) -> Json:
    """A call of the machine's function. One that asks a person waits for the answer with the token."""
    step = f"ask_{what}" if kind == "ask" else what
    token = {"token.$": "$$.Task.Token"} if kind == "ask" else {}
    common: Json = {
        "Parameters": {
            "FunctionName": f"${{{camel(machine)}}}",
            "Payload": {"step": step, **IDS, **token},
        },
        "Retry": [RETRY],
    }
    resource = "arn:aws:states:::lambda:invoke"
    if kind == "ask":
        return {"Resource": f"{resource}.waitForTaskToken", "TimeoutSeconds": WAIT, **common}
    verdict = {"verdict.$": "$.Payload.verdict"}
    return {"Resource": resource, "ResultSelector": verdict, "TimeoutSeconds": STEP, **common}


def _run(machine: str) -> Json:
    """A stage's run. It is not repeated: its name is good once."""
    name = f"States.Format('{{}}-{machine}-{{}}', $.referral, $.generation)"
    parent = {"AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id"}
    return {
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {
            "StateMachineArn": f"${{{machine_id(machine)}}}",
            "Name.$": name,
            "Input": {**IDS, **parent},
        },
        "ResultSelector": {"verdict.$": "$.Output.verdict"},
        "TimeoutSeconds": STAGE,
    }


def _choice(state: Json) -> Json:
    """One rule a state that verdicts lead to."""
    variable = f"$.{state['of']}" if "of" in state else "$.answer.verdict"
    leads: dict[str, list[Json]] = {}
    for verdict, target in state["when"].items():
        leads.setdefault(target, []).append({"Variable": variable, "StringEquals": verdict})
    choices = [
        {**(tests[0] if len(tests) == 1 else {"Or": tests}), "Next": target}
        for target, tests in leads.items()
    ]
    return {"Type": "Choice", "Choices": choices, "Default": state["else"]}


def camel(name: str) -> str:
    """A function's name as CloudFormation has it: ``follow_up`` is ``FollowUp``."""
    return "".join(part.title() for part in name.split("_"))


def machine_id(name: str) -> str:
    """The logical id of a machine: ``follow_up`` is ``FollowUpMachine``."""
    return camel(name) + "Machine"


def extract_names(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Babel's extractor: the names of states, which the console shows in the reader's language."""
    machine = yaml.compose(io.TextIOWrapper(file, "utf-8"))
    assert isinstance(machine, yaml.MappingNode)
    for key, states in machine.value:
        if key.value == "states":
            for title, _ in states.value:
                yield title.start_mark.line + 1, "", title.value, []
