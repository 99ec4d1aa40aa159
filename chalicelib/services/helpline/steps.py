"""The steps of a promised call's machine."""

from __future__ import annotations

from chalicelib.calls.record import at_their_time
from chalicelib.directory import people
from chalicelib.services.helpline.events import CALL_KIND_FOUND
from chalicelib.services.helpline.for_meetings.tasks import TELL_THEM
from chalicelib.services.helpline.model import CALL_BACK, FOLLOW_UP, NAME, TELL, PromisedCall
from chalicelib.services.helpline.tasks import BACK, FOLLOW
from chalicelib.workflow.kinds import Kind, Opening, asked_at
from chalicelib.workflow.steps import Decision, ask, stage, step
from chalicelib.workflow.storage.indexes import CALL_AT


@step("which_call", stage=NAME, says=(CALL_BACK, FOLLOW_UP, TELL))
def which_call(state: PromisedCall, now: int) -> Decision:
    """What was promised: to call back, to ask how it went, or to tell them something."""
    return Decision(state.purpose, CALL_KIND_FOUND)


def _opening(kind: Kind[PromisedCall], state: PromisedCall, now: int) -> Opening:
    """Due at the promised time; asked again after that, by the standard of any call."""
    limits = asked_at(kind, state.priority, now)
    who = people.still(state.specialist, "specialist", state.county)
    if state.promised <= now:
        return Opening(assignee=who, limits=limits)
    return Opening(
        assignee=who,
        limits=at_their_time(limits, state.promised, now),
        about={CALL_AT: state.promised},
    )


@ask(BACK)
def ask_to_call_back(state: PromisedCall, now: int) -> Opening:
    """Ask the specialist to call back."""
    return _opening(BACK, state, now)


@ask(FOLLOW)
def ask_to_follow_up(state: PromisedCall, now: int) -> Opening:
    """Ask the specialist to call and hear how it went."""
    return _opening(FOLLOW, state, now)


@ask(TELL_THEM)
def ask_to_tell(state: PromisedCall, now: int) -> Opening:
    """Ask the specialist to call and tell."""
    return _opening(TELL_THEM, state, now)


lambda_handler = stage(__name__)
