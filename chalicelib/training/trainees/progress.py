"""What a trainee has of each requirement, as the rows of their meetings, coursework and practicum say now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from chalicelib import rooms
from chalicelib.aws.now import now
from chalicelib.domain.calendar import pacific_date
from chalicelib.meetings import rows
from chalicelib.meetings.groups import listed
from chalicelib.meetings.groups.members import key_of
from chalicelib.meetings.model import Meeting
from chalicelib.training import cohort as cohorts
from chalicelib.training.cohort import Cohort, Requirements
from chalicelib.training.trainees import completion
from chalicelib.training.trainees.completion import Part
from chalicelib.training.trainees.model import CONFIRMED, REPORTED, Trainee
from chalicelib.workflow import registry
from chalicelib.workflow.storage import store


@dataclass
class Known:
    """What was read for one trainee and holds for the others of a roster too."""

    meetings: dict[str, list[Meeting]] = field(default_factory=dict)

    def of(self, group: str) -> list[Meeting]:
        """The meetings of a group."""
        if group not in self.meetings:
            self.meetings[group] = listed.meetings(group)
        return self.meetings[group]


def parts(state: Trainee, at: int, known: Known | None = None) -> list[Part]:
    """Each requirement that counts, with what they have of it."""
    cohort, seen = cohorts.cohort(state.cohort), known or Known()
    required = cohort.required(pacific_date(at).isoformat())
    found = [
        _meetings(
            state, completion.SESSIONS, [*state.earlier, state.cohort], required.sessions, at, seen
        ),
        _meetings(
            state,
            completion.SMALL_GROUPS,
            [*state.earlier_groups, state.group],
            required.small_groups,
            at,
            seen,
        ),
        _coursework(state, cohort),
        _practicum(state, required),
        Part(completion.FACILITATOR, state.talks, required.facilitator_meetings),
    ]
    return [one for one in found if one.need]


def complete(state: Trainee, at: int) -> bool:
    """Whether they have all that is required."""
    return completion.met(parts(state, at))


def _meetings(
    state: Trainee, name: str, groups: Sequence[str], required: int, at: int, known: Known
) -> Part:
    """Meetings are counted by their number in the row of those that take place, so that the fourth session of
    an earlier cohort is the fourth of this one."""
    met = _numbers(state, groups, known)
    now_in = known.of(groups[-1]) if groups[-1] else []
    on = [one for one in now_in if one.on]
    past = [one for number, one in enumerate(on) if one.ends <= at and number not in met]
    need, have = completion.needed(required, len(on), len(now_in) - len(on)), len(met)
    lacking = max(0, need - have)
    make_ups = min(lacking, sum(one.recorded is not None for one in past))
    unsaid = min(lacking - make_ups, sum(one.recorded is None for one in past))
    return Part(name, have, need, make_ups, unsaid, lacking - make_ups - unsaid)


def _numbers(state: Trainee, groups: Sequence[str], known: Known) -> set[int]:
    """The numbers of the meetings that they came to or made up, in any of these groups."""
    met: set[int] = set()
    for group in dict.fromkeys(one for one in groups if one):
        on = [one for one in known.of(group) if one.on]
        there = _came_to(state, on)
        met |= {number for number, one in enumerate(on) if one.id in there}
    return met


def _came_to(state: Trainee, on: Sequence[Meeting]) -> set[str]:
    key = key_of(state.reference)
    theirs = rows.some_guests((one.id, key) for one in on)
    return {one.meeting for one in theirs if one.came or one.made_up}


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
