"""The console's page of all who are to become consultants; staff begin with somebody who was trained elsewhere."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain import vocabulary
from chalicelib.domain.errors import Invalid
from chalicelib.domain.ids import new_reference
from chalicelib.training import reached
from chalicelib.training.onboarding.model import NAME, Onboarding
from chalicelib.training.onboarding.opening import begin, consultant_of
from chalicelib.training.onboarding.statuses import STATUSES
from chalicelib.web.forms import Field, Form, Values, select, words
from chalicelib.web.languages import N_
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow import board
from chalicelib.workflow.storage import store

HOME: Final = "/console/training/onboarding"
IS_ONE: Final = N_("Somebody with this address is a consultant already.")
OPEN: Final = N_("Somebody with this address or number is asked already.")


def asked() -> Form:
    """Who it is; they say the rest themselves."""
    return Form(
        Field("name", "text", N_("Name"), max_length=80),
        *reached.fields(
            Field(
                "email",
                "email",
                N_("Email"),
                hint=N_("The agreement is mailed there. Without an email we call."),
            ),
            Field("phone", "tel", N_("Phone")),
        ),
        select("language", N_("Language of their letters"), *vocabulary.LETTERS_LANGUAGES.items()),
        select("county", N_("County"), *vocabulary.COUNTY_NAMES.items()),
    )


def show_all() -> Response:
    """Who is asked what, and the form for one more."""
    page = FormPage(
        "onboarding/onboardings.html",
        asked(),
        once=True,
        known={"language": "en"},
        check=reached.wrong,
        facts=lambda: {"found": _open(now())},
        draw=show,
    )
    return page.answer(_begin)


def _open(at: int) -> list[TemplateValues]:
    """Those that staff see: who, where it stands, and by when it is answered."""
    covers = current_staff().scope.covers
    lines = [one for one in board.page("open", "", at, case_type=NAME)[0] if covers(one.county)]
    found = []
    for one in lines:
        state = store.load(one.reference, Onboarding)
        due = state.task.due if state.task else 0
        found.append({"reference": one.reference, "name": state.contact.name, "due": due,
                      "status": STATUSES[state.status].label, "late": 0 < due <= at})  # fmt: skip
    return found


def _begin(values: Values, press: str) -> str:
    who = reached.contact(values)
    if consultant_of(who.email):
        raise Invalid({"email": IS_ONE})
    if not current_staff().scope.covers(words(values, "county")):
        raise Invalid({"county": N_("Choose a county that you work for.")})
    new = Onboarding(
        reference=new_reference(),
        contact=who,
        language=words(values, "language"),
        county=words(values, "county"),
    )
    try:
        begin(new, f"staff:{press}", now(), {"counties": [new.county]}, current_staff().actor)
    except store.Refused:
        raise Invalid({"email" if who.email else "phone": OPEN}) from None
    return f"/console/referrals/{new.reference}"
