"""The parent's sentences, driven by the verdicts of its stages directly.

Every verdict that code gives today is reached by a story (``test_lifecycle``, ``test_broken_runs``).
Some ways are for what people do at any moment (a move or an end by staff): here the stage says the word
itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.world import MACHINES

from . import coverage
from .engine import Engine, task_token

STAGES = {
    "eligibility": "Check eligibility",
    "tiers": "Assign tier",
    "match": "Match consultant",
    "delivery": "Deliver service",
    "closure": "Close referral",
    "check_in": "Check in on the support",
}
REPAIRED = task_token(1)


def saying(verdict: str) -> dict[str, Any]:
    """A stage whose machine says one word at once."""
    word = {"Type": "Pass", "Parameters": {"verdict": verdict}, "End": True}
    return {"StartAt": "Says", "States": {"Says": word}}


@pytest.fixture
def parent(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The parent alone; whoever is asked to repair says nothing yet."""
    engine = Engine(dict(MACHINES), {"ask_repair": lambda event, context: {"verdict": "asked"}})
    yield engine
    engine.edges = {edge for edge in engine.edges if edge[0] == "referral"}
    engine.runs = {key: run for key, run in engine.runs.items() if key[0] == "referral"}
    coverage.write_down(request.node.name, engine)


def told(parent: Engine, stage: str, verdict: str) -> list[str]:
    """Start the parent at a stage that says a word; the states that it entered."""
    parent.machines[stage] = saying(verdict)
    given = {"referral": "0QXP-0SBS-4", "generation": 1, "stage": stage}
    return parent.start("referral", "run", given).trail


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("verdict", ["restarted", "superseded"])
def test_a_stage_whose_run_was_replaced_ends_the_old_parent(
    parent: Engine, stage: str, verdict: str
) -> None:
    assert told(parent, stage, verdict)[-1] == "A newer run took over"


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("verdict", ["a word nobody knows", "expired", "incomplete", "failed", ""])
def test_a_word_that_the_parent_does_not_know_asks_a_person(
    parent: Engine, stage: str, verdict: str
) -> None:
    assert told(parent, stage, verdict)[-1] == "Needs attention"
    parent.succeed(REPAIRED, {"verdict": "restarted"})
    assert parent.runs["referral", "run"].where == "A newer run took over"


@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage != "closure"])
def test_a_step_that_comes_after_the_end_ends_early(parent: Engine, stage: str) -> None:
    assert told(parent, stage, "closed")[-1] == "Closed early"


@pytest.mark.promise("named-ends")
@pytest.mark.parametrize(
    ("verdict", "end"),
    [
        ("closed_early", "Closed early"),
        ("withdrawn", "Withdrawn by the provider"),
        ("unresponsive", "Provider could not be reached"),
        ("cannot_be_served", "Cannot be served"),
        ("redirected_local", "Ended with another place to go"),
        ("out_of_scope", "Ended with another place to go"),
    ],
)
def test_every_early_ending_has_a_named_end(parent: Engine, verdict: str, end: str) -> None:
    assert told(parent, "closure", verdict)[-1] == end
    assert parent.runs["referral", "run"].status == "SUCCEEDED"


@pytest.mark.promise("named-ends")
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    ("verdict", "end"),
    [
        ("duplicate", "Ended with another place to go"),
        ("redirected_local", "Ended with another place to go"),
        ("out_of_scope", "Ended with another place to go"),
        ("cannot_be_served", "Cannot be served"),
        ("unresponsive", "Provider could not be reached"),
    ],
)
def test_an_end_that_staff_set_has_its_name_wherever_it_stands(
    parent: Engine, stage: str, verdict: str, end: str
) -> None:
    assert told(parent, stage, verdict)[-1] == end


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_run_that_ends_without_a_word_asks_a_person(parent: Engine, stage: str) -> None:
    silent = {"Type": "Fail", "Error": "Stopped", "Cause": "by hand"}
    parent.machines[stage] = {"StartAt": "Dies", "States": {"Dies": silent}}
    given = {"referral": "0QXP-0SBS-4", "generation": 1, "stage": stage}
    run = parent.start("referral", "run", given)
    assert run.trail[1:] == [STAGES[stage], "Needs attention"]
    assert run.data["error"]["Error"] == "States.TaskFailed"


def test_a_parent_that_begins_at_no_stage_of_its_own_asks_a_person(parent: Engine) -> None:
    given = {"referral": "0QXP-0SBS-4", "generation": 1, "stage": "follow_up"}
    assert parent.start("referral", "run", given).where == "Needs attention"


@pytest.mark.promise("one-referral-one-run", "run-start-repeated")
def test_the_run_of_a_stage_has_a_name_that_is_good_once(parent: Engine) -> None:
    told(parent, "tiers", "intensive")
    assert ("tiers", "0QXP-0SBS-4-tiers-1") in parent.runs
    given = {"referral": "0QXP-0SBS-4", "generation": 1, "stage": "tiers"}
    again = parent.start("referral", "another", given)
    assert again.where == "Needs attention", "the same generation cannot run a stage twice"
