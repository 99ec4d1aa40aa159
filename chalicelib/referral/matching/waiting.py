"""Waiting for a free consultant, and the provider's own choice when nobody speaks their language.

On the waitlist nobody is asked: the line promotes. When its time is over the coordinator looks
for somebody, or the provider chooses what they can do without; the place in line stays.
"""

from __future__ import annotations

from typing import Final

from chalicelib.aws.now import scaled
from chalicelib.domain import service_standards, vocabulary
from chalicelib.domain.service_standards import Deadline, Deadlines, business_days
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.matching.ranking import ranking
from chalicelib.referral.matching.rules import Ranking
from chalicelib.referral.model import Referral, ReferralChanges
from chalicelib.referral.rows import waitlist_rows
from chalicelib.referral.rows.request_rows import answers
from chalicelib.referral.task_facts import county
from chalicelib.web.forms import Form, Values, radios
from chalicelib.web.languages import N_
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.events import of_task
from chalicelib.workflow.kinds import (
    Fact,
    Kind,
    Opening,
    Outcome,
    TaskPage,
    TaskWords,
)
from chalicelib.workflow.storage import store

WAIT, INTERPRETER, ONLINE = "wait", "interpreter", "online"
OFFER_AGAIN: Final = "offer_again"


def way_on(state: Referral, found: Ranking) -> str:
    """The verdict when nobody is left to offer to: only busy people, or a language that is missing,
    is worth waiting for; anything else is a coordinator's work."""
    return "no_room" if found.language_gap or "no_capacity" in found.flags else "exhausted"


def asks_language(state: Referral, found: Ranking) -> bool:
    """Whether only the language is in the way, and the provider was not asked what to do."""
    return found.language_gap and not state.language_choice


def join_line(state: Referral, now: int) -> Opening:
    """Wait in line; the provider is told once that they keep their place.

    Its end is the standard for an offer, or five business days when only a language is missing.
    """
    found = ranking(state)
    clock = "language_wait" if asks_language(state, found) else "match_offered"
    until = scaled(now, service_standards.due(clock, state.priority, now))
    told = any(entry.event == of_task("waitlist", "asked") for entry in store.log(state))
    letter = SendLetter(letter="matching/waitlisted", to="provider")
    return Opening(
        changes={"status": "waitlisted"},
        payload=ReferralPayload(flags=list(found.flags)),
        effects=[] if told else [letter],
        same_transaction=[waitlist_rows.join(state, state.tasks + 1)],
        limits=Deadlines(due=until, remind=(), escalate=until, expires=until),
        about={"for": "language"} if clock == "language_wait" else {},
    )


def leave_waitlist(state: Referral, values: Values, now: int) -> Outcome:
    """Nobody answers a wait; promotion is a command of its own (``referral/matching/waitlist.py``)."""
    return Outcome(OFFER_AGAIN, final=False, same_transaction=[waitlist_rows.leave(state)])


def expire_waitlist(state: Referral, now: int) -> Outcome:
    """Its time is over: the provider chooses, if a language is all that is missing; otherwise the
    coordinator looks. The place in line stays."""
    asked = asks_language(state, ranking(state))
    return Outcome("language" if asked else "expired", final=False)


def language_form(state: Referral) -> Form:
    """Three ways on; meeting somebody from elsewhere only if there is such a person."""
    elsewhere = state.model_copy(update={"language_choice": ONLINE})
    found = ranking(elsewhere)
    options = [
        (
            WAIT,
            N_("Keep waiting for somebody who speaks my language"),
            N_("You keep your place in line. We cannot say how long it takes."),
        ),
        (
            INTERPRETER,
            N_("Start with a consultant and an interpreter"),
            N_("We arrange it with you. The service stays free."),
        ),
    ]
    if found.candidates or "no_capacity" in found.flags:
        options.append(
            (
                ONLINE,
                N_("Meet by video with a consultant from another part of California"),
                N_("They speak your language. You need a phone or computer with a camera."),
            )
        )
    return Form(radios("choice", N_("What is best for you?"), *options))


def decide_language(state: Referral, values: Values, now: int) -> Outcome:
    """The choice counts from now on, and the match goes on by itself."""
    choice = str(values["choice"])
    changes = ReferralChanges(language_choice=choice)
    if choice == ONLINE:
        changes["modality"] = "virtual"
    verdict = WAIT if choice == WAIT else OFFER_AGAIN
    data = ReferralPayload(choice=choice)
    return Outcome(
        verdict, changes, data, same_transaction=[waitlist_rows.leave(state)], final=False
    )


def language_facts(state: Referral) -> list[Fact]:
    """The language that is meant, and the county."""
    request = answers(state.reference)
    language = vocabulary.label("language", request.language or "en")
    return [(N_("Language"), [language]), *county(state)]


WAITLIST = Kind[Referral](
    name="waitlist",
    stage="match",
    role="system",
    deadline=Deadline("match_offered", None),
    words=TaskWords(
        title=N_("Wait for a free consultant"),
        waiting=N_("Waiting in line for a free consultant"),
        short=N_("for a free consultant"),
        then=N_("If nobody becomes free, somebody is asked what to do %(when)s."),
        asked=N_("Nobody is free for it now. It waits in line."),
        expired=N_("Nobody became free in time. It keeps its place in line."),
        provider_asked=N_("No consultant was free. You keep your place in line."),
    ),
    decide=leave_waitlist,
    expire=expire_waitlist,
    outcomes=frozenset({OFFER_AGAIN, "language", "expired"}),
)

LANGUAGE_CHOICE = Kind[Referral](
    name="language_choice",
    stage="match",
    status="waitlisted",
    role="provider",
    deadline=Deadline("language_choice", business_days(10), remind_when_due=True),
    letter="matching/language_choice",
    words=TaskWords(
        title=N_("Choose how to go on: nobody who speaks your language is free"),
        waiting=N_(
            "Waiting for the provider to choose what to do without somebody who speaks the language"
        ),
        short=N_("to choose how to go on without the language"),
        then=N_("If nobody answers, the coordinator is asked %(when)s."),
        overdue=N_(
            "The provider should choose how to go on without somebody who speaks their language."
        ),
        asked=N_("The provider was asked what to do: nobody speaks the language."),
        answered={
            "wait": N_("The provider keeps waiting for somebody who speaks the language."),
            "offer_again": N_(
                "The provider can do without: %(choice)s. It is offered in that way."
            ),
        },
        expired=N_("The provider did not choose in time. It keeps its place in line."),
        provider_asked=N_("We mailed you a question about the language."),
        provider_answered=N_("You told us how to go on with the language."),
        said={
            WAIT: N_("You chose to keep waiting. You keep your place in line."),
            OFFER_AGAIN: N_("Thank you. We are looking for a consultant in that way now."),
        },
    ),
    page=TaskPage(form=language_form, facts=language_facts),
    decide=decide_language,
    outcomes=frozenset({WAIT, OFFER_AGAIN, "expired"}),
    examples={WAIT: {"choice": WAIT}, OFFER_AGAIN: {"choice": INTERPRETER}},
)
