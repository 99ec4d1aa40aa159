"""The two calls that the helpline promises: to call back, and to ask how it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from chalicelib.aws.attribute_values import Item
from chalicelib.calls import words as calls
from chalicelib.calls.calling import Calling
from chalicelib.calls.form import recorded, with_told, with_tries
from chalicelib.calls.record import or_try
from chalicelib.calls.words import CallPayload
from chalicelib.domain.errors import NotFound
from chalicelib.domain.service_standards import Deadline, business_days
from chalicelib.services.helpline import contacts, form
from chalicelib.services.helpline.contacts import HelplineContact
from chalicelib.services.helpline.model import (
    NAME,
    TALKED,
    UNREACHED,
    CallChanges,
    PromisedCall,
    tries,
)
from chalicelib.services.helpline.words import IT_HELPED
from chalicelib.web.forms import Field, Form, Values, radios, several, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.case_types import where_it_stands
from chalicelib.workflow.kinds import ASKED_AGAIN, Kind, Outcome, TaskPage, TaskPolicy, TaskWords
from chalicelib.workflow.tasks import ending

TALKS: Final = {"phone": calls.TALKS["phone"]}


def unreached(state: PromisedCall, told: CallPayload, now: int) -> Outcome:
    """Nobody was reached, in spite of all tries."""
    changes, effects, rows = ending(state, status=UNREACHED, closure=calls.CLOSURE, at=now)
    return Outcome(calls.UNRESPONSIVE, changes, told, effects, rows, reason=calls.CLOSURE)


CALLER: Final = Calling(
    tries=tries, ends=unreached, closes=N_("We cannot reach them: end this call")
)


def _asked(one: Field) -> bool:
    """Whether a question about a contact is left open by a call that we made and in which we talked."""
    return one.name in form.ABOUT_A_CALL


def _called(one: Field) -> Field:
    if one.name != "disposition":
        return one
    kept = tuple(option for option in one.options if option[0] not in form.NEVER_AFTER_A_TALK)
    return replace(one, options=kept)


def call_form(state: PromisedCall) -> Form:
    """What is written down of any contact, without what is known already."""
    asked = [_called(one) for one in form.call_form(state.submitted).fields if _asked(one)]
    return Form(*asked)


def follow_up_form(state: PromisedCall) -> Form:
    """The same, and whether it helped."""
    asked = radios("it_helped", N_("Did what we gave them help?"), *IT_HELPED.items())
    return Form(asked, *call_form(state).fields)


def known(state: PromisedCall) -> Values:
    """The answers of the contact in which the call was promised."""
    before = _before(state)
    found: Values = {
        "county": before.county,
        "language": before.language,
        "role": before.role,
        "setting": before.setting,
        "topic": next(iter(before.topics), ""),
        "topics": list(before.topics[1:]),
    }
    return {name: value for name, value in found.items() if value}


def _before(state: PromisedCall) -> HelplineContact:
    try:
        return contacts.find(state.contact_key)
    except NotFound:
        return HelplineContact(at=0, id="")


def decide(state: PromisedCall, values: Values, now: int) -> Outcome:
    """They talked, and that ends it: one more contact, told on this case."""
    made = _contact(state, values, now)
    disposition = words(values, "disposition")
    changes, effects, rows = ending(state, status=TALKED, closure=disposition, at=now)
    # What follows from it, as a request, begins with what was said now.
    changes |= CallChanges(contact_key=made.key)
    told = contacts.told(made)
    if helped := words(values, "it_helped"):
        told["it_helped"] = helped
    return Outcome(TALKED, changes, told, effects, [*rows, *contacts.rows(made)])


def _contact(state: PromisedCall, values: Values, now: int) -> HelplineContact:
    assert state.task is not None
    number, who = state.task.number, state.task.assignee or state.specialist
    before = _before(state)
    topics = dict.fromkeys([words(values, "topic"), *several(values, "topics")])
    names = ("county", "language", "role", "setting", "disposition", "hand_over_to", "unmet_note")
    plain: Item = {name: words(values, name) for name in names}
    return HelplineContact(
        at=now,
        id=contacts.id_of(f"{state.reference}:{number}:{now}"),
        by=f"staff:{who}",
        channel="called_back",
        repeat="repeat",
        topics=tuple(one for one in topics if one),
        unmet=tuple(several(values, "unmet")),
        interpreter="yes" if several(values, "interpreter") else "",
        name=before.name,
        phone=before.phone,
        email=before.email,
        case=state.reference,
        **plain,
    )


def details(state: PromisedCall) -> TemplateValues:
    """How to reach them, what they said before, and when the call was promised."""
    return {"contact": state.contact, "before": _before(state), "promised": state.promised}


LOGGED: Final[Mapping[str, str]] = {
    calls.NOT_REACHED: N_("A try to reach the caller found nobody. %(way)s."),
    calls.VOICEMAIL: N_("The caller did not answer. A voicemail was left. %(voicemail)s."),
    calls.WRITTEN: N_("A message was sent to the caller. %(way)s."),
    calls.CALL_LATER: N_("The caller asked to be called %(callback)s."),
    calls.UNRESPONSIVE: N_("After the tries of the standard the caller could not be reached."),
}
TOLD: Final[Mapping[str, str]] = {
    TALKED: N_("We talked with you."),
    calls.NOT_REACHED: N_("We tried to reach you and did not."),
    calls.VOICEMAIL: N_("We called you and left a message."),
    calls.WRITTEN: N_("We wrote to you and asked you to call us."),
    calls.CALL_LATER: N_("You asked us to call you at another time."),
    calls.UNRESPONSIVE: N_("We tried to call you and could not reach you."),
}
SAID: Final[Mapping[str, str]] = {
    **{
        outcome: N_("Your try is recorded. Please try again by the new date.")
        for outcome in (calls.NOT_REACHED, calls.VOICEMAIL, calls.WRITTEN)
    },
    calls.CALL_LATER: N_("It is recorded. The task is due when they asked you to call."),
    TALKED: N_("Thank you. The call is recorded."),
    calls.UNRESPONSIVE: N_("Thank you for trying. The task is closed."),
}


BACK: Final = Kind[PromisedCall](
    name="helpline_call_back",
    stage=NAME,
    role="specialist",
    deadline=Deadline("phone_call", business_days(5)),
    letter="helpline/call_back",
    words=TaskWords(
        title=N_("Call back a caller of the helpline"),
        waiting=N_("Waiting for the specialist to call back a caller of the helpline"),
        short=N_("to call back a caller of the helpline"),
        then=ASKED_AGAIN,
        overdue=N_("A specialist should call back a caller of the helpline."),
        asked=N_("%(who)s was asked to call back."),
        answered={TALKED: N_("The caller was called back."), **LOGGED},
        expired=N_("Nobody called back in time. The same is asked again."),
        provider_answered=TOLD,
        said=SAID,
    ),
    policy=TaskPolicy(many=True, sensitive=True, undo=True),
    page=TaskPage(
        form=with_tries(CALLER, call_form, TALKS),
        facts=where_it_stands,
        details=with_told(CALLER, details),
        known=known,
        template="helpline/promised.html",
        recorded=recorded,
        shows_details_first=True,
        shows_details_after=True,
    ),
    decide=or_try(CALLER, decide),
    outcomes=frozenset({TALKED, *calls.OUTCOMES, "expired"}),
    examples={
        TALKED: lambda state, now: {
            calls.TALKED: "phone",
            "county": "los_angeles",
            "language": "en",
            "role": "teacher",
            "setting": "center",
            "topic": "challenging_behavior",
            "disposition": "resolved_on_contact",
            **{k: v for k, v in known(state).items() if v},
        },
        calls.NOT_REACHED: {calls.TALKED: "no_answer"},
    },
)
FOLLOW: Final = replace(
    BACK,
    name="helpline_follow_up",
    letter="helpline/follow_up",
    words=replace(
        BACK.words,
        title=N_("Call a caller of the helpline and ask how it went"),
        waiting=N_("Waiting for the specialist to ask a caller of the helpline how it went"),
        short=N_("to ask a caller of the helpline how it went"),
        overdue=N_("A specialist should ask a caller of the helpline how it went."),
        asked=N_("%(who)s was asked to call and hear how it went."),
        answered={TALKED: N_("The caller was asked how it went."), **LOGGED},
        expired=N_("Nobody asked how it went in time. The same is asked again."),
    ),
    page=replace(BACK.page, form=with_tries(CALLER, follow_up_form, TALKS)),
    examples={
        TALKED: lambda state, now: {**BACK.example(state, now), "it_helped": "helped"},
        calls.NOT_REACHED: {calls.TALKED: "no_answer"},
    },
)
