"""The steps of a seat's machine."""

from __future__ import annotations

from chalicelib.aws.now import deadlines
from chalicelib.services.communities import groups, line
from chalicelib.services.communities.events import OFFERED, SEATED
from chalicelib.services.communities.information import ATTENDED, CHOSEN, INFORMATION
from chalicelib.services.communities.information import WAIT as INFORMATION_WAIT
from chalicelib.services.communities.information import wait_limits as wait_limits_of_session
from chalicelib.services.communities.model import Seat, SeatChanges
from chalicelib.services.communities.tasks import (
    CALLED,
    CLOSED,
    OFFER,
    REGISTRATION,
    SEASON,
    WAIT,
    season_limits,
    wait_limits,
)
from chalicelib.services.communities.tasks import SEATED as IS_SEATED
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.events import of_task
from chalicelib.workflow.kinds import Opening
from chalicelib.workflow.steps import ask, stage
from chalicelib.workflow.storage import store


@ask(INFORMATION)
def ask_information_session(state: Seat, now: int) -> Opening:
    """Ask for one, unless they chose one with the first step, or came to one."""
    asked = state.task.kind if state.task is not None else ""
    if state.registered or asked == REGISTRATION.name or ATTENDED in state.done.values():
        return Opening(verdict=ATTENDED)
    if state.session or asked == INFORMATION_WAIT.name:
        return Opening(verdict=CHOSEN)
    return Opening(changes={"status": "invited"})


@ask(INFORMATION_WAIT)
def ask_information_wait(state: Seat, now: int) -> Opening:
    """Until the session is over."""
    return Opening(limits=wait_limits_of_session(state, now))


@ask(WAIT)
def ask_seat_wait(state: Seat, now: int) -> Opening:
    """Seat them at once where a place is free that is nobody's before them; else they wait in line."""
    asked = state.task.kind if state.task is not None else ""
    if asked == OFFER.name:
        return Opening(verdict=line.OFFER_MADE)
    if state.seated:
        return Opening(verdict=IS_SEATED)
    if state.group:  # a place is held for them: the line has offered it
        return Opening(verdict=line.OFFER_MADE)
    found, told = line.at_once(state, now)
    if found is None:
        return Opening(
            changes={"status": "waiting"},
            effects=[] if told_before(state) else [_letter("communities/in_line")],
            same_transaction=[line.join(state, state.tasks + 1)],
            limits=wait_limits(now),
        )
    held = groups.take_place(found.id, state.reference)
    if found.id not in state.groups:  # they have not said that they can come to it
        changes = SeatChanges(status="offered", group=found.id)
        rows = [held, line.leave(state)]
        return Opening(
            "", changes, told, verdict=line.OFFER_MADE, event=OFFERED, same_transaction=rows
        )
    return Opening(
        verdict=IS_SEATED,
        event=SEATED,
        changes=SeatChanges(status="seated", group=found.id),
        payload=told,
        effects=[_letter("communities/seated")],
        same_transaction=[
            held,
            line.leave(state),
            groups.on_roster(found.id, state.reference, groups.SEATED, now),
        ],
    )


def _letter(name: str) -> SendLetter:
    return SendLetter(letter=name, to="provider")


def told_before(state: Seat) -> bool:
    """Whether they have been in line before, and know it."""
    asked = of_task(WAIT.name, "asked")
    return any(entry.event == asked for entry in store.log(state))


@ask(OFFER)
def ask_seat_offer(state: Seat, now: int) -> Opening:
    """Ask whether they take it, unless the group was closed in the same moment. Who is called has a day more:
    the call is made within a business day."""
    if not state.group:
        return Opening(verdict=CLOSED)
    called = state.contact.called
    return Opening(limits=deadlines(CALLED, state.priority, now) if called else None)


@ask(SEASON)
def ask_season(state: Seat, now: int) -> Opening:
    """Until the group's last meeting is over."""
    if not state.group:
        return Opening(verdict=CLOSED)
    return Opening(limits=season_limits(groups.group(state.group), now))


lambda_handler = stage(__name__)
