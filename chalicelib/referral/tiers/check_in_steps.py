"""The steps of the check-in machine."""

from __future__ import annotations

from chalicelib.domain.service_standards import Deadlines
from chalicelib.referral.model import Referral
from chalicelib.referral.rests import rest
from chalicelib.referral.tiers.check_in import CHECK_IN, REST, over, waits_until
from chalicelib.workflow.kinds import Opening
from chalicelib.workflow.steps import ask, stage


@ask(REST)
def ask_check_in_rest(state: Referral, now: int) -> Opening:
    """Rest for two weeks from the support, or from the end that sent them elsewhere; longer while the
    support has not begun."""
    if over(state):
        return Opening(verdict=state.status)
    until = waits_until(state, now)
    if until > now:
        return Opening(limits=Deadlines(due=until, remind=(), escalate=until, expires=until))
    return rest(state, "hand_off_check", now)


@ask(CHECK_IN)
def ask_check_in(state: Referral, now: int) -> Opening:
    """Ask the provider whether it helped, unless the request ended meanwhile."""
    return Opening(verdict=state.status) if over(state) else Opening()


lambda_handler = stage(__name__)
