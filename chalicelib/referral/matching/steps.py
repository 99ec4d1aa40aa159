"""The steps of the match machine."""

from __future__ import annotations

from chalicelib.directory.people import in_charge, reserve_place
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.matching.assignment.hold import held
from chalicelib.referral.matching.tasks import COORDINATOR, OFFER
from chalicelib.referral.matching.waiting import (
    CHOICES,
    MISSES,
    WAITLIST,
    join_line,
    misses,
    way_on,
)
from chalicelib.referral.matching.waitlist import fair_ranking
from chalicelib.referral.model import Referral, ReferralChanges
from chalicelib.workflow.kinds import Opening
from chalicelib.workflow.steps import ask, stage


@ask(OFFER)
def ask_offer(state: Referral, now: int) -> Opening:
    """Offer to the best-ranked consultant; the offer holds one of their places.

    One that a broken run cut off, or for which the line held a place, goes to whoever holds it.
    When only busy people or a language are in the way, or staff collect the requests of its incident,
    the referral waits in line.
    """
    if (way := _asked_beyond(state)) is not None:
        return Opening(verdict=way)
    status = state.pause.status if state.pause is not None else state.status
    if status == "match_proposed" and state.consultant:
        return Opening(assignee=state.consultant)
    if misses(state) >= MISSES:
        return Opening(verdict="exhausted")
    if state.incident and state.incident in held(now):
        return Opening(verdict="no_room")  # it waits in line until staff assign all of them
    found = fair_ranking(state, now)
    if not found.candidates:
        return Opening(verdict=way_on(state, found))
    best = found.candidates[0]
    told = ReferralPayload(score=best.total, candidates=len(found.candidates))
    if best.id == state.previous:
        told["case"] = "previous"
    return Opening(
        assignee=best.id,
        changes=ReferralChanges(status="match_proposed", consultant=best.id),
        payload=told,
        same_transaction=[reserve_place(best.id, state.reference, now, offer=True)],
    )


@ask(COORDINATOR)
def ask_coordinator(state: Referral, now: int) -> Opening:
    """Nobody accepted: the coordinator gets the ranked list and every exclusion reason."""
    return Opening(
        assignee=in_charge("coordinator", state.county),
        changes={"status": "waitlisted"},
        payload=ReferralPayload(offers=misses(state)),
    )


@ask(WAITLIST)
def ask_waitlist(state: Referral, now: int) -> Opening:
    """Everybody who fits is full or away: wait in line."""
    if state.task is not None and state.task.kind in CHOICES:
        return Opening(verdict=CHOICES[state.task.kind])
    return join_line(state, now)


def _asked_beyond(state: Referral) -> str | None:
    """The way to who is asked already, for a run that began anew meanwhile; None for nobody."""
    ways = {
        WAITLIST.name: "no_room",
        **dict.fromkeys(CHOICES, "no_room"),
        COORDINATOR.name: "exhausted",
    }
    return ways.get(state.task.kind) if state.task is not None else None


lambda_handler = stage(__name__)
