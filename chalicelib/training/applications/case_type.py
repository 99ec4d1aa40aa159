"""The application as a type of case: where it can stand, and what its letters speak of."""

from __future__ import annotations

from typing import Final

from chalicelib.training import cohort
from chalicelib.training.applications import ends, form
from chalicelib.training.applications.machines import PARENT
from chalicelib.training.applications.model import APPLICANT, ASKED, STAGE, Application
from chalicelib.training.applications.pages.own_page import address
from chalicelib.training.applications.statuses import STATUSES
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.case_types import CaseType
from chalicelib.workflow.cases import Entry

BLIND: Final = N_(
    "You are asked to score this application without knowing whose it is. Once you have, you can see it here."
)


def letter_facts(state: Application, entry: Entry, lang: str) -> TemplateValues:
    """The cohort, and the address of the application's own page."""
    one = cohort.cohort(state.cohort)
    return {
        "cohort": one.name,
        "begins": one.begins,
        "own_link": lambda: address(state.reference),
    }


def ways(state: Application) -> list[tuple[str, str]]:
    """All applications for the same cohort; and the end of this one, where its applicant calls."""
    here = f"/console/training/applications/{state.reference}/withdraw"
    return [
        (
            f"/console/training/cohorts/{state.cohort}/applications",
            N_("All applications of the cohort"),
        ),
        *([(here, N_("Withdraw it for a caller"))] if state.open else []),
    ]


def withheld(state: Application, actor: str) -> str:
    """Whoever is to score it does not see whose it is before they have."""
    return BLIND if state.open and state.reviews.get(actor) == ASKED else ""


APPLICATION: Final = CaseType(
    name=Application.case_type,
    model=Application,
    parent=PARENT,
    applicant=APPLICANT,
    statuses=STATUSES,
    stages={STAGE: N_("Application"), "closed": N_("Closed")},
    address_pause=("applicant_unreachable", "address_not_working"),
    call_task="tell_by_phone",
    at_the_end=ends.rows_at_the_end,
    letter_facts=letter_facts,
    letters_tell=frozenset({"status"}),
    ways=ways,
    withheld=withheld,
    typed=form.typed,
)
