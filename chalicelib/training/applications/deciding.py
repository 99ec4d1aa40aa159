"""What follows the scores: staff make the offers, the applicant answers, others wait in line. An answer can be changed
for some minutes before anything comes of it."""

from __future__ import annotations

from typing import Final

from chalicelib.aws.now import scaled
from chalicelib.domain.calendar import days_later, end_of_business_day, halfway
from chalicelib.domain.service_standards import Deadline, Deadlines
from chalicelib.training import cohort
from chalicelib.training.applications import line
from chalicelib.training.applications.ends import ended, placed
from chalicelib.training.applications.model import Application, ApplicationChanges
from chalicelib.training.begun import begun
from chalicelib.web.forms import Form, Values, radios
from chalicelib.web.languages import N_, date_words
from chalicelib.web.pages import current
from chalicelib.workflow.kinds import Fact, Kind, Outcome, TaskPage, TaskPolicy, TaskWords
from chalicelib.workflow.undo import SECONDS

RANKED: Final = "application_ranked"
OFFERED, WAITLISTED, CLOSED = line.OFFER_MADE, "waitlisted", "closed"
ACCEPTED, DECLINED = "accepted", "declined"
LOOK_DAYS: Final = 30
# Whoever is offered a place at the last moment has so many seconds at least.
HOUR: Final = 3600


def until_it_begins(state: Application, now: int, days: int = LOOK_DAYS) -> Deadlines:
    """So many days, and at the latest until the cohort begins."""
    begins = max(cohort.cohort(state.cohort).begins, now + 60)
    until = min(scaled(now, days_later(now, days)), begins)
    return Deadlines(due=until, remind=(), escalate=until, expires=until)


def not_this_time(state: Application, now: int) -> Outcome:
    """The cohort has begun without them; or the wait goes on."""
    if not begun(cohort.cohort(state.cohort), now):
        return Outcome("expired", final=False)
    return ended(state, now, "not_this_time", "applications/not_this_time", CLOSED)


def waited(state: Application, values: Values, now: int) -> Outcome:
    """Nobody answers a wait."""
    return Outcome("expired", final=False)


BEGUN: Final = N_("The cohort began without it.")

# -- scored: staff decide for the whole cohort (``making_offers.py``) --------------------------------
DECISION: Final = Kind[Application](
    name=RANKED,
    stage="application",
    role="system",
    words=TaskWords(
        title=N_("Wait for the decision about the cohort"),
        waiting=N_("Scored. Staff make the offers of the cohort"),
        short=N_("for the offers of the cohort"),
        then=N_("If nothing is decided, it ends when the cohort begins. We look again %(when)s."),
        asked=N_("It is scored, and waits for the offers of its cohort."),
        answered={
            OFFERED: N_("A place is offered."),
            WAITLISTED: N_("It is on the waitlist."),
            CLOSED: N_("There is no place this time."),
        },
        expired={"": N_("Nothing is decided yet."), CLOSED: BEGUN},
    ),
    decide=waited,
    expire=not_this_time,
    outcomes=frozenset({OFFERED, WAITLISTED, CLOSED, "expired"}),
)


# -- the offer of a place ----------------------------------------------------------------------------
def offer_form(state: Application) -> Form:
    """Take the place, or not."""
    return Form(
        radios(
            "decision",
            N_("Do you take the place?"),
            (ACCEPTED, N_("Yes, I take it")),
            (DECLINED, N_("No, I cannot take it"), N_("It goes to the next person.")),
        )
    )


def offer_facts(state: Application) -> list[Fact]:
    """Which cohort, and when it begins."""
    one = cohort.cohort(state.cohort)
    return [
        (N_("Cohort"), [one.name]),
        (N_("It begins on"), [date_words(one.begins, current().lang, True)]),
    ]


def reply_limits(state: Application, now: int) -> Deadlines:
    """Until the end of the last day for an answer, at the latest until the cohort begins; with a reminder at half
    of the time."""
    one = cohort.cohort(state.cohort)
    end = end_of_business_day(days_later(now, one.reply_days))
    until = min(scaled(now, end), max(one.begins, now + HOUR))
    return Deadlines(
        until, (min(scaled(now, halfway(now, end)), (now + until) // 2),), until, until
    )


def answer_offer(state: Application, values: Values, now: int) -> Outcome:
    """Their answer, which they can change for some minutes."""
    said = str(values["decision"])
    return Outcome(said, ApplicationChanges(status="place_answered", answer=said))


def lapsed(state: Application, now: int) -> Outcome:
    """No answer in time: the next is offered the seat."""
    return ended(state, now, "place_lapsed", "applications/lapsed", "expired")


OFFER: Final = Kind[Application](
    name="application_offer",
    stage="application",
    role="applicant",
    deadline=Deadline("training_offer", None),
    letter="applications/offer",
    words=TaskWords(
        title=N_("Say if you take a place in the training program"),
        waiting=N_("Waiting for the applicant to say if they take the place"),
        short=N_("to take the place, or not"),
        then=N_("If nobody answers, the place is offered to the next in line %(when)s."),
        overdue=N_(
            "The applicant did not say if they take the place. It goes to the next in line."
        ),
        asked=N_("The applicant was asked if they take the place."),
        answered={
            ACCEPTED: N_("The applicant takes the place."),
            DECLINED: N_("The applicant does not take the place."),
        },
        expired=N_("No answer in time. The place goes to the next in line."),
        provider_asked=N_("We offered you a place in the training program."),
        provider_answered={
            ACCEPTED: N_("You took the place."),
            DECLINED: N_("You did not take the place."),
        },
        said={
            ACCEPTED: N_("Wonderful. The place is yours. We will send you the details."),
            DECLINED: N_("Thank you for telling us. The place goes to the next person."),
        },
    ),
    policy=TaskPolicy(undo=True),
    page=TaskPage(form=offer_form, facts=offer_facts),
    decide=answer_offer,
    expire=lapsed,
    outcomes=frozenset({ACCEPTED, DECLINED, "expired"}),
    examples={ACCEPTED: {"decision": ACCEPTED}, DECLINED: {"decision": DECLINED}},
)


# -- answered: some minutes in which it can be changed -----------------------------------------------
def settled_limits(now: int) -> Deadlines:
    """As long as an answer can be changed."""
    until = scaled(now, now + SECONDS)
    return Deadlines(due=until, remind=(), escalate=until, expires=until)


def settled(state: Application, now: int) -> Outcome:
    """What comes of the answer: a place, or a seat for the next."""
    if state.answer == ACCEPTED:
        return placed(state, now, ACCEPTED)
    return ended(state, now, "place_declined", "applications/declined", DECLINED)


SETTLED: Final = Kind[Application](
    name="application_settled",
    stage="application",
    role="system",
    words=TaskWords(
        title=N_("Wait some minutes before the answer counts"),
        waiting=N_("Answered. The applicant can still change the answer"),
        short=N_("for the answer to count"),
        then=N_("The answer counts %(when)s."),
        asked=N_("The applicant can change the answer for some minutes."),
        answered={
            ACCEPTED: N_("The place is theirs."),
            DECLINED: N_("The place goes to the next in line."),
        },
        expired={
            ACCEPTED: N_("The place is theirs."),
            DECLINED: N_("The place goes to the next in line."),
        },
    ),
    decide=lambda state, values, now: settled(state, now),
    expire=settled,
    outcomes=frozenset({ACCEPTED, DECLINED}),
)


# -- in line ---------------------------------------------------------------------------------------
WAIT: Final = Kind[Application](
    name=line.WAIT,
    stage="application",
    role="system",
    words=TaskWords(
        title=N_("Wait for a place"),
        waiting=N_("On the waitlist of the cohort"),
        short=N_("for a place that becomes free"),
        then=N_(
            "If no place becomes free, it ends when the cohort begins. We look again %(when)s."
        ),
        asked=N_("All places are offered. The applicant waits in line."),
        answered={
            OFFERED: N_("A place became free and is held for the applicant."),
            CLOSED: N_("No place became free."),
        },
        expired={"": N_("No place became free yet."), CLOSED: N_("No place became free.")},
        provider_asked=N_("You are on the waitlist."),
    ),
    decide=waited,
    expire=not_this_time,
    outcomes=frozenset({OFFERED, CLOSED, "expired"}),
)
