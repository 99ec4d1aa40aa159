"""The steps of an application's machine."""

from __future__ import annotations

from chalicelib.training import seats
from chalicelib.training.applications import line, scores
from chalicelib.training.applications.asking import asking
from chalicelib.training.applications.deciding import (
    DECISION,
    OFFER,
    OFFERED,
    SETTLED,
    WAIT,
    reply_limits,
    settled_limits,
    until_it_begins,
)
from chalicelib.training.applications.model import Application, ApplicationChanges
from chalicelib.training.applications.reviewing import (
    ENOUGH,
    REVIEWED,
    SCORING,
    review_limits,
    rubric_of,
)
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.events import of_task
from chalicelib.workflow.kinds import Opening
from chalicelib.workflow.steps import ask, stage
from chalicelib.workflow.storage import store


@ask(REVIEWED)
def ask_application_review(state: Application, now: int) -> Opening:
    """Ask reviewers who are missing, and wait for their scores."""
    found = rubric_of(state)
    if found is None:
        return Opening(changes={"status": "in_review"}, limits=review_limits(state, True, now))
    if scores.complete(state, found):
        return Opening(verdict=ENOUGH)
    wanted = scores.lacking(state, found)
    made = asking(state, SCORING.name, wanted, now, ahead=1)
    missing = made.tasks - state.tasks - 1 < wanted
    return Opening(
        changes=ApplicationChanges(
            status="in_review", reviews=made.reviews, tasks=made.tasks, side_tasks=made.beside
        ),
        effects=made.effects,
        same_transaction=made.rows,
        limits=review_limits(state, missing, now),
    )


@ask(DECISION)
def ask_application_ranked(state: Application, now: int) -> Opening:
    """Wait until staff make the offers of the cohort."""
    if state.seat:
        return Opening(verdict=OFFERED)
    return Opening(changes={"status": "ranked"}, limits=until_it_begins(state, now))


@ask(OFFER)
def ask_application_offer(state: Application, now: int) -> Opening:
    """Ask whether they take it, unless they have said so."""
    if state.answer:
        return Opening(verdict=state.answer)
    return Opening(changes={"status": "place_offered"}, limits=reply_limits(state, now))


@ask(SETTLED)
def ask_application_settled(state: Application, now: int) -> Opening:
    """As long as the answer can be changed."""
    return Opening(limits=settled_limits(now))


@ask(WAIT)
def ask_application_wait(state: Application, now: int) -> Opening:
    """They wait in line, and the clock looks whether a seat is free."""
    if state.seat:
        return Opening(verdict=OFFERED)
    letter = SendLetter(letter="applications/on_waitlist", to="applicant")
    return Opening(
        changes={"status": "on_waitlist"},
        effects=[] if told_before(state) else [letter],
        same_transaction=[
            line.join(state, state.tasks + 1),
            seats.waking(state.cohort, now),
        ],
        limits=until_it_begins(state, now),
    )


def told_before(state: Application) -> bool:
    """Whether they have been in line before, and know it."""
    asked = of_task(WAIT.name, "asked")
    return any(entry.event == asked for entry in store.log(state))


lambda_handler = stage(__name__)
