"""Who is in a cohort, and what each of them still lacks."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.training.cohort import Cohort
from chalicelib.training.trainees import completion, opening, progress
from chalicelib.training.trainees.completion import Part
from chalicelib.training.trainees.progress import Known
from chalicelib.training.trainees.statuses import STATUSES
from chalicelib.web.languages import N_

ELSEWHERE = N_("Went to another cohort")


@dataclass(frozen=True)
class Line:
    """A trainee on the roster: ``lacking`` are the requirements that are not met, ``lacks`` their sentences."""

    reference: str
    name: str
    status: str
    open: bool
    lacking: tuple[Part, ...]
    lacks: tuple[str, ...]


def lines(cohort: Cohort, at: int, lang: str) -> list[Line]:
    """Everybody who is or was in it, by name."""
    found, known = [], Known()
    for one in opening.roster(cohort.id):
        here = one.cohort == cohort.id
        lacking = (
            tuple(p for p in progress.parts(one, at, known) if not p.met)
            if one.open and here
            else ()
        )
        said = tuple(completion.sentence(part, lang) for part in lacking)
        status = STATUSES[one.status].label if here else ELSEWHERE
        found.append(
            Line(
                one.reference,
                one.contact.name or one.reference,
                status,
                one.open and here,
                lacking,
                said,
            )
        )
    return found
