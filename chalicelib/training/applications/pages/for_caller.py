"""Staff type an application for somebody who calls, or withdraw one for them."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain import vocabulary
from chalicelib.domain.errors import NotFound
from chalicelib.training import cohort as cohorts
from chalicelib.training.applications import form
from chalicelib.training.applications.ends import withdrawn
from chalicelib.training.applications.model import Application
from chalicelib.training.applications.pages import apply, own_page
from chalicelib.web.forms import Form, Values, select, words
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_
from chalicelib.web.pages import current, redirect
from chalicelib.web.press import FormPage
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.cases import Command
from chalicelib.workflow.storage import store

PAGE: Final = "/console/training/apply"
LANGUAGE: Final = select(
    "letters_language",
    N_("In which language do we write to them, or call them?"),
    *vocabulary.LETTERS_LANGUAGES.items(),
)


def enter() -> Response:
    """The public form, answered by somebody on the phone; the reference to tell them afterwards."""
    at, by = now(), current_staff().actor
    found = [each for each in cohorts.cohorts() if each.takes_applications(at)]
    asked = Form(*form.asked(found).fields, LANGUAGE) if found else Form()

    def act(values: Values, command: str) -> str:
        new = apply.application(found, values, words(values, LANGUAGE.name))
        return f"{PAGE}?taken={apply.begin(new, values, command, at, by)}"

    page = FormPage(
        "applications/for_caller.html",
        asked,
        once=True,
        check=form.wrong,
        facts=lambda: {"cohorts": found, "taken": one(current().query, "taken")},
        draw=show,
    )
    return page.answer(act) if found else page.show()


def withdraw(reference: str) -> Response:
    """They said on the phone that they do not want it anymore."""
    state, by = store.load(reference, consistent=True), current_staff().actor
    if not isinstance(state, Application):
        raise NotFound(reference)
    case = f"/console/referrals/{state.reference}"
    if not state.open:
        return redirect(case)

    def act(values: Values, command: str) -> str:
        def decide(fresh: Application) -> Command | None:
            return withdrawn(fresh, by, command, now()) if fresh.open else None

        store.change(reference, decide, press=command)
        return case

    return FormPage(
        "applications/withdraw.html",
        own_page.FORM,
        version=state.version,
        facts=lambda: {"state": state, "case": case},
        draw=show,
    ).answer(act, no=own_page.STAY, back=case)
