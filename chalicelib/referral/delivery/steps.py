"""The steps of the delivery machine."""

from __future__ import annotations

from chalicelib.referral.delivery.plan import AGREE, PLANNED
from chalicelib.referral.delivery.tasks import AGREEMENT, PLAN, PLAN_AGREEMENT, SERVICE
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.model import Referral
from chalicelib.referral.records import REVIEW_AT, episode
from chalicelib.referral.sessions.deadlines import review_at, unplanned, waits
from chalicelib.workflow.cases import Changes
from chalicelib.workflow.kinds import Opening, asked_at
from chalicelib.workflow.steps import ask, stage
from chalicelib.workflow.storage import store


@ask(AGREEMENT)
def ask_agreement(state: Referral, now: int) -> Opening:
    """Ask the provider to sign, before the first session; once signed, it stays signed."""
    if _began_before(state) and episode(store.log(state)).agreement is not None:
        return Opening(verdict=AGREE)
    return Opening()


@ask(PLAN)
def ask_plan(state: Referral, now: int) -> Opening:
    """Ask the consultant for the plan; ``again`` says why when there was one before."""
    record = episode(store.log(state))
    if record.plan_stands:
        return Opening(verdict=PLANNED)
    again = ""
    if record.plan is not None and record.agreed_plan is None:
        again = "expired" if record.silent else "changes_asked"
    return Opening(assignee=state.consultant, payload=ReferralPayload(again=again))


@ask(PLAN_AGREEMENT)
def ask_plan_agreement(state: Referral, now: int) -> Opening:
    """Ask the provider to agree to the goals, or to say what should change."""
    if _began_before(state) and episode(store.log(state)).plan_stands:
        return Opening(verdict=AGREE)
    return Opening()


@ask(SERVICE)
def ask_service(state: Referral, now: int) -> Opening:
    """Give the consultant the one link with which every session is recorded."""
    changes: Changes = {} if state.status == "in_service" else {"status": "in_service"}
    sessions = state.sessions
    expires = asked_at(SERVICE, state.priority, now).expires
    if sessions is None or sessions.next is None:
        return Opening(assignee=state.consultant, changes=changes, limits=unplanned(now, expires))
    review = review_at(now) if sessions.held < REVIEW_AT else None
    limits = waits(now, sessions.next, sessions.minutes, expires, review)
    return Opening(assignee=state.consultant, changes=changes, limits=limits)


def _began_before(state: Referral) -> bool:
    """Whether an earlier run may have come further: only then is the log worth a read."""
    return state.generation > 1


lambda_handler = stage(__name__)
