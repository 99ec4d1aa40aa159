"""What each Choice of a machine may hear, and what may leave a machine: who says which verdict.

A kind of task has a closed set of outcomes, and a step says which words it says itself. So a rule for
a word that nobody says, most often a misspelt one, is found before anything is deployed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

State = dict[str, Any]
Words = frozenset[str]


@dataclass
class Flow:
    """The verdicts in one machine. ``heard``: by each Choice; ``left``: what its runs may end with."""

    heard: dict[str, Words] = field(default_factory=dict)
    left: Words = frozenset()


def rules(choice: State) -> Iterator[tuple[Words, str]]:
    """The verdicts that each rule of a Choice tests, and where it leads."""
    for rule in choice["Choices"]:
        yield frozenset(test["StringEquals"] for test in rule.get("Or", [rule])), rule["Next"]


def _hears_a_verdict(state: State) -> bool:
    return state["Type"] == "Choice" and "$.answer.verdict" in str(state["Choices"])


def flow(definition: State, said: Callable[[State], Words]) -> Flow:
    """Follow what each task says to where it is heard last. ``said``: of a task's state."""
    states: dict[str, State] = definition["States"]
    found = Flow()

    def lead(name: str, words: Words) -> None:
        state = states[name]
        if _hears_a_verdict(state):
            found.heard[name] = found.heard.get(name, frozenset()) | words
            for tested, target in rules(state):
                lead(target, words & tested)
                words -= tested
            lead(state["Default"], words)
        elif state.get("InputPath") == "$.answer":
            found.left |= words
        elif state.get("End"):
            found.left |= {state["Parameters"]["verdict"]}

    for state in states.values():
        if state["Type"] == "Task":
            lead(state["Next"], said(state))
            for rule in state["Catch"]:
                lead(rule["Next"], frozenset())
    return found


def unheard(definition: State, found: Flow) -> Iterator[str]:
    """The rules of a machine for words that nobody says, a line each."""
    for name, state in definition["States"].items():
        if _hears_a_verdict(state):
            for tested, _ in rules(state):
                for word in sorted(tested - found.heard.get(name, frozenset())):
                    yield f"{name}: nobody says {word!r} here"


def check_verdicts(
    definitions: Mapping[str, State], said: Callable[[str, str], Words]
) -> Iterator[str]:
    """Problems of all machines. ``said``: what a step says, by machine and step."""
    flows: dict[str, Flow] = {}

    def flow_of(machine: str) -> Flow:
        if machine not in flows:
            flows[machine] = flow(definitions[machine], lambda state: words(machine, state))
        return flows[machine]

    def words(machine: str, state: State) -> Words:
        parameters = state["Parameters"]
        if "Payload" in parameters:
            return said(machine, parameters["Payload"]["step"])
        # ${FollowUpMachine} is the machine whose name has these letters.
        child = parameters["StateMachineArn"].strip("${}").removesuffix("Machine").lower()
        return flow_of(next(m for m in definitions if m.replace("_", "") == child)).left

    for machine, definition in definitions.items():
        for line in unheard(definition, flow_of(machine)):
            yield f"{machine}: {line}"
