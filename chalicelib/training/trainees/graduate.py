"""What the room tells of a trainee who completed the program, for their certificate and for what comes next."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.aws.now import now
from chalicelib.training import cohort as cohorts
from chalicelib.training.graduate import Graduate, from_contact
from chalicelib.training.trainees import completion, progress
from chalicelib.training.trainees.completion import Part
from chalicelib.training.trainees.model import Trainee
from chalicelib.workflow.cases import Case


def graduate(state: Case) -> Graduate:
    """Who it is, of which cohort, and what they have completed of each requirement."""
    found = from_contact(state)
    if not isinstance(state, Trainee):
        return found
    cohort = cohorts.cohort(state.cohort)
    had = tuple((completion.NAMES[one.name], _many(one)) for one in progress.parts(state, now()))
    return replace(found, cohort=cohort.name, hours=had)


def _many(part: Part) -> str:
    """A number as it is printed; the practicum in hours."""
    return f"{part.have / 60:g}" if part.name == completion.PRACTICUM else str(part.have)
