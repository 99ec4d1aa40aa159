"""The practicum as a type of case: what its end leaves, and what its letters speak of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chalicelib.aws.writes import Key, Write, update
from chalicelib.directory import people
from chalicelib.training.practicum import hours
from chalicelib.training.practicum.model import NAME, STATUSES, TRAINEE, UNREACHED, Practicum
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.case_types import CaseType
from chalicelib.workflow.cases import Entry


def at_the_end(state: Practicum) -> Sequence[Write]:
    """No home is offered to them anymore; what they have goes on."""
    row = update(Key(people.CONSULTANTS, state.consultant))
    return [row.set(practicum_rests=True)] if state.consultant else []


def letter_facts(state: Practicum, entry: Entry, lang: str) -> TemplateValues:
    """Who guides them, and how many hours they have."""
    return {
        "guide": lambda: people.name_of(f"consultant:{state.facilitator}"),
        "tally": lambda: hours.tally(state),
        "trainee": state.contact.name,
    }


PRACTICUM: Final = CaseType(
    name=NAME,
    model=Practicum,
    parent=NAME,
    applicant=TRAINEE,
    statuses=STATUSES,
    stages={NAME: N_("Practicum"), "closed": N_("Closed")},
    address_pause=(UNREACHED, "address_not_working"),
    call_task="tell_by_phone",
    at_the_end=at_the_end,
    letter_facts=letter_facts,
    typed=lambda: {"hours_wrong": N_("What is not right")},
    called=lambda state: state.contact.name,
    ways=lambda state: [(f"/console/training/practicums/{state.trainee}", N_("The practicum"))],
)
