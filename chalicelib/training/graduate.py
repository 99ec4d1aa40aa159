"""Who completed the training, as the rooms of the training program tell each other: what a certificate
says of them, and what an onboarding begins with, so that nobody types it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from chalicelib import rooms
from chalicelib.aws.now import now
from chalicelib.domain.calendar import pacific_date
from chalicelib.web.forms import Values
from chalicelib.workflow.cases import Case, Contact
from chalicelib.workflow.registry import load
from chalicelib.workflow.storage import store

PROGRAM: Final = "Consultant Training Program"


@dataclass(frozen=True)
class Graduate:
    """``reference``: the case of their training. ``on``: the day of completion, ISO. ``hours``: what for,
    and how many, as the cohort's requirements have them. ``known``: values of the form on which a consultant's
    facts are asked (``consultants/form.py``)."""

    reference: str
    contact: Contact
    language: str
    county: str
    on: str
    program: str = PROGRAM
    cohort: str = ""
    hours: tuple[tuple[str, str], ...] = ()
    known: Values = field(default_factory=dict)


def graduate_of(state: Case) -> Graduate:
    """What the room of the trainees tells of one."""
    tells: Callable[[Case], Graduate] = load(rooms.GRADUATE)
    return tells(state)


def opened_again(trainee: str, version: int) -> bool:
    """Whether a training of whose end, or new beginning, by entry ``version`` somebody hears goes on by now."""
    state = store.load(trainee, consistent=True)
    return state.open and state.version >= version


def from_contact(state: Case) -> Graduate:
    """What any case tells: who it is, and where."""
    day = pacific_date(state.closed or now()).isoformat()
    known: Values = {"counties": [state.county]} if state.county else {}
    return Graduate(state.reference, state.contact, state.language, state.county, day, known=known)
