"""Waiting for a free consultant, and the provider's own choice when nobody speaks their language or
nobody can come to them.

On the waitlist nobody is asked: the line promotes. When its time is over the coordinator looks
for somebody, or the provider chooses what they can do without; the place in line stays. The coordinator
may ask the provider at any time.
"""

from __future__ import annotations

from typing import Final

from chalicelib.aws.now import scaled
from chalicelib.domain import service_standards, vocabulary
from chalicelib.domain.roles import CONSULTANT, STAFF
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
LANGUAGE, PLACE = "language", "place"
# After so many consultants said no or nothing, a person looks for one.
MISSES: Final = 3
OFFER_AGAIN: Final = "offer_again"


def way_on(state: Referral, found: Ranking) -> str:
    """The verdict when nobody is left to offer to: only busy people, or a language that is missing,
    is worth waiting for; anything else is a coordinator's work."""
    return "no_room" if found.language_gap or "no_capacity" in found.flags else "exhausted"


def misses(state: Referral) -> int:
    """How many said no or nothing; who was replaced in mid-case did neither."""
    return sum(one != state.previous for one in state.declined)


def asked_anew(state: Referral) -> list[str] | None:
    """Who stays out when everybody who fits is asked anew: who was replaced in mid-case."""
    return [one for one in state.declined if one == state.previous] or None


def could_do_without(found: Ranking) -> str:
    """What the provider could do without, so that somebody fits: ``LANGUAGE``, ``PLACE``, or nothing."""
    if found.language_gap:
        return LANGUAGE
    return PLACE if "area_gap" in found.flags else ""


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
    return Outcome(LANGUAGE if asked else "expired", final=False)


ANYWHERE: Final = N_("Meet by video with a consultant from another part of California")


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
                ANYWHERE,
                N_("They speak your language. You need a phone or computer with a camera."),
            )
        )
    return Form(
        radios("choice", N_("What is best for you?"), *options, readers=(STAFF, CONSULTANT))
    )


def place_form(state: Referral) -> Form:
    """Two ways on."""
    return Form(
        radios(
            "choice",
            N_("What is best for you?"),
            (
                WAIT,
                N_("Keep waiting for somebody who can come to me"),
                N_("You keep your place in line. We cannot say how long it takes."),
            ),
            (ONLINE, ANYWHERE, N_("You need a phone or computer with a camera.")),
        )
    )


def decide_choice(state: Referral, values: Values, now: int) -> Outcome:
    """The choice counts from now on, and the match goes on by itself."""
    choice = str(values["choice"])
    changes = ReferralChanges(language_choice=choice)
    if choice == ONLINE:
        changes["modality"] = "virtual"
    if choice != WAIT and misses(state) >= MISSES:
        # Offered in another way it is another offer: or a coordinator would be asked at once.
        changes["declined"] = asked_anew(state)
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
    outcomes=frozenset({OFFER_AGAIN, LANGUAGE, PLACE, "expired"}),
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
    decide=decide_choice,
    outcomes=frozenset({WAIT, OFFER_AGAIN, "expired"}),
    examples={WAIT: {"choice": WAIT}, OFFER_AGAIN: {"choice": INTERPRETER}},
)

PLACE_CHOICE = Kind[Referral](
    name="place_choice",
    stage="match",
    status="waitlisted",
    role="provider",
    deadline=Deadline("language_choice", business_days(10), remind_when_due=True),
    letter="matching/place_choice",
    words=TaskWords(
        title=N_("Choose how to go on: nobody who can come to you is free"),
        waiting=N_("Waiting for the provider to choose whether to meet by video"),
        short=N_("to choose whether to meet by video"),
        then=N_("If nobody answers, the coordinator is asked %(when)s."),
        overdue=N_("The provider should choose whether to meet by video."),
        asked=N_("The provider was asked whether they can meet by video: nobody can come."),
        answered={
            "wait": N_("The provider keeps waiting for somebody who can come."),
            "offer_again": N_("The provider can meet by video. It is offered in that way."),
        },
        expired=N_("The provider did not choose in time. It keeps its place in line."),
        provider_asked=N_("We mailed you a question about how you want to meet."),
        provider_answered=N_("You told us how you want to meet."),
        said=LANGUAGE_CHOICE.words.said,
    ),
    page=TaskPage(form=place_form, facts=county),
    decide=decide_choice,
    outcomes=LANGUAGE_CHOICE.outcomes,
    examples={WAIT: {"choice": WAIT}, OFFER_AGAIN: {"choice": ONLINE}},
)

# Each choice of the provider, and the verdict that leads to it.
CHOICES: Final = {LANGUAGE_CHOICE.name: LANGUAGE, PLACE_CHOICE.name: PLACE}
