"""The trainee as a type of case: where it can stand, and what its letters speak of."""

from __future__ import annotations

from typing import Final

from chalicelib import rooms
from chalicelib.aws.now import now
from chalicelib.training import cohort as cohorts
from chalicelib.training.trainees import changing, completion, desk, met, progress, reopening
from chalicelib.training.trainees.machines import PARENT
from chalicelib.training.trainees.model import (
    COMPLETED,
    ON_LEAVE,
    STAGE,
    TRAINEE,
    UNREACHABLE,
    Trainee,
    told_in,
)
from chalicelib.training.trainees.pages.cohort_pages import page_of, trainee_page
from chalicelib.training.trainees.schedule import lists
from chalicelib.training.trainees.statuses import STATUSES
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.case_types import CaseType
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.effects import Effect, TellRoom

# Told when a trainee goes away, is back, or their training is over.
PRACTICUM: Final = "practicum_of_trainee"


def letter_facts(state: Trainee, entry: Entry, lang: str) -> TemplateValues:
    """The cohort, what they have of each requirement, and until when a leave or the program lasts."""
    return {
        "cohort": lambda: cohorts.cohort(state.cohort),
        "progress": lambda: [
            completion.sentence(one, lang) for one in progress.parts(state, now())
        ],
        "days": lambda: [one.at for one in lists.ahead(state, now())],
        "until": state.pause.until if state.pause else state.until,
        "until_over": state.until,
        "work": lambda: _title(state, told_in(entry).get("item", ""), lang),
        "why": entry.reason,
        "desk": lambda: desk.address(cohorts.cohort(state.cohort), state.facilitator),
        "wish": state.wish,
        "away": state.status == ON_LEAVE,
    }


def _title(state: Trainee, item: str, lang: str) -> str:
    """What a piece of coursework is called, of this cohort or an earlier one."""
    for cohort in (state.cohort, *state.earlier):
        for one in cohorts.cohort(cohort).coursework:
            if one.id == item:
                return one.title.get(lang, "")
    return ""


def tells(before: Trainee, after: Trainee, entry: Entry) -> list[Effect]:
    """The effects of an entry; whoever goes away, is back or has ended their training has a practicum, which
    hears of it, and so do the lists of their meetings."""
    stood, stands = _stands(before), _stands(after)
    if after.open and not before.open:
        stands = "again"
    told: list[Effect] = (
        [TellRoom(room=PRACTICUM, about={"stands": stands})] if stood != stands else []
    )
    if stood == "completed" != stands:
        told += [TellRoom(room=one, about={"cohort": after.cohort}) for one in rooms.TRAINED]
    return [*lists.tells(before, after, entry), *told]


def _stands(state: Trainee) -> str:
    if state.open:
        return "away" if state.status == ON_LEAVE else "back"
    return "completed" if state.status == COMPLETED else "left"


TRAINEES: Final = CaseType(
    name=TRAINEE,
    model=Trainee,
    parent=PARENT,
    applicant=TRAINEE,
    statuses=STATUSES,
    stages={STAGE: N_("Training program"), "closed": N_("Closed")},
    address_pause=(UNREACHABLE, "address_not_working"),
    call_task="tell_by_phone",
    at_the_end=changing.seat_back,
    undo_rows=reopening.undo_rows,
    pause_ends=changing.pause_ends,
    pause_ends_letter="trainees/leave_ends",
    letter_facts=letter_facts,
    tells=tells,
    found_again=met.found_again,
    files="chalicelib.training.trainees.schedule.lists:files",
    letters_tell=frozenset({"cohort"}),
    typed=lambda: {"link": N_("Link to the coursework")},
    ways=lambda state: [
        (trainee_page(state.reference), N_("What completes the program")),
        (page_of(state.cohort), N_("The cohort")),
        (f"/console/training/practicums/{state.reference}", N_("Their practicum")),
    ],
)
