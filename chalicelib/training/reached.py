"""How somebody of the training program is reached: by email, or on the phone alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from chalicelib.domain import addresses
from chalicelib.web.forms import Field, Values, words
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Contact

NEITHER: Final = N_("Type an email address or a phone number.")
CALLED: Final = N_("Without an email we call instead.")


def fields(email: Field, phone: Field) -> list[Field]:
    """Both questions, of which one is enough (``wrong``)."""
    return [
        replace(email, required=False, hint=email.hint or CALLED, missing=NEITHER),
        replace(phone, required=False),
    ]


def wrong(values: Values) -> Mapping[str, str]:
    """What is wrong where neither was given."""
    found = words(values, "email") or words(values, "phone")
    return {} if found else {"email": NEITHER}


def contact(values: Values) -> Contact:
    """How they said that they are reached."""
    return Contact(
        name=words(values, "name"), email=words(values, "email"), phone=words(values, "phone")
    )


def key(who: Contact) -> str:
    """What tells one person from another: the address, or the number of who has none; "" without either."""
    if who.email.strip():
        return who.email.strip().casefold()
    number = addresses.phone(who.phone)
    return number.national if number else ""
