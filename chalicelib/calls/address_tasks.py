"""Somebody's letters come back: staff find an address that works, or say that there is none.

A provider is called for it, and each try counts as in any call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, cast

from chalicelib.aws import ses
from chalicelib.calls import words as calls
from chalicelib.calls.calling import Calling, no_letter
from chalicelib.calls.form import recorded, with_told, with_tries
from chalicelib.calls.record import or_try
from chalicelib.calls.rule import Attempt, attempts
from chalicelib.calls.words import CallPayload
from chalicelib.domain import addresses, vocabulary
from chalicelib.domain.errors import Invalid
from chalicelib.domain.service_standards import Deadline, business_days
from chalicelib.mail.addressees import address, person
from chalicelib.mail.bad_addresses import (
    FIX_CONTACT,
    FIX_PERSON,
    called_instead,
    mended,
    patience,
)
from chalicelib.web.forms import NO_CHILD, Field, Form, Values, radios, textarea
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow import registry
from chalicelib.workflow.case_types import applicant_of, type_of, where_it_stands
from chalicelib.workflow.cases import Case, Payload
from chalicelib.workflow.effects import AnswerRun
from chalicelib.workflow.kinds import (
    ASKED_AGAIN,
    Fact,
    Kind,
    Outcome,
    TaskPage,
    TaskPolicy,
    TaskWords,
    kind_of,
)
from chalicelib.workflow.pause import pause
from chalicelib.workflow.side_tasks import begin
from chalicelib.workflow.storage import store

NEW, RIGHT, CALL = "new", "right", "call"
CLOSES: Final = N_("We cannot reach them by any way: close the request")
SAME = N_("Our letters to this address came back. If it is right all the same, choose that answer.")


def _form(call: str, hint: str) -> Callable[[Case], Form]:
    def form(state: Case) -> Form:
        """Another address, or the words that there is none."""
        return Form(
            radios(
                "decision",
                N_("What did you find out?"),
                (NEW, N_("There is an address that works"), hint),
                (
                    RIGHT,
                    N_("The address is right"),
                    N_(
                        "For example, the mailbox was full for a while. We will send our letters again."
                    ),
                ),
                (
                    CALL,
                    call,
                    N_("We send no more letters there. Say what happens instead."),
                ),
            ),
            Field(
                "email",
                "email",
                N_("The address that works"),
                hint=N_("Read it back to them, letter by letter."),
                readers=(),  # it is their address from now on, wherever addresses are shown
                when=lambda values: values.get("decision") == NEW,
            ),
            textarea(
                "note",
                N_("What happens now?"),
                hint=NO_CHILD,
                max_length=500,
                when=lambda values: values.get("decision") == CALL,
            ),
        )

    return form


LOOKED: Final = "looked"
TALKS: Final = {
    "phone": calls.TALKS["phone"],
    "in_person": calls.TALKS["in_person"],
    LOOKED: N_("I did not need to call: the mistake was plain to see"),
}


def calling_of(view: Case) -> Calling[Case]:
    """How the provider is called about their address: as in any call of their case, but nothing is written
    to an address that does not work."""
    own = type_of(view).calling
    found: Calling[Case] = registry.load(own) if own else Calling(tries=_tries)
    ends = _ends(found.ends) if found.ends is not None and view.open else None
    return replace(found, letters=no_letter, ends=ends, closes=CLOSES)


def _tries(view: Case) -> list[Attempt]:
    return attempts(store.log(itself(view)))


def _ends(
    end: Callable[[Case, CallPayload, int], Outcome],
) -> Callable[[Case, CallPayload, int], Outcome]:
    def ends(view: Case, told: CallPayload, now: int) -> Outcome:
        """Nobody was reached by any way: the case ends by its own name, and its run hears of it."""
        state = itself(view)
        outcome = end(state, told, now)
        token = state.task.token if state.task is not None else ""
        hears = [AnswerRun(token=token, verdict=outcome.verdict)] if token else []
        return replace(outcome, effects=[*outcome.effects, *hears])

    return ends


def tries_form(state: Case) -> Form:
    """How the call went, and what was found out."""
    return with_tries(calling_of(state), CONTACT_FORM, TALKS)(state)


def tries_told(state: Case) -> TemplateValues:
    """The address, the phone number, and the tries so far."""
    return with_told(calling_of(state), details)(state)


def decide_try(state: Case, values: Values, now: int) -> Outcome:
    """What was found out; or a try, for which the case rests as long as the task goes on."""
    outcome = or_try(calling_of(state), decide)(state, values, now)
    if not outcome.stays:
        return outcome
    real, later = itself(state), cast("CallPayload", outcome.payload).get("callback", now)
    if real.pause is None or real.pause.reason != type_of(real).address_pause[1]:
        return outcome
    hold = real.pause
    until = patience(real, max(now, later))
    rests = pause(real, real.status, hold.reason, now, until, hold.by)
    return replace(outcome, changes=outcome.changes | rests)


def itself(view: Case) -> Case:
    """The case, not as its task beside sees it."""
    return view.model_copy(update={"task": view.main_task, "main_task": None})


def about(state: Case) -> str:
    """Whose address a task is about, as letters name them."""
    applicant = applicant_of(state)
    return str(state.task.about.get("to", applicant)) if state.task else applicant


def decide(state: Case, values: Values, now: int) -> Outcome:
    """Put the address right, or believe in it again, and everything goes on; or stop writing there."""
    to = about(state)
    if values["decision"] == RIGHT:
        email = str(address(state, to)["email"])
        ses.allow_again(email)
        changes, effects, also = mended(state, to, email, now)
        return Outcome(RIGHT, changes, {"to": to}, effects, also)
    if values["decision"] == NEW:
        email = str(values["email"])
        if address(state, to)["bad"] and addresses.same(email, str(address(state, to)["email"])):
            raise Invalid({"email": SAME})
        changes, effects, also = mended(state, to, email, now)
        if contact := changes.get("contact"):
            also += type_of(state).found_again(state, contact, now)
        return Outcome("mended", changes, {"to": to}, effects, also)
    changes, effects, also = called_instead(state, to, now)
    data: Payload = {"to": to, "note": str(values["note"])}
    return Outcome("call", changes, data, effects, also)


def expire(state: Case, now: int) -> Outcome:
    """Asked again, while anybody can still be reached about it."""
    to = about(state)
    real = itself(state)
    if not address(real, to)["bad"] or not (real.open or real.task is not None):
        return Outcome("expired", payload={"to": to})
    assert state.task is not None
    begun = begin(real, kind_of(state.task.kind), state.task.assignee, now, {"to": to})
    changes = begun.changes.copy()
    if to == applicant_of(state):
        changes["contact"] = real.contact.model_copy(update={"fix": begun.number})
        if real.pause is not None and real.pause.reason == type_of(real).address_pause[1]:
            hold = real.pause
            changes |= pause(real, real.status, hold.reason, now, patience(real, now), hold.by)
    data: Payload = {"to": to, "asked": state.task.assignee}
    return Outcome("expired", changes, data | begun.payload, begun.effects, begun.same_transaction)


def facts(state: Case) -> list[Fact]:
    """Where it stands; whose address it is only by role."""
    whose = vocabulary.OWNERS.get(about(state).partition(":")[0], N_("A member of staff"))
    return [
        (N_("Letters come back from"), [whose]),
        *where_it_stands(state),
    ]


def details(state: Case) -> TemplateValues:
    """The address that does not work and how else to reach them: for staff alone."""
    to = about(state)
    if to == applicant_of(state):
        contact = state.contact
        return {"name": contact.name, "email": contact.email, "phone": contact.phone}
    row = person(to)
    return {name: str(row.get(name) or "") for name in ("name", "email", "phone")}


CONTACT_FORM: Final = _form(
    N_("There is no email that works: we will call them"),
    N_("They get a new link there, and the time they lost is given back."),
)
SAID = {
    "mended": N_("The new address is kept, and a new link is on its way to it."),
    RIGHT: N_("The address stays, and our letters are on their way to it again."),
    "call": N_("It is kept. We send no more letters to that address."),
}

MENDED = N_("A new address of %(to)s was typed in. Letters go there from now on.")
STAYS = N_("The address of %(to)s is right. Letters go there again.")


CONTACT = Kind(
    name=FIX_CONTACT,
    role="specialist",
    deadline=Deadline("address", business_days(5)),
    letter="mail/fix_contact",
    words=TaskWords(
        title=N_("Find an email address that works for a provider"),
        waiting=N_("Waiting for an email address of the provider that works"),
        short=N_("to find an address that works"),
        then=ASKED_AGAIN,
        overdue=N_("A specialist should find an email address that works for the provider."),
        asked=N_("Letters to %(to)s come back. %(asked)s was asked for an address that works."),
        answered={
            "mended": MENDED,
            RIGHT: STAYS,
            "call": N_("No email of %(to)s works. They are called instead."),
            **calls.LOGGED,
        },
        provider_answered=calls.TOLD,
        expired=N_("Nobody found an address in time. %(asked)s is asked again."),
        refused=N_("This address was changed a moment ago. Please look again."),
        said={
            **calls.SAID,
            **SAID,
            calls.UNRESPONSIVE: N_("The request is closed. Thank you for trying."),
        },
    ),
    policy=TaskPolicy(trouble="blocked", many=True, after_close=True, sensitive=True),
    page=TaskPage(
        form=tries_form,
        facts=facts,
        details=tries_told,
        template="calls/address.html",
        recorded=recorded,
        shows_details_first=True,
    ),
    decide=decide_try,
    expire=expire,
    outcomes=frozenset({"mended", RIGHT, "call", *calls.OUTCOMES, "expired"}),
    examples={
        "mended": {calls.TALKED: "phone", "decision": NEW, "email": "ana.new@example.org"},
        RIGHT: {calls.TALKED: LOOKED, "decision": RIGHT},
        "call": {calls.TALKED: "phone", "decision": CALL, "note": "We call them on Mondays"},
        calls.NOT_REACHED: {calls.TALKED: "no_answer"},
    },
)

PERSON = replace(
    CONTACT,
    name=FIX_PERSON,
    role="coordinator",
    letter="mail/fix_person",
    words=replace(
        CONTACT.words,
        title=N_("Find an email address that works for a consultant or a colleague"),
        waiting=N_("Waiting for an email address of a consultant or a colleague that works"),
        overdue=N_(
            "A coordinator should find an email address that works for a consultant or a colleague."
        ),
        answered={
            "mended": MENDED,
            RIGHT: STAYS,
            "call": N_("No email of %(to)s works. They are reached another way."),
        },
        provider_answered="",
        said=SAID,
    ),
    policy=replace(CONTACT.policy, many=False),
    page=TaskPage(
        form=_form(
            N_("There is none: we reach them another way"),
            N_("What we could not send goes there, for all of their requests."),
        ),
        facts=facts,
        details=details,
        template="calls/address.html",
        shows_details_first=True,
    ),
    decide=decide,
    outcomes=frozenset({"mended", RIGHT, "call", "expired"}),
    examples={
        "mended": {"decision": NEW, "email": "ana.new@example.org"},
        RIGHT: {"decision": RIGHT},
        "call": {"decision": CALL, "note": "We call them on Mondays"},
    },
)
