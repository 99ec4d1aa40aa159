"""The public page: what the training program is, and the application, while a cohort takes them."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws import rate_limits
from chalicelib.aws.now import now
from chalicelib.domain.ids import new_reference
from chalicelib.training import cohort as cohorts
from chalicelib.training.applications import form, one_application, opening
from chalicelib.training.applications.model import Application
from chalicelib.training.cohort import Cohort
from chalicelib.web.forms import Values, words
from chalicelib.web.pages import current, render
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.cases import Contact
from chalicelib.workflow.storage import store

PAGE: Final = "/training"
SENT: Final = f"{PAGE}/sent"


def apply() -> Response:
    """Show it; take an application."""
    at = now()
    every = cohorts.cohorts()
    found = [one for one in every if one.takes_applications(at)]
    if not found:
        return render("applications/closed.html", next=_next(every, at))

    def act(values: Values, command: str) -> str:
        one = next((c for c in found if c.id == words(values, "cohort")), found[0])
        _begin(one, values, command, at)
        return SENT

    def facts() -> TemplateValues:
        return {"cohorts": found}

    page = FormPage(
        "applications/apply.html",
        form.asked(found),
        subject="training",
        once=True,
        check=form.wrong,
        facts=facts,
    )
    return page.answer(act)


def sent() -> Response:
    """It is there; the same for whoever has applied before."""
    return render("applications/sent.html")


def _next(every: list[Cohort], at: int) -> Cohort | None:
    """The cohort that takes applications next, as far as staff have entered it."""
    found = [one for one in every if one.opens > at]
    return min(found, key=lambda one: one.opens, default=None)


def _begin(one: Cohort, values: Values, command: str, at: int) -> None:
    """The case of an application, once for a person and a cohort; whoever has one gets the letter about it again."""
    email = words(values, "email")
    if not rate_limits.mail_to("training", email, at, source=current().source_ip):
        return
    new = Application(
        reference=new_reference(),
        contact=Contact(
            name=words(values, "name"),
            email=email,
            phone=words(values, "phone"),
        ),
        cohort=one.id,
        county=words(values, "county"),
        language=current().lang,
    )
    try:
        opening.open_application(new, form.said(values), command, at)
    except store.Refused:
        theirs = one_application.held(one_application.name_of(one.id, email))
        if theirs:
            opening.told_again(theirs, command, at)
