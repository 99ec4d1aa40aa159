"""Hold the machines to the house's rules, which no other linter knows.

    python -m infra.lint_machines

* every Next, Default and StartAt names a state, and every state is reached
* a task that waits has a literal TimeoutSeconds, a Catch to a named state, and passes the token on
* every task has a bounded Retry on States.TaskFailed, except a stage's run: that one is not repeated
* States.ALL stands alone and last; plain JSONPath only (every interpreter we test on agrees on it)
* Payloads and inputs hold ids and verdicts only
* a machine calls the function of its own name, which plays each step that it names; every step is used
* a Choice knows only verdicts that the task or run before it may end with (infra/verdicts.py)
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any

from chalicelib import rooms
from chalicelib.workflow.case_types import named
from chalicelib.workflow.machines import machines
from chalicelib.workflow.steps import OVERTAKEN, Step, step_of, steps_of
from infra.machines import SourceError, camel, definitions
from infra.verdicts import check_verdicts

State = dict[str, Any]

ENDS = {"Succeed", "Fail"}
YEAR = 365 * 86_400
NESTED = "states:startExecution.sync"
WAITS = ".waitForTaskToken"
IDS_AND_VERDICTS = {
    "referral",
    "generation",
    "step",
    "stage",
    "token",
    "verdict",
    "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID",
}
# $.a.b, $$.Task.Token and States.Format over such: nothing with filters, slices or JSONata.
_PATH = r"\$\$?(\.[A-Za-z_]+)*"
_PLAIN = re.compile(rf"^({_PATH}|States\.Format\('[^']*'(, *{_PATH})*\))$")


def check(definition: State) -> Iterator[str]:
    """Everything wrong with one machine, a line each."""
    states: dict[str, State] = definition.get("States", {})
    if definition.get("QueryLanguage", "JSONPath") != "JSONPath":
        yield "JSONata: plain JSONPath only"
    if definition.get("StartAt") not in states:
        yield f"StartAt names no state: {definition.get('StartAt')}"
    for name, state in states.items():
        for problem in _state(name, state, states):
            yield f"{name}: {problem}"
    reached = {str(definition.get("StartAt"))}
    frontier = list(reached)
    while frontier:
        for target in _targets(states.get(frontier.pop(), {})):
            if target not in reached:
                reached.add(target)
                frontier.append(target)
    for name in states:
        if name not in reached:
            yield f"{name}: no state leads here"


def _targets(state: State) -> Iterator[str]:
    for holder in (state, *state.get("Choices", []), *state.get("Catch", [])):
        if "Next" in holder:
            yield holder["Next"]
    if "Default" in state:
        yield state["Default"]


def _state(name: str, state: State, states: dict[str, State]) -> Iterator[str]:
    kind = state.get("Type")
    for target in _targets(state):
        if target not in states:
            yield f"leads to {target!r}, which is no state"
    if kind in ("Map", "Parallel"):
        yield f"{kind} is not used here: a referral waits for one person at a time"
    if kind == "Wait":
        yield "a wait's clock is in the table, not in the machine"
    if kind == "Choice":
        if "Default" not in state:
            yield "a Choice without a Default fails the run on an unknown verdict"
    elif kind not in ENDS and ("Next" in state) == bool(state.get("End")):
        yield "needs either Next or End"
    if kind == "Fail" and "Cause" not in state:
        yield "a failure says its Cause"
    for key, value in _walk(state):
        path = key.endswith(".$") or key in ("Variable", "InputPath", "OutputPath", "ResultPath")
        if path and value is not None and not _PLAIN.match(str(value)):
            yield f"{key} is not plain JSONPath: {value}"
        if key in ("TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath"):
            yield f"{key}: the backstop is a literal TimeoutSeconds"
    for key in ("Retry", "Catch"):
        rules = state.get(key, [])
        for number, rule in enumerate(rules):
            errors = rule.get("ErrorEquals", [])
            if "States.ALL" in errors and (number != len(rules) - 1 or errors != ["States.ALL"]):
                yield f"{key}: States.ALL must stand alone and last"
    if kind == "Task":
        yield from _task(state)


def _task(state: State) -> Iterator[str]:
    resource = str(state.get("Resource", ""))
    parameters = state.get("Parameters", {})
    sent = parameters.get("Input" if NESTED in resource else "Payload", {})
    if not isinstance(sent, dict) or not sent:
        yield "names what it sends, one id at a time"
        sent = {}
    for key in sent:
        if key.removesuffix(".$") not in IDS_AND_VERDICTS:
            yield f"sends {key!r}: ids and verdicts only"
    if not state.get("Catch"):
        yield "has no Catch: what still fails must end with a person"
    if NESTED in resource:
        if not isinstance(state.get("TimeoutSeconds"), int):
            yield "a stage's run has a literal TimeoutSeconds"
        return
    tries = [r for r in state.get("Retry", []) if "States.TaskFailed" in r.get("ErrorEquals", [])]
    if not tries:
        yield "has no Retry on States.TaskFailed"
    for rule in tries:
        if not 1 <= rule.get("MaxAttempts", 3) <= 10 or rule.get("BackoffRate", 1) < 1.5:
            yield "its Retry is bounded (1 to 10 attempts) and backs off"
    if WAITS in resource:
        if not isinstance(state.get("TimeoutSeconds"), int) or state["TimeoutSeconds"] > YEAR:
            yield "waits without a literal TimeoutSeconds of at most a year"
        if "$$.Task.Token" not in sent.values():
            yield "waits, but passes no token on"
    elif "$$.Task.Token" in sent.values():
        yield "passes a token on, but does not wait"


def _walk(node: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield key, value
            yield from _walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from _walk(value)


def known_steps(module: str, definition: State) -> dict[str, Step]:
    """The steps that a machine's function plays: the module's own, and the kinds of task it asks."""
    found = steps_of(module)
    for state in definition["States"].values():
        name = str(state.get("Parameters", {}).get("Payload", {}).get("step", ""))
        with suppress(KeyError):
            found[name] = step_of(module, name)
    return found


def check_steps(machine: str, definition: State, steps: Collection[str]) -> Iterator[str]:
    """A machine's calls against the steps that its function plays."""
    called: set[str] = set()
    for name, state in definition["States"].items():
        parameters = state.get("Parameters", {})
        if "FunctionName" not in parameters:
            continue
        step = str(parameters["Payload"]["step"])
        called.add(step)
        if parameters["FunctionName"] != f"${{{camel(machine)}}}":
            yield f"{name}: a machine calls the function of its own name"
        if step not in steps:
            yield f"{name}: {step} is no step of its function"
    for step in sorted(set(steps) - called):
        yield f"no state calls the step {step}"


def problems(definitions: Mapping[str, State]) -> list[str]:
    """Everything wrong with the machines of the house, a line each."""
    found: list[str] = []
    says: dict[str, dict[str, frozenset[str]]] = {}
    always = OVERTAKEN.union(*(named(one).ends for one in rooms.CASE_TYPES))
    for machine in machines():
        definition = definitions.get(machine.name, {})
        module = import_module(f"chalicelib.{machine.steps}")
        lines = [*check(definition)]
        if not lines:
            steps = known_steps(module.__name__, definition)
            lines += check_steps(machine.name, definition, steps)
            says[machine.name] = {name: step.says | always for name, step in steps.items()}
        found += [f"{machine.name}: {line}" for line in lines]
    return found or [*check_verdicts(definitions, lambda machine, step: says[machine][step])]


def main() -> int:
    """Command line: print every problem; 1 when there is one."""
    try:
        expanded = definitions()
        found = problems(expanded)
    except (ImportError, SourceError) as error:
        expanded, found = {}, [str(error)]
    for problem in found:
        print(problem)
    count = sum(len(definition["States"]) for definition in expanded.values())
    print(f"{len(expanded)} machines, {count} states, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
