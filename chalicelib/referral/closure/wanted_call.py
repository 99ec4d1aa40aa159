"""A provider who said in the follow-up that they want a call: a specialist's task beside the lifecycle,
which rests or is over by then."""

from __future__ import annotations

from typing import Final

from chalicelib.directory.people import in_charge
from chalicelib.domain.service_standards import Deadline, business_days
from chalicelib.referral.calls import words as calls
from chalicelib.referral.calls.form import recorded, with_told, with_tries
from chalicelib.referral.calls.record import or_try
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.model import Referral
from chalicelib.referral.rows.request_rows import answers
from chalicelib.referral.task_facts import county_and_setting
from chalicelib.web.forms import NO_CHILD, Form, Values, textarea, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.kinds import (
    ASKED_AGAIN,
    Kind,
    Outcome,
    TaskPage,
    TaskPolicy,
    TaskWords,
    kind_of,
)
from chalicelib.workflow.side_tasks import Beginning, asked_anew, begin

KIND: Final = "wanted_call"
CALLED: Final = "called"


def wanted(state: Referral, now: int) -> Beginning:
    """The task for the specialist of this request, or the one in charge."""
    who = state.specialist or in_charge("specialist", state.county)
    return begin(state, kind_of(KIND), who, now)


def form(state: Referral) -> Form:
    """A note on what came of the call."""
    return Form(textarea("note", N_("Note for the record"), hint=NO_CHILD, required=False))


def decide(state: Referral, values: Values, now: int) -> Outcome:
    """They talked, and that ends it."""
    return Outcome(CALLED, payload=ReferralPayload(note=words(values, "note")))


def ends(state: Referral, told: ReferralPayload, now: int) -> Outcome:
    """Nobody was reached: the task ends, and the request stays as it is."""
    return Outcome(calls.UNRESPONSIVE, payload=told)


def details(state: Referral) -> TemplateValues:
    """How to reach them, and what they asked for once."""
    return {"request": answers(state.reference), "contact": state.contact}


WANTED_CALL = Kind[Referral](
    name=KIND,
    role="specialist",
    deadline=Deadline("triage_call", business_days(10)),
    letter="closure/call_wanted",
    words=TaskWords(
        title=N_("Call a provider who asked for a call"),
        waiting=N_("Waiting for the specialist to call a provider after the consultation"),
        short=N_("to call a provider after the consultation"),
        then=ASKED_AGAIN,
        overdue=N_("A specialist should call a provider who asked for a call in the follow-up."),
        asked=N_("%(who)s was asked to call the provider."),
        answered={CALLED: N_("The provider was called."), **calls.LOGGED},
        expired=N_("Nobody called the provider in time. It is asked again."),
        provider_answered={
            CALLED: N_("We talked with you."),
            **calls.TOLD,
            calls.UNRESPONSIVE: N_("We tried to call you and could not reach you."),
        },
        said={
            CALLED: N_("Thank you. The call is recorded."),
            **calls.SAID,
            calls.UNRESPONSIVE: N_("Thank you for trying. The task is closed."),
        },
    ),
    policy=TaskPolicy(many=True, after_close=True, sensitive=True),
    page=TaskPage(
        form=with_tries(
            form, calls.TALKS, also=("note",), end=N_("We cannot reach them: end this task")
        ),
        facts=county_and_setting,
        details=with_told(details),
        template="calls/call.html",
        recorded=recorded,
        shows_details_first=True,
    ),
    decide=or_try(decide, ends),
    expire=asked_anew,
    outcomes=frozenset({CALLED, *calls.OUTCOMES, "expired"}),
    examples={
        CALLED: {calls.TALKED: "phone", "note": "They have a new classroom"},
        calls.NOT_REACHED: {calls.TALKED: "no_answer", "note": "Nobody answered"},
    },
)
