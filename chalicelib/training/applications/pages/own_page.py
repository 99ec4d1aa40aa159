"""An application's own page, by a mailed link: where it stands, and withdrawing it."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.aws.settings import settings
from chalicelib.training import cohort
from chalicelib.training.applications.ends import withdrawn
from chalicelib.training.applications.model import APPLICANT, Application
from chalicelib.training.applications.statuses import STATUSES
from chalicelib.web import links
from chalicelib.web.forms import Form, Values, radios
from chalicelib.web.languages import N_
from chalicelib.web.pages import redirect, render
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.cases import Command
from chalicelib.workflow.storage import store

PURPOSE: Final = "application"
GOOD_FOR: Final = 400 * 86400
WITHDRAW, STAY = "withdraw", "stay"
FORM: Final = Form(
    radios(
        "decision",
        N_("Do you want to withdraw your application?"),
        (WITHDRAW, N_("Yes, withdraw it"), N_("You can apply again while applications are open.")),
        (STAY, N_("No, nothing changes")),
    )
)


def address(reference: str) -> str:
    """The whole address of an application's page."""
    ticket = links.case_ticket(PURPOSE, reference, now() + GOOD_FOR)
    return f"{settings().base_url}/training/application/{ticket}"


def show(link: str) -> Response:
    """The page, and what is pressed on it."""
    reference = links.read_case_ticket(PURPOSE, link, now())
    if reference is None:
        return redirect("/training")
    state = store.load(reference, Application, consistent=True)
    if not state.open:
        return render("applications/own.html", **_facts(state, link))

    def act(values: Values, command: str) -> str:
        at = now()

        def decide(fresh: Application) -> Command | None:
            return withdrawn(fresh, APPLICANT, command, at) if fresh.open else None

        store.change(reference, decide, press=command)
        return f"/training/application/{link}"

    page = FormPage(
        "applications/own.html",
        FORM,
        subject=f"application|{reference}",
        version=state.version,
        facts=lambda: _facts(state, link),
    )
    return page.answer(act, no=STAY, back=f"/training/application/{link}")


def _facts(state: Application, link: str) -> TemplateValues:
    one = cohort.cohort(state.cohort)
    return {
        "state": state,
        "link": link,
        "told": STATUSES[state.status].next,
        "cohort": one,
        "again": one.takes_applications(now()),
    }
