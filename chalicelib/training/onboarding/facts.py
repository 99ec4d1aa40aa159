"""What a new consultant tells of how they work: the fields of the directory's form, in words that speak to
them, and the row beside the case that keeps the answers.

| what                              | pk      | sk              |
|-----------------------------------|---------|-----------------|
| how a new consultant works        | R#{ref} | CONSULTANT_FORM |

Beside the answers stands what an approval changed in a row that was there, for whoever undoes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, cast

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, Write, put, update
from chalicelib.directory.people import Person
from chalicelib.entries import consultant_form
from chalicelib.training.onboarding.model import Onboarding
from chalicelib.web.forms import Field, Form, Values, several
from chalicelib.web.languages import N_
from chalicelib.workflow.storage import keys

SK: Final = "CONSULTANT_FORM"
# What the person says; the rest of the directory's form is the Network's to say.
OWN: Final[Mapping[str, str]] = {
    "name": N_("Your name"),
    "email": N_("Your email"),
    "phone": N_("Your phone number"),
    "letters_language": N_("Language of our letters to you"),
    "languages": N_("In which languages can you work?"),
    "languages_some": N_("Which other languages do you speak, but do not work in?"),
    "modalities": N_("How do you want to work?"),
    "counties": N_("In which counties do you want to work?"),
    "travel_minutes": N_("What is the longest way that you travel, in minutes?"),
    "travels_in_region": N_("Do you travel to the other counties of your region, too?"),
    "settings": N_("With which kinds of care do you want to work?"),
    "age_bands": N_("With which ages do you know your way best?"),
    "concerns": N_("What do you know most about?"),
    "availability": N_("When can you work?"),
    "available_from": N_("On which day can you begin?"),
    "cap": N_("How many consultations can you take at the same time?"),
    "emergency_roster": N_("May we ask you for help in an emergency?"),
    "conflicts": N_("Do you have a tie to a site or a person?"),
}
HINTS: Final = {
    "email": N_("Offers and tasks are mailed there."),
    "languages": N_("Only those in which you can work with adults without an interpreter."),
}
# What a trainee has said already, for the homes of their practicum.
PRACTICED: Final = (
    "languages",
    "modalities",
    "counties",
    "travel_minutes",
    "age_bands",
    "availability",
)
# The directory's own hint says "they".
_MARK: Final = {"travel_minutes": 90}


def form() -> Form:
    """The questions."""
    fields = {one.name: one for one in consultant_form.asked().fields}
    return Form(*(_to_them(fields[name], label) for name, label in OWN.items()))


def typed() -> dict[str, str]:
    """What is told in somebody's own words, with its label."""
    return {one.name: one.label for one in form().fields if one.kind in ("text", "textarea")}


def _to_them(field: Field, label: str) -> Field:
    return replace(field, label=label, hint=HINTS.get(field.name, field.hint))


def known(reference: str) -> Values:
    """What was said, or is known from the training."""
    row = dynamodb.get(_key(reference), consistent=True) or {}
    return cast("Values", dict(row.get("values", {})))


def kept(reference: str, values: Values) -> Write:
    """Keep it with the case."""
    said = {
        name: value for name, value in values.items() if name in OWN and value not in (None, "", [])
    }
    return put(_key(reference), {"values": said})


def row_before(reference: str, fields: Mapping[str, object]) -> Write:
    """Keep what the approval changes in a row of the directory; None where it was not there."""
    return update(_key(reference)).set(before=dict(fields))


def before(reference: str) -> dict[str, object]:
    """What stood there before the approval."""
    row = dynamodb.get(_key(reference), consistent=True) or {}
    return dict(row.get("before", {}))


def with_practice(told: Values, row: Person) -> Values:
    """What is known of somebody, with what they said for their practicum, as the directory has it in ``row``."""
    had = cast("Values", dict(row))
    said: Values = {name: had[name] for name in PRACTICED if had.get(name) not in (None, [])}
    both = {
        name: list(dict.fromkeys([*value, *several(told, name)]))
        if isinstance(value, list)
        else value
        for name, value in said.items()
    }
    some = [one for one in several(told, "languages_some") if one not in several(both, "languages")]
    return {**told, **both, "languages_some": some}


def begin(state: Onboarding, told: Values) -> Write:
    """What the case begins with."""
    contact = state.contact
    who: Values = {"name": contact.name, "email": contact.email, "phone": contact.phone,
                   "letters_language": state.language}  # fmt: skip
    return kept(state.reference, {**_MARK, **told, **who})


def _key(reference: str) -> Key:
    return Key(keys.case_pk(reference), SK)
