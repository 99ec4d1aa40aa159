"""A rest: nobody is asked anything until a day that a standard counts from."""

from __future__ import annotations

from typing import Final

from chalicelib.aws.now import scaled
from chalicelib.domain import service_standards
from chalicelib.domain.service_standards import Deadlines
from chalicelib.referral.model import Referral
from chalicelib.workflow.kinds import Opening, Outcome

CHECK_IN_REST: Final = "check_in_rest"


def before_check_in(state: Referral) -> bool:
    """Whether a lighter support stands, and nobody is asked yet whether it helped."""
    return state.open and state.task is not None and state.task.kind == CHECK_IN_REST


def rest(state: Referral, standard: str, now: int) -> Opening:
    """Rest from the end of the referral, or from now while it is open; go on at once when the time
    has passed."""
    since = now if state.closed is None else state.closed
    until = scaled(since, service_standards.due(standard, state.priority, since))
    if until <= now:
        return Opening(verdict="due")
    return Opening(limits=Deadlines(due=until, remind=(), escalate=until, expires=until))


def rested(state: Referral, *_: object) -> Outcome:
    """Whatever ends the rest, what comes after it is due."""
    return Outcome("due")
