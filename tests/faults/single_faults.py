"""The usual way, one scenario at a time, with one thing broken at one call: what follows must be the same.

A run of a ``Scenario`` without a fault tells the calls it makes; then each call breaks in turn. People press
again, the stream delivers again, the engine tries again, the clock sweeps; in the end all must be as
if nothing had happened, whoever died, was throttled or was not heard.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib.aws.errors import AwsError
from chalicelib.directory import people
from chalicelib.domain.errors import TryAgain
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import answer
from tests import episode
from tests.workflow.lifecycle import Story, usual

from .fault_injector import Killed
from .harness import FaultHarness
from .invariants import InvariantChecker
from .script import CaseScript

Json = dict[str, Any]
# A dead process, a call that AWS refuses for the moment, a reply that nobody heard.
DEATHS = ("die_before", "die_after")
TROUBLES = ("before", "throttle", "lost", "twice")
TROUBLE = (Killed, TryAgain, AwsError)


@dataclass(frozen=True)
class Scenario:
    """What somebody does at a moment. ``prepares``: what is the same when they press again."""

    name: str
    moment: str
    prepares: Callable[[FaultHarness, Story], Callable[[], Any]]


def pressed(raw: Callable[[Story], Json]) -> Callable[[FaultHarness, Story], Callable[[], Any]]:
    """The open task's form, sent with an id of its own."""

    def prepares(harness: FaultHarness, story: Story) -> Callable[[], Any]:
        state, task = story.state, story.state.task
        assert task is not None
        values, at = episode.fill(state, task.kind, **raw(story)), harness.world.at
        return lambda: answer(story.reference, task.number, values, task.role, "press", at)

    return prepares


def waited(harness: FaultHarness, story: Story) -> Callable[[], Any]:
    """Whoever is asked is silent until the end."""
    task = story.state.task
    assert task is not None
    harness.world.at = max(harness.world.at, task.expires)
    return harness.clock


def as_usual(harness: FaultHarness, story: Story) -> Callable[[], Any]:
    """The usual answer, or silence where nobody is asked."""
    raw = usual(story)
    return pressed(lambda story: raw)(harness, story) if raw else waited(harness, story)


def scenarios(script: CaseScript) -> dict[str, Scenario]:
    """All of a type of case, by their names: its usual way and what else is told of it."""
    way = [Scenario(moment, moment, as_usual) for moment in script.way]
    return {one.name: one for one in (*way, *script.scenarios)}


def again(harness: FaultHarness, what: Callable[[], Any]) -> Any:
    """Who was cut off or told to try again does so."""
    for _ in range(4):
        try:
            with harness.at_work():
                return what()
        except TROUBLE:
            continue
    raise AssertionError("never answered")


def play(
    harness: FaultHarness, scenario: Scenario, faults: dict[int, str]
) -> tuple[Json, Counter[Any], list[str]]:
    """The scenario from its beginning: the picture afterwards, its letters, the calls that were made."""
    story = harness.at(scenario.moment)
    harness.minutes(2)  # the clock is sure of all that was before
    begun = len(harness.world.mails)
    does = scenario.prepares(harness, story)
    harness.injector.begin(faults)
    again(harness, does)
    harness.settle()
    for _ in range(2):
        harness.world.at += store.SWEEP_AFTER + 1
        again(harness, harness.clock)
        harness.settle()
    calls = list(harness.injector.calls)
    harness.injector.end()
    # What failed is tried again a little later, by a clock that is well. Where nothing failed as much time passes: it
    # may be the end of a wait.
    harness.minutes(10)
    InvariantChecker(harness).at_rest()
    # Without the day that it names: who was late names another.
    letters = Counter((m.to, m.subject.partition(", by ")[0]) for m in harness.world.mails[begun:])
    return picture(harness, story), letters, calls


def picture(harness: FaultHarness, story: Story) -> Json:
    """What must be the same, whatever broke."""
    state = story.state
    log = store.log(state)
    told = {"status", "stage", "done", "consultant", "declined", "closure", "tasks"}
    # Who is late has other instants.
    asked = {"number", "kind", "assignee", "link_number", "first_valid_link"}
    return {
        "state": state.model_dump(include=told),
        "task": state.task.model_dump(include=asked) if state.task else None,
        "log": [e.event for e in log],
        "held": [c["id"] for c in people.consultants() if c.get("held")],
        "waiting": sorted((r.machine, r.state) for r in harness.engine.waiting()),
        "runs": sorted((r.machine, r.name, r.status) for r in harness.engine.runs.values()),
    }


def breaks(harness: FaultHarness, name: str, faults: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Break each call of a scenario in each of these ways; yields where, and what was wrong ("")."""
    scenario = scenarios(harness.script)[name]
    expected, letters, calls = play(harness, scenario, {})
    for number, call in enumerate(calls, start=1):
        for fault in faults:
            where = f"{name}: {fault} at call {number} of {len(calls)}, {call}"
            try:
                found, sent, _ = play(harness, scenario, {number: fault})
            except Exception as error:
                yield where, f"{type(error).__name__}: {error}"
                continue
            yield where, _compared(expected, found, letters, sent, call)


def _compared(
    expected: Json, found: Json, letters: Counter[Any], sent: Counter[Any], call: str
) -> str:
    if found != expected:
        return str({k: (v, found[k]) for k, v in expected.items() if found[k] != v})
    if set(sent) != set(letters):
        return f"other letters: {set(sent) ^ set(letters)}"
    # Two only after a death, or a reply that was lost, between the send and its mark.
    more = sum((sent - letters).values())
    return f"{more} letters twice" if more > (call in ("SendEmail", "UpdateItem")) else ""
