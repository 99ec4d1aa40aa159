"""The steps of the follow-up machine."""

from __future__ import annotations

from chalicelib.referral.closure.tasks import LATE_REST, REST
from chalicelib.referral.model import Referral
from chalicelib.referral.rests import rest
from chalicelib.workflow.kinds import Opening
from chalicelib.workflow.steps import ask, stage


@ask(REST)
def ask_follow_up_rest(state: Referral, now: int) -> Opening:
    """Rest until 30 days after the end; go on at once when they have passed."""
    return rest(state, "follow_up_30", now)


@ask(LATE_REST)
def ask_late_follow_up_rest(state: Referral, now: int) -> Opening:
    """Rest until 180 days after the end."""
    return rest(state, "follow_up_180", now)


lambda_handler = stage(__name__)
