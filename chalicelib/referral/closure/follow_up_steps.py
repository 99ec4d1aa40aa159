"""The steps of the follow-up machine."""

from __future__ import annotations

from chalicelib.aws.now import scaled
from chalicelib.domain import service_standards
from chalicelib.domain.service_standards import Deadlines
from chalicelib.referral.closure.tasks import FOLLOW_UP, LATE_FOLLOW_UP, LATE_REST, REST
from chalicelib.referral.model import Referral
from chalicelib.workflow.kinds import Opening
from chalicelib.workflow.steps import ask, stage


@ask(REST)
def ask_follow_up_rest(state: Referral, now: int) -> Opening:
    """Rest until 30 days after the end; go on at once when they have passed."""
    return _rest(state, "follow_up_30", now)


@ask(FOLLOW_UP)
def ask_follow_up(state: Referral, now: int) -> Opening:
    """Ask how the setting is, 30 days on."""
    return Opening(changes={"status": "follow_up_due"})


@ask(LATE_REST)
def ask_late_follow_up_rest(state: Referral, now: int) -> Opening:
    """Rest until 180 days after the end."""
    return _rest(state, "follow_up_180", now)


@ask(LATE_FOLLOW_UP)
def ask_late_follow_up(state: Referral, now: int) -> Opening:
    """Ask how the setting is, half a year on: the last question."""
    return Opening(changes={"status": "follow_up_due"})


def _rest(state: Referral, clock: str, now: int) -> Opening:
    closed = state.closed if state.closed is not None else now
    until = scaled(closed, service_standards.due(clock, state.priority, closed))
    if until <= now:
        return Opening(verdict="due")
    return Opening(limits=Deadlines(due=until, remind=(), escalate=until, expires=until))


lambda_handler = stage(__name__)
