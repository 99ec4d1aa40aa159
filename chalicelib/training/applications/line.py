"""Who gets a seat that became free: whoever is first on the cohort's waitlist, in the order in which staff decided,
and nobody is passed over without a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chalicelib.aws.log import logger
from chalicelib.aws.writes import Write
from chalicelib.training import cohort as cohorts
from chalicelib.training import seats
from chalicelib.training.applications import of_cohort
from chalicelib.training.applications.events import PROMOTED
from chalicelib.training.applications.model import (
    Application,
    ApplicationChanges,
    ApplicationPayload,
    PassedOver,
)
from chalicelib.training.begun import begun
from chalicelib.training.cohort import Cohort
from chalicelib.workflow.cases import Command
from chalicelib.workflow.kinds import Outcome, kind_of
from chalicelib.workflow.storage import indexes, lines, store
from chalicelib.workflow.storage.lines import Waiting
from chalicelib.workflow.tasks import answered

LINE: Final = "TRAININGLINE#"
WAIT: Final = "application_wait"
OFFER_MADE: Final = "offered"
# How many who were passed over an entry names.
NAMED: Final = 20
ON_HOLD, NO_ADDRESS = "on_hold", "no_address"


def line_of(cohort: str) -> str:
    """The partition of a cohort's line."""
    return LINE + cohort


def place(state: Application) -> str:
    """An application's place in line; smaller is earlier."""
    return f"{state.rank:05d}#{state.reference}"


def join(state: Application, n: int) -> Write:
    """Put it in line with task ``n``, or leave it where it is."""
    return lines.join(line_of(state.cohort), place(state), n)


def leave(state: Application) -> Write:
    """Take it out; never refuses."""
    return lines.leave(line_of(state.cohort), place(state))


def waits(state: Application, row: Waiting | None = None) -> bool:
    """Whether it waits in line, where its row stands."""
    asked = state.task is not None and state.task.kind == WAIT
    return state.open and asked and (row is None or place(state) == row.place)


def against(state: Application) -> list[str]:
    """Why a seat is not for somebody who waits now; empty when it is."""
    if state.pause is None:
        return []
    return [NO_ADDRESS if state.contact.blocked else ON_HOLD]


def go_on(pk: str, sk: str, at: int) -> None:
    """Offer the seats of a cohort that are free to who waits; the clock calls it once a seat changed hands."""
    since = seats.turns(of_cohort.id_of(pk))
    one = cohorts.cohort(of_cohort.id_of(pk))
    free, passed = one.free, list[Application]()
    lost: list[tuple[Waiting, Application | None]] = []
    waiting = lines.rows(line_of(one.id)) if free and not begun(one, at) else []
    for state in lines.cases(waiting, Application, waits, lost):
        if not free:
            break
        if against(state):
            passed.append(state)
        elif offered(state, one, passed, at):
            free -= 1
    for row, case in lost:
        if case is None or not waits(case):
            lines.drop(line_of(one.id), row)
    if free and passed:  # they are looked at again once they can be reached
        indexes.wake_later(pk, sk, at + 3600)
    else:
        indexes.sleep(pk, sk, seats.unchanged(since))


def offered(turn: Application, one: Cohort, passed: Sequence[Application], at: int) -> bool:
    """Hold the seat, leave the line and go on to the offer, in one command."""
    rules = [PassedOver(reference=p.reference, rules=against(p)) for p in passed[:NAMED]]
    told = ApplicationPayload(passed=rules, further=max(0, len(passed) - NAMED))

    def decide(state: Application) -> Command | None:
        if state.task is None or not waits(state) or state.version != turn.version:
            return None  # somebody did something: it is looked at again
        outcome = Outcome(
            OFFER_MADE,
            ApplicationChanges(status="place_offered", seat=True),
            told,
            final=False,
            event=PROMOTED,
        )
        command = f"promote:{state.task.number}"
        entry = answered(state, kind_of(WAIT), outcome, "system", command, at)
        held = seats.take(one.id, seats.seat_of(state.reference), at)
        return entry, [*held, leave(state)]

    try:
        return store.change(turn.reference, decide, turn).seat
    except store.Refused:
        logger().info("the seat was taken meanwhile", extra={"referral": turn.reference})
        return False
