"""What the room tells of a trainee who completed the program, for their certificate and for what comes next."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from chalicelib.aws.now import now
from chalicelib.domain.errors import NotFound
from chalicelib.training import cohort as cohorts
from chalicelib.training.application_rows import said_by
from chalicelib.training.graduate import Graduate, from_contact
from chalicelib.training.trainees import completion, progress
from chalicelib.training.trainees.completion import Part
from chalicelib.training.trainees.model import Trainee
from chalicelib.web.forms import Values
from chalicelib.workflow.cases import Case

# The level of a language, as an application has it, in which somebody works.
WORKS_IN: Final = "work"


def graduate(state: Case) -> Graduate:
    """Who it is, of which cohort, and what they have completed of each requirement."""
    found = from_contact(state)
    if not isinstance(state, Trainee):
        return found
    cohort = cohorts.cohort(state.cohort)
    had = tuple((completion.NAMES[one.name], _many(one)) for one in progress.parts(state, now()))
    known = {**found.known, **_applied(state)}
    return replace(found, cohort=cohort.name, hours=had, known=known)


def _applied(state: Trainee) -> Values:
    """What they said when they applied, as the form of a consultant asks it; nothing for who did not."""
    try:
        said = said_by(state.application)
    except NotFound:
        return {}
    counties = list(dict.fromkeys([*([state.county] if state.county else []), *said.counties]))
    made: Values = {
        "languages": [one for one, level in said.spoken.items() if level == WORKS_IN],
        "languages_some": [one for one, level in said.spoken.items() if level != WORKS_IN],
        "counties": counties,
        "settings": said.settings,
        "availability": said.availability,
    }
    return {name: value for name, value in made.items() if value}


def _many(part: Part) -> str:
    """A number as it is printed; the practicum in hours."""
    return f"{part.have / 60:g}" if part.name == completion.PRACTICUM else str(part.have)
