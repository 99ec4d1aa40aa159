"""What the directory says of a consultant: asked on one form, read from one row of a table, kept as the
matching rules read it (``referral/matching/match_request.py``)."""

from __future__ import annotations

from datetime import date
from typing import Final, cast

from chalicelib.aws.attribute_values import Item
from chalicelib.aws.now import now
from chalicelib.aws.writes import Key, Put, create
from chalicelib.directory import people
from chalicelib.directory.people import Person
from chalicelib.domain import vocabulary
from chalicelib.domain.calendar import midnight, pacific_date
from chalicelib.domain.roles import SUPERVISOR
from chalicelib.domain.vocabulary import Labels
from chalicelib.web.forms import Field, Form, Option, Values, checkboxes, radios, select, words
from chalicelib.web.languages import N_

DAY: Final = 86_400
# Fields that are kept as an instant, by whether the day named is the last one.
DAYS: Final = {"agreement_until": True, "available_from": False, "endorsed_until": True}
YES: Final = "yes"
# Yes or no, kept only where it is yes.
MARKS: Final = ("travels_in_region", "emergency_trained", "emergency_roster", "trainee")
# Who facilitates for somebody who is not in training, and need not be known: kept as it is of a trainee.
REFLECTS: Final = "reflects_with"
NOBODY: Final = N_("Choose who guides them. A trainee without a facilitator gets no offer.")


def _many(name: str, label: str, labels: Labels, *, required: bool = True) -> Field:
    return checkboxes(name, label, *labels.items(), required=required)


def _mark(name: str, label: str) -> Field:
    return radios(name, label, *vocabulary.YES_NO.items())


def asked(*guided_by: str) -> Form:
    """The form. Who may guide a trainee is endorsed today; ``guided_by`` are those who do, known and endorsed
    or not."""
    known, at = people.consultants(), now()
    guides = {one: one for one in guided_by if one}
    guides |= {
        str(row["id"]): str(row.get("name") or row["id"])
        for row in known
        if row["id"] in guides or (row.get("active") and people.endorsed(row, at))
    }
    counties = {slug: county.name for slug, county in vocabulary.COUNTIES.items()}
    leads = {
        str(row["id"]): str(row.get("name") or row["id"])
        for row in people.staff()
        if row.get("role") == SUPERVISOR
    }
    return Form(
        Field("name", "text", N_("Name"), max_length=80),
        Field("email", "email", N_("Email"), hint=N_("Offers and tasks are mailed there.")),
        Field("phone", "tel", N_("Phone"), required=False),
        select("letters_language", N_("Language of their letters"), *vocabulary.LETTERS_LANGUAGES.items()),
        Field("agreement_until", "date", N_("Last day of their agreement with the Network"),
              hint=N_("After it they get no new offers. What they have goes on.")),
        select("supervisor", N_("Their supervisor"), *leads.items(), required=False,
               hint=N_("Hears when a consultation goes quiet, and decides on more than twelve sessions.")),
        Field("cap", "number", N_("How many consultations at the same time?"), minimum=0, maximum=60, width="short"),
        _many("languages", N_("Languages that they work in"), vocabulary.LANGUAGES),
        _many("languages_some", N_("Languages that they speak, but do not work in"), vocabulary.LANGUAGES,
              required=False),
        _many("modalities", N_("How they work"), vocabulary.MODALITIES),
        _many("counties", N_("Counties"), counties),
        Field("travel_minutes", "number", N_("Longest way that they travel, in minutes"), minimum=0, maximum=600,
              width="short"),
        _mark("travels_in_region", N_("Do they travel to the other counties of their region, too?")),
        _many("settings", N_("Settings"), vocabulary.SETTINGS),
        _many("age_bands", N_("Ages"), vocabulary.AGE_BANDS),
        _many("concerns", N_("What they know most about"), vocabulary.CONCERNS),
        _many("availability", N_("When they can work"), vocabulary.AVAILABILITY, required=False),
        Field("available_from", "date", N_("First day on which they can begin"), required=False),
        _mark("emergency_trained", N_("Have they had the emergency training?")),
        _mark("emergency_roster", N_("Are they on the emergency list?")),
        _mark("trainee", N_("Are they in training?")),
        *_supervision(list(guides.items())),
        Field("conflicts", "textarea", N_("Sites and people that they have a tie to"), required=False, guarded=False,
              rows=3, hint=N_("One in each line: the name of a site or an organization, or an email address.")),
    )  # fmt: skip


def _supervision(guides: list[Option]) -> list[Field]:
    """Who facilitates their reflective supervision, and whether they may for others."""
    return [
        select("facilitator", N_("Who guides them?"), *guides, missing=NOBODY,
               when=lambda values: values.get("trainee") == YES),
        select(REFLECTS, N_("Their reflective practice facilitator"), *guides, required=False,
               when=lambda values: values.get("trainee") != YES),
        Field("endorsement", "text", N_("Their own endorsement as a reflective practice facilitator"), required=False,
              max_length=80, hint=N_("Its name, as it stands on the paper. Leave it empty for who has none.")),
        Field("endorsed_until", "date", N_("Last day of that endorsement"),
              when=lambda values: bool(values.get("endorsement"))),
    ]  # fmt: skip


def row_of(values: Values) -> Item:
    """A consultant's row, as far as the form asks for it; None for what is to be taken away."""
    made: Item = {}
    for one, value in values.items():
        if one in DAYS:
            day = midnight(date.fromisoformat(str(value))) if value else None
            made[one] = day + DAY if day is not None and DAYS[one] else day
        elif one in MARKS:
            made[one] = True if value == YES else None
        elif one == "conflicts":
            made[one] = [line for line in words(values, one).splitlines() if line.strip()] or None
        else:
            made[one] = value if value not in ("", []) else None
    return made | _in_training(made) | _guided(made)


def _guided(made: Item) -> Item:
    """Who guides them, of the two questions of which one is asked; no endorsement has no last day."""
    reflects = made.pop(REFLECTS, None)
    last = made.get("endorsed_until") if made.get("endorsement") else None
    return {"facilitator": made.get("facilitator") or reflects, "endorsed_until": last}


def _in_training(made: Item) -> Item:
    """A practicum is with one home at a time."""
    return {"cap": 1} if made.get("trainee") and made.get("cap") else {}


def new_row(key: str, values: Values) -> Put:
    """The row of a new consultant, ready for offers; refuses where the id is taken."""
    said = {name: value for name, value in row_of(values).items() if value is not None}
    return create(Key(people.CONSULTANTS, key), {"id": key, "active": True, **said})


def values_of(row: Person) -> Values:
    """The other way round: what the form shows of a row."""
    known: dict[str, object] = dict(row)
    for name, last in DAYS.items():
        instant = known.get(name)
        if isinstance(instant, int):
            known[name] = pacific_date(instant - 1 if last else instant).isoformat()
    for name in MARKS:
        known[name] = YES if known.get(name) else "no"
    lines = known.get("conflicts")
    known["conflicts"] = "\n".join(lines) if isinstance(lines, list) else ""
    known[REFLECTS] = known.get("facilitator", "")
    known.setdefault("travel_minutes", 90)
    known.setdefault("letters_language", "en")
    names = {one.name for one in asked().fields}
    return cast(Values, {name: value for name, value in known.items() if name in names})


def changed(row: Person, new: Item) -> Item:
    """Of what a form says, what differs from the row."""
    had: dict[str, object] = dict(row)
    default: dict[str, object] = {"letters_language": "en", "travel_minutes": 90}
    return {name: value for name, value in new.items() if value != had.get(name, default.get(name))}
