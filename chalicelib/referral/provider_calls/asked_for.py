"""A call that a provider asked for after the end: a specialist talks with them, and that ends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from chalicelib.calls.form import recorded, with_told, with_tries
from chalicelib.calls.record import or_try
from chalicelib.calls.words import CallPayload
from chalicelib.domain.service_standards import Deadline, business_days
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.model import Referral, ReferralChanges
from chalicelib.referral.provider_calls import words as calls
from chalicelib.referral.provider_calls.calling import PROVIDER
from chalicelib.referral.rows.request_rows import answers
from chalicelib.web.forms import NO_CHILD, Form, Values, textarea
from chalicelib.web.forms import words as typed
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.kinds import Example, Fact, Outcome, TaskPage, TaskPolicy, TaskWords

CALLED: Final = "called"
OUTCOMES: Final = frozenset({CALLED, *calls.OUTCOMES, "expired"})
DEADLINE: Final = Deadline("triage_call", business_days(10))
POLICY: Final = TaskPolicy[Referral](many=True, after_close=True, sensitive=True)
EXAMPLES: Final[Mapping[str, Example[Referral]]] = {
    CALLED: {calls.TALKED: "phone", "note": "They have a new classroom"},
    calls.NOT_REACHED: {calls.TALKED: "no_answer", "note": "Nobody answered"},
}


def form(state: Referral) -> Form:
    """A note on what came of the call."""
    return Form(textarea("note", N_("Note for the record"), hint=NO_CHILD, required=False))


def details(state: Referral) -> TemplateValues:
    """How to reach them, and what they asked for once."""
    return {"request": answers(state.reference), "contact": state.contact}


def decided(ended: ReferralChanges | None = None) -> Callable[[Referral, Values, int], Outcome]:
    """They talked, or could not be reached: either ends it. ``ended``: what that does to the request."""

    def end(verdict: str, told: CallPayload) -> Outcome:
        return Outcome(verdict, changes=ReferralChanges(**(ended or {})), payload=told)

    return or_try(
        PROVIDER,
        lambda state, values, now: end(CALLED, ReferralPayload(note=typed(values, "note"))),
        lambda state, told, now: end(calls.UNRESPONSIVE, told),
    )


def page(facts: Callable[[Referral], list[Fact]]) -> TaskPage[Referral]:
    """The page of the call, with its own facts."""
    return TaskPage(
        form=with_tries(
            PROVIDER,
            form,
            calls.TALKS,
            also=("note",),
            end=N_("We cannot reach them: end this task"),
        ),
        facts=facts,
        details=with_told(PROVIDER, details),
        template="provider_calls/call.html",
        recorded=recorded,
        shows_details_first=True,
    )


def with_ends(own: TaskWords) -> TaskWords:
    """The words of such a call, with those for what ends it."""
    return replace(
        own,
        answered={CALLED: N_("The provider was called."), **calls.LOGGED},
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
    )
