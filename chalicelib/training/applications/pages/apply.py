"""The public page: what the training program is, and the application, while a cohort takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chalice.app import Response

from chalicelib.aws import rate_limits
from chalicelib.aws.now import now
from chalicelib.domain.ids import new_reference
from chalicelib.training import cohort as cohorts
from chalicelib.training import reached
from chalicelib.training.applications import form, one_application, opening
from chalicelib.training.applications.model import APPLICANT, Application
from chalicelib.training.cohort import Cohort
from chalicelib.web import links
from chalicelib.web.forms import Values, words
from chalicelib.web.http_input import one
from chalicelib.web.pages import current, render
from chalicelib.web.pages import form as sent_form
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.storage import store

PAGE: Final = "/training"
SENT: Final = f"{PAGE}/sent"
# Who has begun on the last day may still send it, as long as a page that was shown is good.
GRACE: Final = links.NONCE_SECONDS


def apply() -> Response:
    """Show it; take an application."""
    at, every = now(), cohorts.cohorts()
    if not (found := _taking(every, at)):
        return render("applications/closed.html", next=_next(every, at), typed=_typed())

    def act(values: Values, command: str) -> str:
        new = application(found, values, current().lang)
        if rate_limits.mail_to(
            "training", reached.key(new.contact), at, source=current().source_ip
        ):
            begin(new, values, command, at)
        return SENT if new.contact.email else f"{SENT}?by=phone"

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
    return render("applications/sent.html", called=current().query.get("by") == ["phone"])


def _taking(every: Sequence[Cohort], at: int) -> list[Cohort]:
    """The cohorts that somebody can apply for; where a form is sent, those that its page was for. Nobody gets a
    form for the first time in the hours after the last day: who sends one then has begun in time."""
    shown = one(sent_form(), "shown").split(",")
    if current().method != "POST" or shown == [""]:
        return [each for each in every if each.takes_applications(at)]
    moments = (at, at - GRACE)
    return [
        each
        for each in every
        if each.id in shown and any(each.takes_applications(moment) for moment in moments)
    ]


def _typed() -> list[tuple[str, str]]:
    """Their own words in a form that came too late, each with its question, to keep for the next time."""
    asked = (one for one in form.asked([]).fields if one.kind == "textarea")
    return [(each.label, text) for each in asked if (text := one(sent_form(), each.name))]


def _next(every: list[Cohort], at: int) -> Cohort | None:
    """The cohort that takes applications next, as far as staff have entered it."""
    found = [one for one in every if one.opens > at]
    return min(found, key=lambda one: one.opens, default=None)


def application(found: Sequence[Cohort], values: Values, language: str) -> Application:
    """What somebody typed for one of the cohorts."""
    one = next((c for c in found if c.id == words(values, "cohort")), found[0])
    return Application(
        reference=new_reference(),
        contact=reached.contact(values),
        cohort=one.id,
        county=words(values, "county"),
        language=language,
    )


def begin(new: Application, values: Values, command: str, at: int, actor: str = APPLICANT) -> str:
    """The case of an application, once for a person and a cohort; whoever has one hears of it again. Its
    reference."""
    try:
        opening.open_application(new, form.said(values), command, at, actor)
    except store.Refused:
        theirs = one_application.held(one_application.name_of(new.cohort, new.contact))
        if theirs:
            opening.told_again(theirs, command, at, actor)
        return theirs
    return new.reference
