"""A group that does not go on: each who has a seat in it is offered another, or waits in line where they stood.

The press closes the group in one write, and nobody joins it from then on. The clock does the rest, a seat
a command, and begins again where it stopped. What each hears is one letter: none of each meeting's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.errors import ConditionFailed
from chalicelib.aws.writes import Key, Write, put, update
from chalicelib.aws.writes import field as of_row
from chalicelib.meetings import changing, hosts
from chalicelib.meetings.groups.members import take_off
from chalicelib.services.communities import groups, line
from chalicelib.services.communities.events import GROUP_CLOSED
from chalicelib.services.communities.groups import Group
from chalicelib.services.communities.model import PROVIDER, Seat, SeatChanges, SeatPayload
from chalicelib.services.communities.season import desk_link, plan
from chalicelib.services.communities.tasks import CLOSED, OFFER, SEASON, WAIT
from chalicelib.workflow.cases import Command, Entry
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import Outcome, kind_of
from chalicelib.workflow.storage import keys, store
from chalicelib.workflow.tasks import answered

ROW: Final = "CLOSING"
AGAIN: Final = 60
LETTER: Final = "communities/closed"


def close(group: Group, why: Mapping[str, str], by: str, at: int) -> bool:
    """Close a group, and let go who has a seat in it; False where it was closed before."""
    closed = update(Key(groups.GROUPS, group.id)).set(closed=True, why=dict(why))
    closed = closed.only_if(of_row("pk").exists(), of_row("closed").absent())
    asked = {"by": by, "at": at, "wpk": keys.WAKE_PARTITION, "wake_at": at}
    try:
        dynamodb.transact([closed, put(_row(group.id), asked)])
    except ConditionFailed:
        return False
    go_on(_row(group.id).pk, ROW, at)
    return True


def reopen(key: str) -> bool:
    """Let people join a group again, in meetings that staff enter; False where it is open."""
    again = update(Key(groups.GROUPS, key)).remove("closed", "why")
    return dynamodb.write(again.only_if(of_row("closed").exists()))


def _row(group: str) -> Key:
    return Key(f"{ROW}#{group}", ROW)


def go_on(pk: str, sk: str, at: int) -> None:
    """Do what is left of closing a group."""
    row = dynamodb.get(Key(pk, sk), consistent=True)
    group = groups.group(pk.removeprefix(f"{ROW}#"))
    if row is None or not group.closed:
        return _done(Key(pk, sk))
    by = str(row["by"])

    def let_go(state: Seat) -> Command | None:
        return _let_go(state, group, by, at)

    # Who stands before in line looks for another seat first.
    seats = [one for one in store.states(group.held) if isinstance(one, Seat)]
    for seat in sorted(seats, key=line.place):
        store.change(seat.reference, let_go)
    if groups.group(group.id).held:  # somebody answered in the same moment
        dynamodb.write(update(Key(pk, sk)).set(wake_at=at + AGAIN))
        return None
    _cancel_meetings(group, by, at)
    desk_link.not_theirs_anymore(group, at, closed=True)
    return _done(Key(pk, sk))


def _done(key: Key) -> None:
    dynamodb.write(update(key).remove("wpk", "wake_at"))


def _let_go(state: Seat, group: Group, by: str, at: int) -> Command | None:
    """They have no place in the group, and look for another from the place in line that they have."""
    if not state.open or state.group != group.id:
        return None
    rows: list[Write] = [groups.return_place(group.id, state.reference)]
    if state.seated:
        rows.append(groups.on_roster(group.id, state.reference, groups.LEFT, at, state.met))
    undone = (OFFER.name, WAIT.name, SEASON.name)
    changes = SeatChanges(
        status="waiting",
        group=None,
        # What they could come to they said of other days: of all that there is now, they are asked.
        groups=None,
        done={name: said for name, said in state.done.items() if name not in undone},
    )
    told = SeatPayload(group=group.id)
    letter = SendLetter(letter=LETTER, to=PROVIDER)
    command = f"closing:{group.id}:{state.version}"
    if state.task is not None and state.task.kind in (OFFER.name, SEASON.name):
        outcome = Outcome(CLOSED, changes, told, [letter], final=False, event=GROUP_CLOSED)
        return answered(state, kind_of(state.task.kind), outcome, by, command, at), rows
    entry = Entry(
        event=GROUP_CLOSED, at=at, actor=by, command=command, changes=changes, payload=told,
        effects=[letter],
    )  # fmt: skip
    return entry, rows


def _cancel_meetings(group: Group, by: str, at: int) -> None:
    """Cancel what is to come, when everybody has been told by another letter."""
    for meeting in plan.ahead(group.id, at):
        for reference in groups.roster(group.id):
            take_off(meeting, reference, at)
        off = replace(meeting, status="cancelled", why=group.why)
        nobody = hosts.rows_for(replace(meeting, host=""), meeting.host, by, at, heard=True)
        changing.change(meeting, off, by, at, nobody)
