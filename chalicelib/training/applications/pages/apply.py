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
from chalicelib.training.applications.pages import kept
from chalicelib.training.applications.pages.kept import Kept
from chalicelib.training.cohort import Cohort
from chalicelib.web import links
from chalicelib.web.forms import Values, blank, words
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_
from chalicelib.web.pages import current, redirect, render
from chalicelib.web.pages import form as sent_form
from chalicelib.web.press import FormPage, shown_by_us
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.storage import store

NOT_KEPT: Final = N_(
    "We could not keep it just now, and nothing is sent. Please copy what you wrote, and try again later."
)
PAGE: Final = "/training"
SUBJECT: Final = "training"
SENT: Final = f"{PAGE}/sent"
# Who has begun on the last day may still send it, as long as a page that was shown is good.
GRACE: Final = links.NONCE_SECONDS


def apply() -> Response:
    """Show it with what was half-written; keep it, or take an application."""
    at, every = now(), cohorts.cohorts()
    mine = kept.kept(at)
    if not (found := _taking(every, at, mine)):
        typed = _typed(mine)
        return render("applications/closed.html", next=_next(every, at), typed=typed, kept=mine)
    asked = form.asked(found)
    if one(sent_form(), "_forget") and shown_by_us(SUBJECT):
        return redirect(PAGE, kept.forget())

    def act(values: Values, command: str) -> Response:
        new = application(found, values, current().lang)
        if rate_limits.mail_to(
            "training", reached.key(new.contact), at, source=current().source_ip
        ):
            begin(new, values, command, at)
        return redirect(SENT if new.contact.email else f"{SENT}?by=phone", kept.forget())

    def facts() -> TemplateValues:
        just = current().query.get("kept") == ["yes"]
        return {"cohorts": found, "kept": mine, "just_kept": just}

    page = FormPage(
        "applications/apply.html",
        asked,
        subject=SUBJECT,
        once=True,
        known=mine.answers if mine else {},
        check=form.wrong,
        facts=facts,
    )
    if one(sent_form(), "_keep") and shown_by_us(SUBJECT):
        jar = kept.keep(asked, at)
        again = blank(asked, kept.typed(asked))
        return redirect(f"{PAGE}?kept=yes", [jar]) if jar else page.show(again, NOT_KEPT)
    return page.answer(act)


def sent() -> Response:
    """It is there; the same for whoever has applied before."""
    return render("applications/sent.html", called=current().query.get("by") == ["phone"])


def _taking(every: Sequence[Cohort], at: int, mine: Kept | None) -> list[Cohort]:
    """The cohorts that somebody can apply for; where a form is sent, those that its page was for. In the hours
    after the last day nobody gets a form who did not begin before: whoever sends one has begun in time."""
    now_open = [each for each in every if each.takes_applications(at)]
    late = [each for each in every if each.takes_applications(at - GRACE) and each not in now_open]
    shown = one(sent_form(), "shown").split(",")
    if current().method == "POST" and shown != [""]:
        return [each for each in [*now_open, *late] if each.id in shown]
    begun = [each for each in late if mine and each.takes_applications(mine.since)]
    return now_open or begun


def _typed(mine: Kept | None) -> list[tuple[str, str]]:
    """Their own words in a form that came too late, each with its question, to keep for the next time."""
    asked = [each for each in form.asked([]).fields if each.kind == "textarea"]
    before = mine.answers if mine else {}
    found = [
        (each.label, one(sent_form(), each.name) or words(before, each.name)) for each in asked
    ]
    return [(label, text) for label, text in found if text]


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
