"""Staff call somebody who has no email: what is to be said, and what became of the call. Whatever type of case
it is: one whose letters are said on the phone names this kind of task (``CaseType.call_task``)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from chalicelib.calls import words as calls
from chalicelib.calls.calling import Calling
from chalicelib.calls.form import with_told, with_tries
from chalicelib.calls.record import or_try
from chalicelib.calls.rule import Attempt, attempts
from chalicelib.calls.words import CallPayload
from chalicelib.domain.service_standards import Deadline, business_days
from chalicelib.mail.addressees import address, person
from chalicelib.mail.phone.sayings import dropped, said, sayings
from chalicelib.web.forms import (
    NO_CHILD,
    Form,
    Values,
    checkboxes,
    radios,
    several,
    textarea,
    words,
)
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow import registry
from chalicelib.workflow.case_types import type_of, where_it_stands
from chalicelib.workflow.cases import Case, Changes
from chalicelib.workflow.kinds import ASKED_AGAIN, Kind, Outcome, TaskPage, TaskPolicy, TaskWords
from chalicelib.workflow.side_tasks import asked_anew
from chalicelib.workflow.storage import store

TOLD, MORE = "told", "more"
TALKS: Final = {way: calls.TALKS[way] for way in ("phone", "in_person")}
GIVES_UP: Final = N_("We cannot reach them: drop what was to be said")


def calling_of(state: Case) -> Calling[Case]:
    """How they are called: as in any call of their case. Where trying ends, the case itself goes on."""
    own = type_of(state).calling
    found: Calling[Case] = registry.load(own) if own else Calling(tries=tries)
    return replace(found, ends=ends)


def tries(state: Case) -> list[Attempt]:
    """The tries that the log tells of, since they last answered."""
    return attempts(store.log(state))


def whom(state: Case) -> str:
    """Who is called, as letters name them."""
    return str(state.task.about.get("to", "")) if state.task else ""


def tell_form(state: Case) -> Form:
    """How the call went, and what they heard."""
    return with_tries(calling_of(state), form, TALKS, also=("note",), end=GIVES_UP)(state)


def tell_details(state: Case) -> TemplateValues:
    """How to reach them, the words to say, and the tries so far."""
    return with_told(calling_of(state), details)(state)


def tell(state: Case, values: Values, now: int) -> Outcome:
    """They heard it; or a try."""
    return or_try(calling_of(state), decide)(state, values, now)


def form(state: Case) -> Form:
    """Of what was to be said, what they heard."""
    heard = checkboxes(
        "said",
        N_("What did you tell them?"),
        *((one.id, one.words.title) for one in sayings(state, whom(state))),
        hint=N_("What is left stays in this task."),
        missing=N_("Choose what you told them."),
    )
    note = textarea("note", N_("Note for the record"), hint=NO_CHILD, required=False)
    return Form(*([heard] if heard.options else []), note)


def known(state: Case) -> Values:
    """Everything is said, most of the time."""
    return {"said": [one.id for one in sayings(state, whom(state))]}


def decide(state: Case, values: Values, now: int) -> Outcome:
    """What they heard is said; the task ends with the last of it."""
    told = CallPayload(note=words(values, "note"))
    rows, left = said(state, several(values, "said"), now, whom(state))
    return Outcome(MORE if left else TOLD, payload=told, same_transaction=rows, stays=bool(left))


def ends(state: Case, told: CallPayload, now: int) -> Outcome:
    """Nobody was reached. What they were asked ends when its own time is over."""
    return Outcome(calls.UNRESPONSIVE, payload=told, same_transaction=dropped(state))


def expire(state: Case, now: int) -> Outcome:
    """Nobody called in time: the same person is asked again."""
    outcome = asked_anew(state, now)
    if whom(state):
        return outcome
    contact = state.contact.model_copy(update={"call": outcome.changes["tasks"]})
    return replace(outcome, changes=outcome.changes | Changes(contact=contact))


def moot(state: Case) -> bool:
    """Whether nothing is left to say."""
    return not sayings(state, whom(state))


def details(state: Case) -> TemplateValues:
    """How to reach them, and the words to say in their language."""
    to = whom(state)
    told = {"sayings": sayings(state, to)}
    if not to:
        return {**told, "contact": state.contact, "language": state.language}
    return {**told, "contact": person(to), "language": address(state, to)["language"]}


TELL = Kind[Case](
    name="tell_by_phone",
    role="specialist",
    deadline=Deadline("phone_call", business_days(5)),
    letter="calls/tell",
    words=TaskWords(
        title=N_("Call somebody who has no email"),
        waiting=N_("Waiting for the specialist to call somebody who has no email"),
        short=N_("to call somebody who has no email"),
        then=ASKED_AGAIN,
        overdue=N_("A specialist should call somebody who has no email."),
        asked=N_("They have no email. %(asked)s was asked to call and tell them: %(about)s."),
        answered={
            TOLD: N_("They were called and told."),
            MORE: N_("There is something to tell them by phone."),
            **calls.LOGGED,
        },
        expired=N_("Nobody called them in time. %(asked)s is asked again."),
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
        form=tell_form,
        facts=where_it_stands,
        details=tell_details,
        known=known,
        template="calls/tell.html",
        shows_details_first=True,
    ),
    decide=tell,
    expire=expire,
    outcomes=frozenset({TOLD, MORE, *calls.OUTCOMES, "expired"}),
    examples={
        TOLD: lambda state, now: {calls.TALKED: "phone", **known(state)},
        calls.NOT_REACHED: {calls.TALKED: "no_answer"},
    },
)


def talk_form(state: Case) -> Form:
    """That they talked, and what was heard. Tries are counted of whoever the case is for, and of nobody else."""
    return Form(radios(calls.TALKED, N_("How did it go?"), *TALKS.items()), *form(state).fields)


# Whoever else has a part in a case, as a consultant in training: what they were asked ends by its own time.
PERSON = replace(
    TELL,
    name="tell_person",
    role="coordinator",
    words=replace(
        TELL.words,
        title=N_("Call a consultant who has no email"),
        waiting=N_("Waiting for the coordinator to call a consultant who has no email"),
        short=N_("to call a consultant who has no email"),
        overdue=N_("A coordinator should call a consultant who has no email."),
        asked=N_(
            "The consultant has no email. %(asked)s was asked to call and tell them: %(about)s."
        ),
        answered={
            TOLD: N_("The consultant was called and told."),
            MORE: N_("There is something to tell the consultant by phone."),
        },
        expired=N_("Nobody called the consultant in time. %(asked)s is asked again."),
        provider_answered="",
        said={name: TELL.words.said[name] for name in (TOLD, MORE)},
    ),
    page=replace(TELL.page, form=talk_form, details=details),
    decide=decide,
    outcomes=frozenset({TOLD, MORE, "expired"}),
    examples={TOLD: TELL.examples[TOLD]},
)
