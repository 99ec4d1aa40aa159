"""Where and how a trainee can work: what the match must know before it offers them a home. With the answer
they have a row in the directory, as one in training, whom somebody guides."""

from __future__ import annotations

from datetime import date
from typing import Final, cast

from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import Key, Write, update
from chalicelib.directory import people
from chalicelib.domain import vocabulary
from chalicelib.domain.calendar import midnight
from chalicelib.domain.service_standards import Deadline, business_days
from chalicelib.training.practicum.model import LOOKS, NAME, TRAINEE, Practicum, stands
from chalicelib.web.forms import Field, Form, Values, checkboxes, words
from chalicelib.web.languages import N_
from chalicelib.workflow.kinds import (
    ASKED_AGAIN,
    Fact,
    Kind,
    Outcome,
    TaskPage,
    TaskPolicy,
    TaskWords,
)

SAID: Final = "said"
ASKED: Final = (
    "languages", "modalities", "counties", "travel_minutes", "age_bands", "availability",
)  # fmt: skip


def form(state: Practicum) -> Form:
    """The questions that the match asks of a consultant, as far as a practicum needs them."""
    counties = {slug: county.name for slug, county in vocabulary.COUNTIES.items()}
    return Form(
        checkboxes(
            "languages", N_("In which languages can you work?"), *vocabulary.LANGUAGES.items(),
            hint=N_("Those in which you can talk about feelings and about families."),
        ),
        checkboxes("modalities", N_("How can you meet with a home?"), *vocabulary.MODALITIES.items()),
        checkboxes("counties", N_("In which counties can you work?"), *counties.items()),
        Field(
            "travel_minutes", "number", N_("How many minutes would you travel to a home, at most?"),
            minimum=0, maximum=600, width="short",
        ),
        checkboxes("age_bands", N_("Which ages do you know?"), *vocabulary.AGE_BANDS.items()),
        checkboxes(
            "availability", N_("When can you work?"), *vocabulary.AVAILABILITY.items(), required=False
        ),
        Field("available_from", "date", N_("From which day on?"), required=False),
    )  # fmt: skip


def decide(state: Practicum, values: Values, now: int) -> Outcome:
    """From now on the match may offer them a home."""
    return Outcome(SAID, stands(state, LOOKS), same_transaction=[_row(state, values)])


def _row(state: Practicum, values: Values) -> Write:
    contact = state.contact
    day = words(values, "available_from")
    row: Item = {
        "id": state.consultant,
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone or None,
        "letters_language": state.language,
        "active": True,
        "trainee": True,
        "practicum": state.reference,
        "facilitator": state.facilitator,
        "agreement_until": state.until,
        "cap": 1,
        "settings": list(vocabulary.FAMILY_CHILD_CARE),
        "available_from": midnight(date.fromisoformat(day)) if day else None,
        "paused_offers": None,
    }
    if people.consultant_now(state.consultant).get("practicum") != state.reference:
        row["practicum_rests"] = None  # of an earlier training
    if state.pause is not None:
        row["practicum_rests"] = True  # they are away, and say it meanwhile
    row |= {name: values.get(name) or None for name in ASKED}
    row["travel_minutes"] = values.get("travel_minutes") or 0
    return update(Key(people.CONSULTANTS, state.consultant)).set_or_remove(row)


def known(state: Practicum) -> Values:
    """What is known of them."""
    row = cast("Values", dict(people.consultant(state.consultant)))
    found: Values = {name: row[name] for name in ASKED if row.get(name)}
    usual: Values = {"languages": [state.language], "travel_minutes": vocabulary_travel()}
    if state.county in vocabulary.COUNTIES:
        usual["counties"] = [state.county]
    return usual | found


def vocabulary_travel() -> int:
    """The longest way that most travel, in minutes."""
    return 90


def facts(state: Practicum) -> list[Fact]:
    """Who guides them."""
    return [(N_("Who guides you"), [people.name_of(f"consultant:{state.facilitator}")])]


PROFILE = Kind[Practicum](
    name="practicum_profile",
    stage=NAME,
    role=TRAINEE,
    deadline=Deadline("agreement", business_days(10), remind_when_due=True),
    letter="practicum/profile",
    words=TaskWords(
        title=N_("Tell us where and how you can do your practicum"),
        waiting=N_("Waiting for the trainee to say where and how they can work"),
        short=N_("to say where and how they can work"),
        then=ASKED_AGAIN,
        overdue=N_("A trainee should say where and how they can do their practicum."),
        asked=N_("The trainee was asked where and how they can work."),
        answered={SAID: N_("The trainee said where and how they can work.")},
        expired=N_("The trainee did not say where they can work. They are asked again."),
        said={
            SAID: N_(
                "Thank you. As soon as a family child care home fits, we will offer it to you."
            )
        },
    ),
    policy=TaskPolicy(),
    page=TaskPage(form=form, facts=facts, known=known),
    decide=decide,
    outcomes=frozenset({SAID, "expired"}),
    examples={
        SAID: {
            "languages": ["es", "en"], "modalities": ["onsite", "virtual"],
            "counties": ["los_angeles"], "travel_minutes": 60, "age_bands": ["toddler"],
        }
    },
)  # fmt: skip
