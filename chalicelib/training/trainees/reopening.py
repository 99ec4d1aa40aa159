"""Staff open again what ended by mistake: a trainee who was withdrawn, or whose completion was confirmed. All that
they have done counts as before. Whoever was told of the completion undoes what followed from it; once they are a
consultant, it stays."""

from __future__ import annotations

from typing import Final

from chalicelib import rooms
from chalicelib.aws.writes import Write
from chalicelib.training import cohort as cohorts
from chalicelib.training import seats
from chalicelib.training.trainees import changing, events
from chalicelib.training.trainees.model import (
    COMPLETED,
    ENROLLED,
    STAGE,
    Trainee,
    TraineeChanges,
    TraineePayload,
)
from chalicelib.web.languages import N_
from chalicelib.workflow import registry
from chalicelib.workflow.case_types import Undoing
from chalicelib.workflow.cases import Command, Entry
from chalicelib.workflow.stage_change import ended_within, move
from chalicelib.workflow.storage import store

OVER: Final = N_("It ended more than 90 days ago. Enroll them again in a cohort.")
CONSULTANT: Final = N_(
    "They are a consultant by now, so this stays. Undo the approval first, on the page of their onboarding."
)


def why_not(state: Trainee, at: int) -> str:
    """Why it cannot be opened again, a msgid; "" where it can."""
    if not ended_within(state, at):
        return OVER
    approved = state.status == COMPLETED and registry.load(rooms.ONBOARDED)(state.reference)
    return CONSULTANT if approved else ""


def reopen(reference: str, note: str, by: str, command: str, at: int) -> None:
    """They go on where they were, with a seat of their cohort. Raises Refused where none is free."""

    def decide(state: Trainee) -> Command | None:
        if state.open or why_not(state, at):
            return None
        changes, effects = move(state, STAGE)
        over = TraineeChanges(
            status=ENROLLED, closed=None, closure=None, reason=None, wish=None, seat=state.reference
        )
        entry = Entry(
            event=events.REOPENED,
            at=at,
            actor=by,
            reason=note,
            command=command,
            changes=changing.with_(over, changes),
            payload=TraineePayload(cohort=state.cohort),
            effects=[*effects, changing.letter("again", always=True)],
        )
        return entry, seats.take(state.cohort, state.reference, at)

    store.change(reference, decide, press=command)


def undo_rows(undoing: Undoing[Trainee]) -> list[Write]:
    """The seat that an answer changed, as it was. Refuses where the one of before is somebody else's by now."""
    state, before, at = undoing.state, undoing.before, undoing.at
    if (state.cohort, state.seat) == (before.cohort, before.seat):
        return []
    given = changing.seat_back(state, at)
    return [*given, *(seats.take(before.cohort, before.seat, at) if before.seat else [])]


def has_place(state: Trainee) -> bool:
    """Whether their cohort has a free seat."""
    one = cohorts.cohort(state.cohort)
    return len(one.held) < one.seats
