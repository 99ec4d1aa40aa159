"""The steps of the match machine."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.aws.people import hold, in_charge
from chalicelib.kit.steps import ask
from chalicelib.kit.tasks import Opening
from chalicelib.match.ranking import ranking
from chalicelib.match.tasks import COORDINATOR, OFFER
from chalicelib.referral.model import Referral

bp = Blueprint(__name__)
# After so many consultants said no or nothing, a person looks for one (E3).
MISSES = 3


@bp.lambda_function(name="ask_offer")
@ask(OFFER)
def ask_offer(state: Referral, now: int) -> Opening:
    """Offer to the best-ranked consultant; the offer holds one of their places.

    An offer that a broken run cut off goes to the same consultant again, who holds the place (I3).
    """
    if state.status == "match_proposed" and state.consultant:
        return Opening(who=state.consultant)
    if len(state.declined) >= MISSES:
        return Opening(verdict="exhausted")
    found = ranking(state)
    if not found.candidates:
        return Opening(verdict="exhausted")
    best = found.candidates[0]
    return Opening(
        who=best.id,
        changes={"status": "match_proposed", "consultant": best.id},
        data={"score": best.total, "candidates": len(found.candidates)},
        also=[hold(best.id, state.reference, now)],
    )


@bp.lambda_function(name="ask_coordinator")
@ask(COORDINATOR)
def ask_coordinator(state: Referral, now: int) -> Opening:
    """Nobody accepted: the coordinator gets the ranked list and every exclusion reason."""
    return Opening(
        who=in_charge("coordinator", state.county),
        changes={"status": "waitlisted"},
        data={"asked": len(state.declined)},
    )
