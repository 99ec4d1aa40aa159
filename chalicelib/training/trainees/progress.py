"""What a trainee has of each requirement, as the rows of their meetings, coursework and practicum say now."""

from __future__ import annotations

from chalicelib import rooms
from chalicelib.aws.now import now
from chalicelib.domain.calendar import pacific_date
from chalicelib.training import cohort as cohorts
from chalicelib.training.cohort import Cohort, Requirements
from chalicelib.training.trainees import completion
from chalicelib.training.trainees.completion import Part
from chalicelib.training.trainees.model import CONFIRMED, REPORTED, Trainee
from chalicelib.workflow import registry
from chalicelib.workflow.storage import store


def parts(state: Trainee, at: int) -> list[Part]:
    """Each requirement that counts, with what they have of it."""
    cohort = cohorts.cohort(state.cohort)
    required = cohort.required(pacific_date(at).isoformat())
    found = [
        _coursework(state, cohort),
        _practicum(state, required),
        Part(completion.FACILITATOR, state.talks, required.facilitator_meetings),
    ]
    return [one for one in found if one.need]


def complete(state: Trainee, at: int) -> bool:
    """Whether they have all that is required."""
    return completion.met(parts(state, at))


def _coursework(state: Trainee, cohort: Cohort) -> Part:
    stands = [state.work.get(one.id) for one in cohort.asked_for]
    return Part(
        completion.COURSEWORK,
        stands.count(CONFIRMED),
        len(stands),
        waits=stands.count(REPORTED),
    )


def _practicum(state: Trainee, required: Requirements) -> Part:
    confirmed, waiting = minutes_of(state.reference)
    return Part(completion.PRACTICUM, confirmed, required.practicum_minutes, waits=waiting)


def minutes_of(reference: str) -> tuple[int, int]:
    """Minutes of practicum that the provider has confirmed, and those that wait for it."""
    confirmed, waiting = registry.load(rooms.PRACTICUM_HOURS)(reference)
    return int(confirmed), int(waiting)


def practicum_needed(reference: str) -> int:
    """How many minutes of practicum a trainee needs today."""
    state = store.load(reference, Trainee)
    today = pacific_date(now()).isoformat()
    return cohorts.cohort(state.cohort).required(today).practicum_minutes
