"""Send a referral to another stage: a new generation begins there, the old run hears ``moved``.

A stage is entered once a generation (its run's name has the number), so every way back or aside is
a move: missing facts, a step up, a transfer, a reopened request. Nothing of the log is undone.
"""

from __future__ import annotations

from typing import Final

from chalicelib.aws.now import scaled
from chalicelib.workflow.case_types import parent_of
from chalicelib.workflow.cases import Case, Changes
from chalicelib.workflow.effects import AnswerRun, Effect, StartRun

MOVED = "moved"
# Days after its end in which a case of any type may be opened again.
REOPEN_DAYS: Final = 90


def ended_within(state: Case, at: int, days: int = REOPEN_DAYS) -> bool:
    """Whether a case has ended, and not more than so many days before an instant (UTC seconds)."""
    return state.closed is not None and at <= scaled(state.closed, state.closed + days * 86_400)


def move(state: Case, stage: str, *, machine: str = "") -> tuple[Changes, list[Effect]]:
    """Changes and effects that take a referral to ``stage``; its open task is void.

    The run that waits hears ``moved`` and ends by itself. Where the move is the answer to that very
    task, give the outcome the verdict ``MOVED`` with ``final=False`` and use ``onward``.
    """
    changes, effects = onward(state, stage, machine=machine)
    if state.task is not None and state.task.token:
        effects.insert(0, AnswerRun(token=state.task.token, verdict=MOVED))
    return changes | {"task": None}, effects


def onward(state: Case, stage: str, *, machine: str = "") -> tuple[Changes, list[Effect]]:
    """The same without a word to the old run: the answer that moves it is that word."""
    generation = state.generation + 1
    changes: Changes = {"generation": generation, "stage": stage, "done": None}
    return changes, [
        StartRun(machine=machine or parent_of(state), stage=stage, generation=generation)
    ]


def afterwards(state: Case, machine: str) -> tuple[Changes, list[Effect]]:
    """Changes and effects that let a run of its own begin with the end of a referral.

    Its stage has the machine's name, which is how the clock knows that this run should be alive
    (``machines.after_close``). Put the start before any letter: it must not wait for one.
    """
    start = StartRun(machine=machine, stage=machine, generation=state.generation)
    return {"stage": machine}, [start]
