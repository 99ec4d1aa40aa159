"""What the status pages ask."""

from __future__ import annotations

import re

from chalicelib.domain.ids import digits_of_code, normalize_reference
from chalicelib.domain.vocabulary import WITHDRAW_REASONS
from chalicelib.web.forms import Field, Form, radios
from chalicelib.web.languages import N_
from chalicelib.web.text_input import Answer

WITHDRAW, KEEP = "withdraw", "keep"


def _reference(value: Answer) -> str | None:
    # Only the shape is looked at, so the answer tells nothing of what exists.
    if normalize_reference(str(value)) is None:
        return N_(
            "That number is not complete, or has a typing mistake. It looks like 7K3M-9QXA-5."
        )
    return None


def _code(value: Answer) -> str | None:
    good = re.fullmatch("[0-9]{6}", digits_of_code(str(value)))
    return None if good else N_("The code has six digits.")


ASK = Form(
    Field(
        "reference",
        "text",
        N_("Number of your request"),
        hint=N_("It is in our first email and looks like 7K3M-9QXA-5."),
        max_length=40,
        missing=N_("Type the number of your request."),
        check=_reference,
        width="short",
    )
)

CODE = Form(
    Field(
        "code",
        "text",
        N_("Code from our email"),
        hint=N_("Six digits, for example 123 456."),
        max_length=20,
        missing=N_("Type the code from our email."),
        check=_code,
        autocomplete="one-time-code",
        inputmode="numeric",
        width="short",
    )
)

TAKE_BACK = Form(
    radios(
        "decision",
        N_("Do you want to cancel your request?"),
        (WITHDRAW, N_("Yes, cancel it")),
        (KEEP, N_("No, keep it")),
    ),
    radios(
        "reason",
        N_("If yes: may we ask why?"),
        *WITHDRAW_REASONS.items(),
        hint=N_("It helps us to do better. You do not have to say."),
        required=False,
    ),
)
