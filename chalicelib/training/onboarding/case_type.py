"""The onboarding as a type of case: where it can stand, and what its letters speak of."""

from __future__ import annotations

from typing import Final

from chalicelib.training.onboarding import facts, opening
from chalicelib.training.onboarding.model import CANDIDATE, NAME, UNREACHABLE, Onboarding
from chalicelib.training.onboarding.statuses import STATUSES
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.case_types import CaseType
from chalicelib.workflow.cases import Entry


def letter_facts(state: Onboarding, entry: Entry, lang: str) -> TemplateValues:
    """Whether they come from our training, and what staff wrote for them."""
    return {"trained_here": bool(state.trainee), "note": entry.payload.get("note", "")}


def ways(state: Onboarding) -> list[tuple[str, str]]:
    """The consultant that came of it."""
    home = [("/console/training/onboarding", N_("All who are to become consultants"))]
    if not state.consultant:
        return home
    undo = (f"/console/training/onboarding/{state.reference}/again", N_("Undo the approval"))
    return [(f"/console/consultants/{state.consultant}", N_("The consultant")), undo, *home]


ONBOARDING: Final = CaseType(
    name=NAME,
    model=Onboarding,
    parent=NAME,
    applicant=CANDIDATE,
    statuses=STATUSES,
    stages={NAME: N_("Onboarding"), "closed": N_("Closed")},
    address_pause=(UNREACHABLE, "address_not_working"),
    call_task="tell_by_phone",
    at_the_end=opening.at_the_end,
    letter_facts=letter_facts,
    ways=ways,
    typed=facts.typed,
)
