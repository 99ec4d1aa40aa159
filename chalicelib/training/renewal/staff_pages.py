"""The console's page of a consultant's credentials: what others gave them, with evidence and a last day."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.domain.calendar import midnight, pacific_date
from chalicelib.domain.errors import NotFound
from chalicelib.training.renewal import credentials
from chalicelib.training.renewal.credentials import Credential
from chalicelib.training.renewal.looking import all_ending
from chalicelib.training.renewal.tasks import NO_LINK
from chalicelib.web.forms import Field, Form, Values, checkboxes, several, words
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_
from chalicelib.web.pages import current, form
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.web.text_input import Answer

DAY: Final = 86_400


def _link(text: Answer) -> str | None:
    return None if str(text).startswith("https://") and " " not in str(text) else NO_LINK


def asked() -> Form:
    """What is on the paper, and where it can be seen."""
    return Form(
        Field("title", "text", N_("What it is"), max_length=120,
              hint=N_("For example: Georgetown IECMHC Certificate.")),
        Field("issuer", "text", N_("Who issued it"), max_length=120),
        Field("evidence", "text", N_("A link to it"), check=_link),
        Field("until", "date", N_("Until which day is it good?"), required=False,
              hint=N_("After it they get no new offers. Leave it open if it has no end.")),
        checkboxes("dropped", N_("Does it still count?"), ("yes", N_("No, leave it out")), required=False),
    )  # fmt: skip


def show_all(consultant: str) -> Response:
    """All of a consultant's, and the form for a new one or for the one that was chosen."""
    row = people.consultant_now(consultant)
    if not row or not current_staff().scope.covers_person(row.get("counties", ())):
        raise NotFound(consultant)
    every = credentials.of(consultant)
    chosen_id = one(form() if current().method == "POST" else current().query, "id")
    chosen = next((each for each in every if each.id == chosen_id), None)

    def act(values: Values, press: str) -> str:
        until = words(values, "until")
        made = Credential(
            id=chosen.id if chosen else hashlib.sha256(press.encode()).hexdigest()[:12],
            consultant=consultant,
            title=words(values, "title"),
            issuer=words(values, "issuer"),
            evidence=words(values, "evidence"),
            ends=midnight(date.fromisoformat(until)) + DAY if until else 0,
            at=chosen.at if chosen else now(),
            by=current_staff().actor,
            dropped=bool(several(values, "dropped")),
        )
        credentials.record(made)
        people.forget()
        return f"/console/consultants/{consultant}/credentials"

    def facts() -> TemplateValues:
        return {"every": every, "chosen": chosen.id if chosen else "", "id": consultant,
                "title": str(row.get("name") or consultant), "at": now()}  # fmt: skip

    page = FormPage(
        "renewal/credentials.html", asked(), once=True, known=_known(chosen), facts=facts, draw=show
    )
    return page.answer(act)


def _known(chosen: Credential | None) -> Values:
    if chosen is None:
        return {}
    until = pacific_date(chosen.ends - 1).isoformat() if chosen.ends else ""
    return {"title": chosen.title, "issuer": chosen.issuer, "evidence": chosen.evidence, "until": until,
            "dropped": ["yes"] if chosen.dropped else []}  # fmt: skip


def show_endings() -> Response:
    """Whose agreement or credential ends soon or has ended."""
    covers = current_staff().scope.covers_person
    found = [one for one in all_ending() if covers(one[0].get("counties", ()))]
    return show("renewal/endings.html", found=found)
