"""How a seat ends: its place returns, it leaves the line, and the roster says what became of it."""

from __future__ import annotations

from chalicelib.aws.writes import Write
from chalicelib.services.communities import groups, line, one_seat
from chalicelib.services.communities.events import LEFT
from chalicelib.services.communities.model import Seat, SeatPayload
from chalicelib.workflow.case_types import Undoing
from chalicelib.workflow.cases import Command, Entry
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import Outcome
from chalicelib.workflow.tasks import ending

LETTER_TO = "provider"


def rows_at_the_end(state: Seat) -> list[Write]:
    """The place is free again, and nobody waits in line anymore."""
    rows = one_seat.given_back(state.address)
    rows += [line.leave(state)] if line.waits(state) else []
    return [*rows, groups.return_place(state.group, state.reference)] if state.group else rows


def ended(
    state: Seat,
    at: int,
    status: str,
    closure: str,
    letter: str = "",
    verdict: str = "",
    met: int = 0,
) -> Outcome:
    """The end that is itself the answer to the open task."""
    mails = [SendLetter(letter=letter, to=LETTER_TO, always=True)] if letter else []
    changes, effects, rows = ending(state, status=status, closure=closure, at=at, mails=mails)
    told = SeatPayload(group=state.group, met=met) if state.group else SeatPayload()
    if state.seated:
        how = groups.COMPLETED if closure == "completed" else groups.LEFT
        rows.append(groups.on_roster(state.group, state.reference, how, at, met))
    default = "expired" if closure in ("no_answer", "no_place") else "declined"
    return Outcome(verdict or default, changes, told, effects, rows)


def left(state: Seat, reason: str, actor: str, command: str, at: int) -> Command:
    """They leave, wherever they stand: before they were seated, or in the season."""
    status, closure = ("left", "left") if state.seated else ("withdrawn", "not_wanted")
    mail = SendLetter(letter="communities/left", to=LETTER_TO, always=True)
    changes, effects, rows = ending(
        state,
        status=status,
        closure=closure,
        at=at,
        tell="withdrawn",
        reason=reason or closure,
        mails=[mail],
    )
    if state.seated:
        rows.append(groups.on_roster(state.group, state.reference, groups.LEFT, at, state.met))
    entry = Entry(
        event=LEFT,
        at=at,
        actor=actor,
        reason=reason,
        command=command,
        changes=changes,
        payload=SeatPayload(group=state.group, met=state.met),
        effects=effects,
    )
    return entry, rows


def undo_rows(undoing: Undoing[Seat]) -> list[Write]:
    """Place, roster and line as they were before the answer."""
    state, before = undoing.state, undoing.before
    rows: list[Write] = [line.leave(state)] if line.waits(state) else []
    if state.group != before.group:
        if state.group:
            rows.append(groups.return_place(state.group, state.reference))
        if before.group:
            rows.append(groups.take_place(before.group, state.reference))
    if state.seated and not before.seated:
        rows.append(groups.off_roster(state.group, state.reference))
    return rows
