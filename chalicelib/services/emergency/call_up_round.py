"""What the clock does about a call-up: ask everybody, thank who came too late, ask them again when a place
is given back, and end all of it with the emergency, which may have a later last day. Each is a command of the case's own, done once."""

from __future__ import annotations

import time
from typing import Final

from chalicelib.aws.log import logger
from chalicelib.directory import emergencies
from chalicelib.domain.errors import NotFound
from chalicelib.services.emergency import call_up, rows
from chalicelib.services.emergency.call_up import CallUp
from chalicelib.services.emergency.call_up_case import (
    ASKED,
    REPORTING,
    CalledUp,
    CallUpChanges,
    open_case,
)
from chalicelib.services.emergency.call_up_tasks import AGAIN, ASK, LONGER, WAIT, too_late
from chalicelib.services.emergency.deployments.tasks import PLACE
from chalicelib.workflow.cases import Command
from chalicelib.workflow.kinds import Outcome, kind_of
from chalicelib.workflow.storage import indexes, store
from chalicelib.workflow.tasks import answered

# Seconds of one look of the clock, and until it looks again at what was between two steps.
SECONDS: Final = 20.0
AGAIN_IN: Final = 30
OWN: Final = (ASK.name, WAIT.name, PLACE.name)


def go_on(pk: str, sk: str, at: int) -> None:
    """See to everybody who is asked, and say when to look again."""
    emergency = rows.id_of(pk)
    one = call_up.find(emergency, sk.removeprefix(call_up.SK))
    ends = emergencies.one_of(emergency).over
    over, settled = ends <= at, True
    until = time.monotonic() + SECONDS
    for consultant in one.asked:
        if time.monotonic() > until:
            indexes.wake_later(pk, sk, at + 1)
            return
        try:
            settled &= _see_to(one, consultant, ends, at)
        except Exception:  # one that cannot be written holds up no other
            logger().exception("call-up", extra={"referral": one.asked[consultant]})
            settled = False
    if not settled:
        indexes.wake_later(pk, sk, at + AGAIN_IN)
    else:
        call_up.seen(one, 0 if over else ends)


def _see_to(one: CallUp, consultant: str, ends: int, at: int) -> bool:
    """Do what is to be done about one; whether nothing is left to wait for."""
    reference, over = one.asked[consultant], ends <= at
    try:
        state = store.load(reference, CalledUp, consistent=True)
    except NotFound:
        if not over:
            open_case(one, consultant, at)
        return over
    if not state.open:
        return True
    if state.task is None or state.task.kind not in OWN:  # its run is on the way, or is mended
        return False
    wanted = _wanted(state, one, ends, at)
    if wanted is None:
        return True
    store.change(reference, lambda now: _command(now, one, ends, at), state)
    return over


def _wanted(state: CalledUp, one: CallUp, ends: int, at: int) -> Outcome | None:
    """What the clock answers in place of the person; None to leave it as it is."""
    if state.task is None:
        return None
    if ends <= at:  # the last shifts are recorded until their own day
        last = state.status == REPORTING
        return None if last else kind_of(state.task.kind).expire(state, at)
    if state.task.kind == ASK.name and not one.free:
        return too_late(state)
    if state.task.kind == WAIT.name and one.free:
        return Outcome(AGAIN, CallUpChanges(status=ASKED), final=False)
    if state.task.kind in (WAIT.name, PLACE.name) and state.task.expires < ends:
        return Outcome(LONGER, final=False)
    return None


def _command(state: CalledUp, one: CallUp, ends: int, at: int) -> Command | None:
    wanted = _wanted(state, one, ends, at) if state.open else None
    if wanted is None or state.task is None:
        return None
    command = f"call-up:{wanted.verdict}:{state.task.number}"
    entry = answered(state, kind_of(state.task.kind), wanted, "clock", command, at)
    return entry, wanted.same_transaction
