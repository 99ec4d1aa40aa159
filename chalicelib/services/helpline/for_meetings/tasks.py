"""The call in which somebody without email hears how to join a meeting, or what is new about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from chalicelib.calls import words as calls
from chalicelib.calls.form import with_told, with_tries
from chalicelib.calls.record import or_try
from chalicelib.meetings.phone import calls as guests
from chalicelib.meetings.phone import say
from chalicelib.services.helpline.events import ContactPayload
from chalicelib.services.helpline.model import NAME, TALKED, PromisedCall
from chalicelib.services.helpline.tasks import BACK, CALLER, LOGGED, TALKS
from chalicelib.web.forms import Form, Values, radios, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.kinds import Kind, Outcome
from chalicelib.workflow.tasks import ending

COMES, CANNOT = "comes", "cannot"


def form(state: PromisedCall) -> Form:
    """Whether they will come, where the meeting takes place."""
    pair = guests.found(state.about)
    if pair is None or not pair[0].on:
        return Form()
    return Form(
        radios(
            "comes",
            N_("Will they come?"),
            (COMES, N_("Yes, they will come")),
            (CANNOT, N_("No: take them off the list")),
        )
    )


def decide(state: PromisedCall, values: Values, now: int) -> Outcome:
    """They talked, and that ends it: they have heard how the meeting stands, or are off its list."""
    changes, effects, rows = ending(state, status=TALKED, closure="resolved_on_contact", at=now)
    said = guests.heard(state.about, words(values, "comes") != CANNOT, now)
    return Outcome(TALKED, changes, ContactPayload(), effects, [*rows, *said])


def details(state: PromisedCall) -> TemplateValues:
    """How to reach them, and what to say in their language."""
    return {
        "contact": state.contact,
        "lang": state.language,
        "promised": state.promised,
        **say.facts(state.about, state.language),
    }


TELL_THEM: Final = Kind[PromisedCall](
    name="helpline_tell",
    stage=NAME,
    role=BACK.role,
    deadline=BACK.deadline,
    letter="helpline/tell",
    words=replace(
        BACK.words,
        title=N_("Call somebody who signed up for a meeting and has no email"),
        waiting=N_("Waiting for the specialist to call somebody who signed up for a meeting"),
        short=N_("to call somebody who signed up for a meeting"),
        overdue=N_("A specialist should call somebody who signed up for a meeting."),
        asked=N_("%(who)s was asked to call and tell how the meeting stands."),
        answered={TALKED: N_("They heard on the phone how the meeting stands."), **LOGGED},
        expired=N_("Nobody called in time. The same is asked again."),
    ),
    policy=BACK.policy,
    page=replace(
        BACK.page,
        form=with_tries(CALLER, form, TALKS),
        details=with_told(CALLER, details),
        known=lambda state: {},
        template="helpline/tell.html",
    ),
    decide=or_try(CALLER, decide),
    outcomes=BACK.outcomes,
    examples={
        TALKED: {calls.TALKED: "phone", "comes": COMES},
        calls.NOT_REACHED: {calls.TALKED: "no_answer"},
    },
)
