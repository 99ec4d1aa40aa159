"""The request form as a call: what staff read aloud, in which order, and what only matters if it is told.

A label that is written to be read by eye has another one here that is spoken; staff tick what they hear,
so that no list of answers is read aloud unless the question names them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from chalicelib.referral.question import INCIDENT, SECTIONS, Question, Situation
from chalicelib.web.forms import Field, Values
from chalicelib.web.languages import N_

OPENING: Final = N_(
    "“I will write down your request now. It takes about three minutes. Please do not tell me a child's name.”"
)
OPENING_SHORT: Final = N_(
    "“There is an emergency where you are, so I ask only what we need to send somebody soon. If you are in danger, hang up and call 911. Please do not tell me a child's name.”"
)
"""What is said before the first question, usually and in a declared emergency."""

FIRST: Final = ("safety_now", "contact_name", "contact_phone")
"""Asked before all else: whether somebody must call 911, and how to call back if the line drops."""
BEGINNING, LATER = N_("First"), N_("Only if they tell you")

SPOKEN: Final[dict[str, str]] = {
    N_("Your name"): N_("What is your name?"),
    N_("Your phone number"): N_("What is the best phone number for you?"),
    N_("Your email address"): N_("Do you have an email address that we may write to?"),
    N_("How should we reach you?"): N_("Should we call you or write to you?"),
    N_("Name of the program"): N_("What is your program called?"),
    N_("Name of your program, if it has one"): N_("Does your program have a name?"),
    N_("City or town"): N_("In which city or town?"),
    N_("ZIP code"): N_("And the ZIP code?"),
    N_("License number"): N_("Do you know your license number?"),
    N_("Are you asking for any of these for one child?"): N_(
        "Are you asking for therapy, a diagnosis, another placement or an evaluation for one child?"
    ),
    N_("Has any of this happened because of behavior?"): N_(
        "Because of behavior, was anyone sent home early, kept out, or asked to leave?"
    ),
    N_("Is any of this true of the behavior?"): N_(
        "Does it happen often, was someone hurt, or do adults not feel safe?"
    ),
    N_("Is any of this part of the situation?"): N_(
        "Is there foster care, a hard event in the past, therapy, or a special education plan?"
    ),
    N_("How would you like to meet?"): N_("Would you like to meet in person, online, or both?"),
}
"""Label of a question -> the words for the phone, where they differ."""

IF_DANGER: Final = N_(
    "If yes: 911 first. For thoughts of suicide, 988. Stay on the line while you connect them."
)
HINTS: Final[dict[str, str]] = {
    "safety_now": IF_DANGER,
    "contact_by": N_("Only if they gave both, or want text messages."),
}
"""What staff read for themselves beside a question; the hints of the form are for who fills it in."""


def by_phone(question: Question, setting: str, incident: str = "") -> Question:
    """The question as it is asked on the phone of this kind of care, counted where its answers call for it."""

    def asked(values: Values) -> bool:
        situation = Situation.of({**values, "setting": setting, INCIDENT: incident})
        return question.asked_in(situation) and _needed(question.name, values)

    spoken, hint = SPOKEN.get(question.label, question.label), HINTS.get(question.name, "")
    return replace(question, label=spoken, hint=hint, when=asked)


def _needed(name: str, values: Values) -> bool:
    """Whether the answers so far leave the question open: who speaks English finds everybody speaks it, and
    who gave one way to be reached is reached by it."""
    if name == "language_required":
        return values.get("language") not in (None, "en")
    if name == "contact_by":
        both = bool(values.get("contact_email")) == bool(values.get("contact_phone"))
        return both or values.get("contact_by") == "text"
    return True


def follows(values: Values) -> Values:
    """The answers that need not be asked, because others say them."""
    found: Values = {}
    if values.get("language") == "en":
        found["language_required"] = "yes"
    if "contact_by" not in values:
        found["contact_by"] = "email" if values.get("contact_email") else "phone"
    return found


def in_order(asked: Iterable[Question]) -> list[Question]:
    """The questions as they come up in a call: first things first, then those of the form, then the rest."""
    every = list(asked)
    return [one for _, group in groups(every) for one in group]


def groups(asked: Iterable[Field]) -> list[tuple[str, list[Question]]]:
    """The same in parts with their titles; the last holds what only matters if it is told."""
    titles = [BEGINNING, *(section.title for section in SECTIONS.values()), LATER]
    parts: dict[str, list[Question]] = {title: [] for title in titles}
    for one in asked:
        if isinstance(one, Question):
            parts[_part(one)].append(one)
    parts[BEGINNING].sort(key=lambda one: FIRST.index(one.name))
    return [(title, questions) for title, questions in parts.items() if questions]


def _part(question: Question) -> str:
    if question.name in FIRST:
        return BEGINNING
    may_wait = not question.required and question.section != "contact"
    return LATER if may_wait else SECTIONS[question.section].title
