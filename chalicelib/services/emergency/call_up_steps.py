"""The steps of a call-up's machine."""

from __future__ import annotations

from chalicelib.services.emergency.call_up_case import ASKED, FULL, HAS_PLACE, CalledUp
from chalicelib.services.emergency.call_up_tasks import ACCEPTED, ASK, GONE, WAIT, until_over
from chalicelib.services.emergency.deployments.tasks import PLACE, limits
from chalicelib.workflow.kinds import Opening
from chalicelib.workflow.steps import ask, stage


@ask(ASK)
def ask_call_up(state: CalledUp, now: int) -> Opening:
    """Ask whether they help, unless they have a place or wait for one: a run may begin again at any time."""
    if state.status in (*HAS_PLACE, FULL):
        return Opening(verdict=GONE if state.status == FULL else ACCEPTED)
    return Opening(state.consultant, {"status": ASKED})


@ask(WAIT)
def ask_call_up_wait(state: CalledUp, now: int) -> Opening:
    """Until a place is given back, or the emergency is over."""
    return Opening(limits=until_over(state, now))


@ask(PLACE)
def ask_call_up_place(state: CalledUp, now: int) -> Opening:
    """They have a place until the emergency is over."""
    return Opening(state.consultant, limits=limits(state, now))


lambda_handler = stage(__name__)
