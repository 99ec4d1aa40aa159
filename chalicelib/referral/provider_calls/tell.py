"""Staff call a provider who has no email: what is to be said, and what became of the call."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from chalicelib.calls.form import with_told, with_tries
from chalicelib.calls.record import or_try
from chalicelib.calls.words import CallPayload
from chalicelib.domain.service_standards import Deadline, business_days
from chalicelib.mail.phone.sayings import dropped, said, sayings
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.model import Referral
from chalicelib.referral.provider_calls import words as calls
from chalicelib.referral.provider_calls.calling import PROVIDER
from chalicelib.web.forms import NO_CHILD, Form, Values, checkboxes, several, textarea, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.case_types import where_it_stands
from chalicelib.workflow.cases import Changes
from chalicelib.workflow.kinds import ASKED_AGAIN, Kind, Outcome, TaskPage, TaskPolicy, TaskWords
from chalicelib.workflow.side_tasks import asked_anew

TOLD, MORE = "told", "more"
TALKS: Final = {way: calls.TALKS[way] for way in ("phone", "in_person")}
GIVES_UP: Final = N_("We cannot reach them: drop what was to be said")


def form(state: Referral) -> Form:
    """Of what was to be said, what they heard."""
    heard = checkboxes(
        "said",
        N_("What did you tell them?"),
        *((one.id, one.words.title) for one in sayings(state)),
        hint=N_("What is left stays in this task."),
        missing=N_("Choose what you told them."),
    )
    note = textarea("note", N_("Note for the record"), hint=NO_CHILD, required=False)
    return Form(*([heard] if heard.options else []), note)


def known(state: Referral) -> Values:
    """Everything is said, most of the time."""
    return {"said": [one.id for one in sayings(state)]}


def decide(state: Referral, values: Values, now: int) -> Outcome:
    """What they heard is said; the task ends with the last of it."""
    told = ReferralPayload(note=words(values, "note"))
    rows, left = said(state, several(values, "said"), now)
    return Outcome(MORE if left else TOLD, payload=told, same_transaction=rows, stays=bool(left))


def ends(state: Referral, told: CallPayload, now: int) -> Outcome:
    """Nobody was reached. What they were asked ends when its own time is over."""
    return Outcome(calls.UNRESPONSIVE, payload=told, same_transaction=dropped(state))


def expire(state: Referral, now: int) -> Outcome:
    """Nobody called in time: the same person is asked again."""
    outcome = asked_anew(state, now)
    contact = state.contact.model_copy(update={"call": outcome.changes["tasks"]})
    return replace(outcome, changes=outcome.changes | Changes(contact=contact))


def moot(state: Referral) -> bool:
    """Whether nothing is left to say."""
    return not sayings(state)


def details(state: Referral) -> TemplateValues:
    """How to reach them, and the words to say in their language."""
    return {"contact": state.contact, "sayings": sayings(state), "language": state.language}


TELL = Kind[Referral](
    name="tell_by_phone",
    role="specialist",
    deadline=Deadline("phone_call", business_days(5)),
    letter="provider_calls/tell",
    words=TaskWords(
        title=N_("Call a provider who has no email"),
        waiting=N_("Waiting for the specialist to call the provider, who has no email"),
        short=N_("to call a provider who has no email"),
        then=ASKED_AGAIN,
        overdue=N_("A specialist should call a provider who has no email."),
        asked=N_(
            "The provider has no email. %(asked)s was asked to call and tell them: %(about)s."
        ),
        answered={
            TOLD: N_("The provider was called and told."),
            MORE: N_("There is something to tell the provider by phone."),
            **calls.LOGGED,
        },
        expired=N_("Nobody called the provider in time. %(asked)s is asked again."),
        provider_answered={
            TOLD: N_("We called you."),
            MORE: N_("We called you."),
            **calls.TOLD,
            calls.UNRESPONSIVE: N_("We tried to call you and could not reach you."),
        },
        said={
            TOLD: N_("Thank you. It is recorded that you told them."),
            MORE: N_("It is recorded. Something is left to say."),
            **calls.SAID,
            calls.UNRESPONSIVE: N_("Thank you for trying. The task is closed."),
        },
    ),
    policy=TaskPolicy(many=True, after_close=True, sensitive=True, moot=moot),
    page=TaskPage(
        form=with_tries(PROVIDER, form, TALKS, also=("note",), end=GIVES_UP),
        facts=where_it_stands,
        details=with_told(PROVIDER, details),
        known=known,
        template="provider_calls/tell.html",
        shows_details_first=True,
    ),
    decide=or_try(PROVIDER, decide, ends),
    expire=expire,
    outcomes=frozenset({TOLD, MORE, *calls.OUTCOMES, "expired"}),
    examples={
        TOLD: lambda state, now: {calls.TALKED: "phone", **known(state)},
        calls.NOT_REACHED: {calls.TALKED: "no_answer"},
    },
)
