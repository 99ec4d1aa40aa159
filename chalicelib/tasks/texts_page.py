"""A consultant says if and where they want text messages, on a page behind their list of tasks."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.aws import dynamodb
from chalicelib.aws.now import now
from chalicelib.aws.settings import settings
from chalicelib.directory import people, text_choices
from chalicelib.domain import addresses
from chalicelib.domain.errors import Invalid
from chalicelib.mail import task_list_link
from chalicelib.mail.choices.own_texts import ASKED, NO, YES
from chalicelib.mail.texts import consent
from chalicelib.web.forms import Field, Form, Values, words
from chalicelib.web.languages import N_
from chalicelib.web.pages import current, redirect
from chalicelib.web.press import FormPage

FORM = Form(
    ASKED,
    Field(
        "phone",
        "tel",
        N_("Your mobile phone number"),
        autocomplete="tel",
        when=lambda values: values.get("texts") == YES,
    ),
)


def choose() -> Response:
    """Show it; take the choice. Email comes all the same."""
    who = task_list_link.holder()
    row = people.consultant_now(who) if who else people.Person()
    if not row.get("active") or not settings().sends_texts:
        return redirect("/mine")

    def act(values: Values, command: str) -> str:
        _keep(who, row, values)
        return "/mine?saved=yes"

    known = {"texts": YES if row.get("texts") else NO, "phone": row.get("phone", "")}
    return FormPage(
        "tasks/texts.html", FORM, subject=f"texts|{who}", once=True, known=known
    ).answer(act)


def _keep(who: str, row: people.Person, values: Values) -> None:
    at, had = now(), str(row.get("texts") or "")
    if values["texts"] == NO:
        if had:
            text_choices.stop(had, "own page", at)
            people.set_fields(who, {"texts": None})
        return
    number = addresses.text_number(words(values, "phone"))
    if not number:
        raise Invalid({"phone": N_("Type a mobile phone number, or choose email alone.")})
    if number == had:
        return
    lang, mine = current().lang, task_list_link.person(who)
    left = text_choices.moved(had, mine)
    dynamodb.transact([*left, *consent.agreed(number, mine, lang, "own page", at)])
    people.set_fields(who, {"texts": number})
