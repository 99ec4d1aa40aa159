"""The provider answers what is missing, and only that; then the rules look again.

While it is open the standard's clock stands still. Silence is an answer too: a specialist decides
with that fact before them.
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib.domain.service_standards import Deadline, business_days
from chalicelib.referral import information_request
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.model import Referral
from chalicelib.referral.request import QUESTIONS
from chalicelib.referral.request_changes import amend
from chalicelib.referral.rows.request_rows import answers
from chalicelib.referral.safety_flag import DANGER, raised
from chalicelib.web.forms import Field, Form, Values, radios
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Changes
from chalicelib.workflow.effects import Effect
from chalicelib.workflow.kinds import Kind, Outcome, TaskPage, TaskPolicy, TaskWords

ANSWERED, EXPIRED = "answered", "expired"


def form(state: Referral) -> Form:
    """The questions that are open. The last one makes the press a decision."""
    seen, asked = answers(state.reference).situation, information_request.of(state.reference)
    fields: list[Field] = [QUESTIONS[name].seen_in(seen) for name in asked.get("fields", [])]
    if asked.get("by") == information_request.RULES:
        fields = [replace(one, required=True) for one in fields]
    complete = radios(
        "complete", N_("Is this all that you can tell us?"), ("yes", N_("Yes, send these answers"))
    )
    return Form(*fields, complete)


def known(state: Referral) -> Values:
    """What was answered before to the questions that are open."""
    wanted = information_request.of(state.reference).get("fields", [])
    given = answers(state.reference).as_dict()
    return {name: given[name] for name in wanted if name in given}


def _lasted(state: Referral, now: int) -> int:
    """The seconds that the provider had are paused time, not ours."""
    return max(0, now - state.task.opened) if state.task else 0


def _went_on(state: Referral, lasted: int) -> Changes:
    return {"status": "submitted", "paused": state.paused + lasted}


def decide(state: Referral, values: Values, now: int) -> Outcome:
    """Put the answers into the request; the rules decide again in the same run."""
    amended = amend(state, answers(state.reference), values, now)
    lasted = _lasted(state, now)
    asked = information_request.of(state.reference).get("fields", [])
    # Nothing is done, so that the rules are heard anew.
    changes: Changes = {**amended.changes, **_went_on(state, lasted), "done": None}
    data, effects = amended.data | ReferralPayload(paused=lasted), list[Effect]()
    rows = [*amended.also, information_request.settle(state.reference, asked)]
    if amended.danger:
        begun = raised(state, DANGER, "no", "provider", now)
        changes, data = changes | begun.changes, data | begun.payload
        effects, rows = list(begun.effects), rows + begun.same_transaction
    return Outcome(ANSWERED, changes, data, effects, rows, final=False)


def expire(state: Referral, now: int) -> Outcome:
    """Nobody answered for weeks: a specialist decides, and a restarted run goes there as well."""
    lasted = _lasted(state, now)
    return Outcome(
        EXPIRED,
        {**_went_on(state, lasted), "done": {**state.done, "decide_eligibility": "confirm"}},
        ReferralPayload(paused=lasted),
        same_transaction=[
            information_request.settle(
                state.reference, information_request.of(state.reference).get("fields", [])
            )
        ],
        final=False,
    )


INFORMATION = Kind[Referral](
    name=information_request.NAME,
    stage="eligibility",
    role="provider",
    deadline=Deadline("information", business_days(10), remind_when_due=True),
    letter="eligibility/information",
    words=TaskWords(
        title=N_("Answer a few more questions about your request"),
        waiting=N_("Waiting for the provider to answer our questions"),
        short=N_("to answer our questions"),
        then=N_("If nobody answers, a specialist decides without it %(when)s."),
        overdue=N_("The provider should answer a few more questions."),
        asked=N_("The provider was asked for more: %(fields)s. Our clock stands still."),
        answered=N_(
            "The provider answered the questions. %(paused)s with the provider do not count."
        ),
        expired=N_(
            "The provider did not answer in time, and a specialist decides. %(paused)s with the "
            "provider do not count."
        ),
        provider_asked=N_("We mailed you a few more questions."),
        provider_answered=N_("You answered our questions."),
        provider_expired=N_("We did not hear from you. A specialist will look at your request."),
        refused=N_("Something in your request changed meanwhile. Please send your answers again."),
        said={ANSWERED: N_("Thank you. We are looking at your request again now.")},
    ),
    policy=TaskPolicy(stops_clock=True),
    page=TaskPage(form=form, known=known),
    decide=decide,
    expire=expire,
    outcomes=frozenset({ANSWERED, EXPIRED}),
    examples={ANSWERED: {"director_knows": "yes", "modality": "onsite", "complete": "yes"}},
)
