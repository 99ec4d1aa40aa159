"""How an application ends: its seat returns unless they took it, it leaves the line, and they can apply again."""

from __future__ import annotations

from typing import Final

from chalicelib.aws.attribute_values import Item
from chalicelib.aws.now import now
from chalicelib.aws.writes import Write
from chalicelib.training import seats
from chalicelib.training.applications import line, one_application
from chalicelib.training.applications.events import WITHDRAWN, WITHDRAWN_FOR
from chalicelib.training.applications.model import APPLICANT, Application
from chalicelib.workflow.cases import Command, Entry
from chalicelib.workflow.effects import Effect, SendLetter, TellRoom
from chalicelib.workflow.kinds import Outcome
from chalicelib.workflow.tasks import ending

# Hears of an accepted offer, by this name in ``rooms.TOLD``.
PLACE: Final = "training_place"


def rows_at_the_end(state: Application) -> list[Write]:
    """The seat is free again, nobody waits in line anymore, and the address may be used again."""
    rows = one_application.given_back(state.address)
    rows += [line.leave(state)] if line.waits(state) else []
    if not state.seat:
        return rows
    return [*rows, *seats.give_back(state.cohort, seats.seat_of(state.reference), now())]


def ended(state: Application, at: int, status: str, letter: str, verdict: str) -> Outcome:
    """The end that is itself the answer to the open task."""
    mails = [SendLetter(letter=letter, to=APPLICANT, always=True)] if letter else []
    changes, effects, rows = ending(state, status=status, closure=status, at=at, mails=mails)
    return Outcome(verdict, changes, effects=effects, same_transaction=rows, reason=status)


def place_of(state: Application) -> Item:
    """What the room of trainees is told: the cohort, the application whose contact and answers it can read, and under
    which name the seat is held."""
    return {
        "cohort": state.cohort,
        "application": state.reference,
        "seat": seats.seat_of(state.reference),
    }


def placed(state: Application, at: int, verdict: str) -> Outcome:
    """They take the place: the seat stays theirs, and the room of trainees hears of it."""
    mails: list[Effect] = [
        SendLetter(letter="applications/place", to=APPLICANT, always=True),
        TellRoom(room=PLACE, about=place_of(state)),
    ]
    kept = state.model_copy(update={"seat": False})
    changes, effects, rows = ending(
        kept, status="place_taken", closure="place_taken", at=at, mails=mails
    )
    return Outcome(verdict, changes, effects=effects, same_transaction=rows, reason="place_taken")


def withdrawn(state: Application, actor: str, command: str, at: int) -> Command:
    """They do not want it anymore, wherever it stands; ``actor``: they, or staff whom they told it."""
    mail = SendLetter(letter="applications/withdrawn", to=APPLICANT, always=True)
    changes, effects, rows = ending(
        state,
        status="application_withdrawn",
        closure="application_withdrawn",
        at=at,
        tell="withdrawn",
        mails=[mail],
    )
    entry = Entry(
        event=WITHDRAWN if actor == APPLICANT else WITHDRAWN_FOR,
        at=at,
        actor=actor,
        command=command,
        changes=changes,
        effects=effects,
    )
    return entry, rows
