"""The page between a sensitive press and what it opens: the code that was mailed to the assignee.

What was chosen and typed travels through it in hidden fields, so an accept with its choices is not
lost, and nothing is stored meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from chalice.app import Response

from chalicelib.domain.ids import digits_of_code
from chalicelib.mail import email_code
from chalicelib.web.forms import Cleaned, Field, Form
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import current, form, render

CODE, AGAIN = "_code", "_again"
TICK = N_("Please tick the box to go on.")
WRONG = N_("That is not the code, or it is too old. Please look again, or ask for a new one below.")
FORM = Form(
    Field(
        CODE,
        "text",
        N_("The six digits from the mail"),
        autocomplete="one-time-code",
        inputmode="numeric",
        width="short",
        max_length=20,
    )
)


def asking() -> bool:
    """Whether the posted form is the one that asks for the code."""
    return CODE in form()


class Place(NamedTuple):
    """Where the code is asked: where its form goes, the case, and the link that was pressed (``own``)."""

    action: str
    reference: str
    own: str


def ask_person(
    person: str,
    letter: Callable[[], email_code.Letter],
    place: Place,
    instead: Callable[[], None],
) -> Response | None:
    """None when this browser is known as ``person``'s, or has just typed the right code; else the page
    that asks.

    Mails the code at the first press and when somebody wants a new one, never for a wrong one. Where
    the link has had its codes of this hour, ``instead`` mails another link.
    """
    if email_code.known(person):
        return None
    again, switching = form().get(AGAIN) == ["yes"], current().switching
    judged = asking() and not again and not switching
    if judged and email_code.prove(person, digits_of_code(one(form(), CODE))):
        return None
    mailed = True
    if not switching and (again or not asking()):
        mailed = email_code.ask(person, letter(), own=place.own, anew=again)
        if not mailed:
            instead()
    problem = translator(current().lang)(WRONG) if judged else ""
    staff = person.startswith("staff:")
    return code_page(place.action, place.reference, problem, for_staff=staff, mailed=mailed)


def code_page(
    action: str,
    reference: str,
    problem: str = "",
    *,
    for_staff: bool = False,
    mailed: bool = True,
) -> Response:
    """The page that asks for the code; ``problem`` is what was wrong with the last one. Unless it was
    ``mailed``, the page says that there were enough in this hour."""
    passed = [
        (name, value)
        for name, values in form().items()
        if name not in (CODE, AGAIN, "_switch", "_shown")
        for value in values
    ]
    cleaned = Cleaned(errors={CODE: problem} if problem else {})
    return render(
        "tasks/code.html",
        422 if problem else 200,
        form=FORM,
        cleaned=cleaned,
        action=action,
        reference=reference,
        for_staff=for_staff,
        mailed=mailed,
        typed=passed,
        kept=any(not name.startswith("_") and name != "mine" for name, _ in passed),
    )
