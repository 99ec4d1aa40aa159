"""A coordinator looks at what a new consultant said, says who leads them and until when the agreement is, and
writes their row of the directory by the same press."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from chalicelib.aws.writes import Key, Write, field, update
from chalicelib.directory import mail_choices, people
from chalicelib.domain.calendar import pacific_date
from chalicelib.domain.errors import Invalid
from chalicelib.entries import consultant_form, new_people
from chalicelib.training.onboarding import facts
from chalicelib.training.onboarding.model import (
    CANDIDATE,
    FACTS,
    ONBOARDED,
    REFUSED,
    Onboarding,
    OnboardingChanges,
    OnboardingPayload,
)
from chalicelib.training.onboarding.opening import consultant_of, known_as
from chalicelib.web.forms import Field, Form, Values, radios, textarea, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import Outcome
from chalicelib.workflow.tasks import ending

APPROVED, AGAIN, NO = "approved", "ask_again", "refused"
# Of the directory's form, what the Network says.
OURS: Final = ("supervisor", "agreement_until", "emergency_trained")
UNDONE: Final = N_("Was it a mistake? Undo it on the page of this case, until they get an offer.")
GONE: Final = N_("They are a consultant already. Close this, or give the person another address.")


def form(state: Onboarding) -> Form:
    """Approve, ask again, or refuse."""
    fields = {one.name: one for one in consultant_form.asked().fields}
    return Form(
        radios(
            "decision",
            N_("Do they become a consultant?"),
            (APPROVED, N_("Yes: they may get offers from now on"), UNDONE),
            (AGAIN, N_("Ask them once more"), N_("They see your words and change what they said.")),
            (NO, N_("No")),
        ),
        *(_if_approved(fields[name]) for name in OURS),
        textarea(
            "note",
            N_("What should they read?"),
            when=lambda values: values.get("decision") in (AGAIN, NO),
        ),
    )


def _if_approved(one: Field) -> Field:
    return replace(one, required=True, when=lambda values: values.get("decision") == APPROVED)


def details(state: Onboarding) -> TemplateValues:
    """What they said, as the directory's form names it."""
    said = facts.known(state.reference)
    asked = consultant_form.asked()
    rows = [
        (
            one.listed,
            [one.label_of(str(value)) for value in (got if isinstance(got, list) else [got])],
        )
        for one in asked.fields
        if (got := said.get(one.name)) not in (None, "", [])
    ]
    return {"rows": rows, "signed": state.signed, "trainee": state.trainee}


def decide(state: Onboarding, values: Values, at: int) -> Outcome:
    """The row of the directory, in the transaction of the answer; or once more; or the end."""
    note = OnboardingPayload(note=words(values, "note"))
    if values["decision"] == AGAIN:
        return Outcome(AGAIN, OnboardingChanges(status=FACTS), note, final=False)
    if values["decision"] == NO:
        mails = [SendLetter(letter="onboarding/refused", to=CANDIDATE, always=True)]
        changes, effects, rows = ending(state, status=REFUSED, closure=REFUSED, at=at, mails=mails)
        return Outcome(NO, changes, note, effects, rows, reason=REFUSED)
    key, written = _row(state, values)
    email = words(facts.known(state.reference), "email")
    choices = mail_choices.moved(state.contact.email, email, at)
    offers = people.consultant_now(key).get("offers", 0)
    mails = [SendLetter(letter="onboarding/welcome", to=f"consultant:{key}", always=True)]
    changes, effects, rows = ending(state, status=ONBOARDED, closure=ONBOARDED, at=at, mails=mails)
    told = OnboardingPayload(consultant=key, offers=offers)
    mine = OnboardingChanges(consultant=key)
    return Outcome(
        APPROVED, changes | mine, told, effects, [*rows, *written, *choices], reason=ONBOARDED
    )


def theirs(state: Onboarding, said: Values) -> people.Person:
    """The row that they have already, under the address or number by which we know them. Who was trained here may
    have it under the address that they say; nobody else gets a row by saying whose it is."""
    if not state.trainee:
        return consultant_of(state.contact.email)
    return known_as(state.contact) or consultant_of(words(said, "email"))


def new_key(state: Onboarding) -> str:
    """The id of the row of somebody who has none."""
    return new_people.new_id("c", f"onboarding:{state.reference}")


def _row(state: Onboarding, values: Values) -> tuple[str, list[Write]]:
    """The id and what is written: a new row, or that of the trainee who practiced, with what it said before. Raises
    Invalid where somebody has the address."""
    said: Values = dict(facts.known(state.reference))
    said |= {name: values[name] for name in OURS if name in values}
    mine = theirs(state, said)
    if mine and not mine.get("trainee"):
        raise Invalid({"decision": GONE})
    new_people.need_free_address(said, str(mine.get("id", "")))
    if not mine:
        key = new_key(state)
        return key, [consultant_form.new_row(key, said)]
    key = str(mine["id"])
    # What kept homes from them in training is over: from now on they may get all others.
    over = ("trainee", "facilitator", "practicum_rests", "paused_offers", "paused_until")
    row = {**consultant_form.row_of(said), "active": True, **dict.fromkeys(over)}
    kept = update(Key(people.CONSULTANTS, key)).set_or_remove(row)
    before: dict[str, object] = {**people.consultant_now(key)}
    told_before = facts.row_before(state.reference, {name: before.get(name) for name in row})
    return key, [kept.only_if(field("trainee").equals(True)), told_before]


def example(state: Onboarding, at: int) -> Values:
    """Approved for a year."""
    until = pacific_date(at + 365 * 86_400).isoformat()
    leads = next(one for one in form(state).fields if one.name == "supervisor")
    return {"decision": APPROVED, "agreement_until": until, "emergency_trained": "no",
            "supervisor": leads.options[0][0]}  # fmt: skip
