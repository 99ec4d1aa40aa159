"""Who gets a free seat: whoever registered first and can follow the group, and nobody is passed over
without a reason.

One line for all groups and seasons, in the order of registration: who found no seat in one season is
before everybody new in the next. A freed seat is offered to the first whom it fits; the entry of
who is offered it names everybody who stood before, with the rules that kept the seat from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.aws.log import logger
from chalicelib.aws.writes import Write
from chalicelib.services.communities import groups
from chalicelib.services.communities.events import OFFERED
from chalicelib.services.communities.groups import Group
from chalicelib.services.communities.model import (
    PassedOver,
    Seat,
    SeatChanges,
    SeatPayload,
)
from chalicelib.workflow.cases import Command
from chalicelib.workflow.kinds import Outcome, kind_of
from chalicelib.workflow.storage import lines, store
from chalicelib.workflow.storage.lines import Waiting
from chalicelib.workflow.tasks import answered

LINE: Final = "SEATLINE"
WAIT: Final = "seat_wait"
OFFER_MADE: Final = "offered"
# How many are read at once, and how many who were passed over an entry names.
BATCH, NAMED = 100, 20
ON_HOLD, NO_ADDRESS = "on_hold", "no_address"
LANGUAGE, SAID_NO, OTHER_TIMES, NOT_OPEN = "language", "said_no", "other_times", "not_open"


def place(state: Seat) -> str:
    """A seat's place in line; smaller is earlier."""
    return f"{state.registered:010d}#{state.reference}"


def join(state: Seat, n: int) -> Write:
    """Put a seat in line with task ``n``, or leave it where it is."""
    return lines.join(LINE, place(state), n)


def leave(state: Seat) -> Write:
    """Take it out; never refuses."""
    return lines.leave(LINE, place(state))


def waits(state: Seat, row: Waiting | None = None) -> bool:
    """Whether a seat waits in line, where its row stands."""
    asked = state.task is not None and state.task.kind == WAIT
    return state.open and asked and (row is None or place(state) == row.place)


@dataclass
class Free:
    """The places that are free at an instant; they are given away here, one by one."""

    groups: list[Group]
    left: dict[str, int]
    seasons: dict[str, str]  # of each group that there is, by id
    open: frozenset[str]  # seasons for which newcomers register

    @classmethod
    def at(cls, at: int) -> Free:
        """As the rows of the groups say."""
        found = groups.groups()
        joinable = [one for one in found if one.joinable(at)]
        joinable.sort(key=lambda one: (one.last_day, one.name, one.id))
        left = {one.id: one.free for one in joinable}
        opened = (
            [one.id for one in groups.seasons() if one.is_open(at)] if any(left.values()) else []
        )
        return cls(joinable, left, {one.id: one.season for one in found}, frozenset(opened))

    def against(self, state: Seat, group: Group) -> list[str]:
        """Why a seat of the group is not for somebody who waits; empty when it is.

        Of a season that they registered for they said which groups they can come to; of one that has
        come since they are offered all in their language, before newcomers may register.
        """
        found = []
        if state.pause is not None:
            found.append(NO_ADDRESS if state.contact.blocked else ON_HOLD)
        if group.language not in state.languages:
            found.append(LANGUAGE)
        if group.id in state.refused:
            found.append(SAID_NO)
        chosen_from = {self.seasons[one] for one in state.groups if one in self.seasons}
        if group.season in chosen_from and group.id not in state.groups:
            found.append(OTHER_TIMES)
        if group.season not in self.open and state.registered >= group.entered:
            found.append(NOT_OPEN)
        return found

    def over(self) -> bool:
        """Whether no place is left."""
        return not any(self.left.values())

    def serve(self, state: Seat) -> Group | None:
        """The group in which somebody gets a place that is left, and now has one less. First those that
        they chose, in the order in which they chose them."""
        fitting = [one for one in self.groups if self.left[one.id] and not self.against(state, one)]
        chosen = {one: number for number, one in enumerate(state.groups)}
        fitting.sort(key=lambda one: chosen.get(one.id, len(chosen)))
        if fitting:
            self.left[fitting[0].id] -= 1
        return fitting[0] if fitting else None


def at_once(state: Seat, at: int) -> tuple[Group | None, SeatPayload]:
    """The group with a place for somebody who registers, that nobody before them in line is to be
    offered; and what the entry tells."""
    free = Free.at(at)
    passed: list[Seat] = []
    if free.over():
        return None, SeatPayload()
    for ahead in _turns(lines.rows(LINE, place(state)), []):
        if free.over():
            return None, SeatPayload()
        if free.serve(ahead) is None:
            passed.append(ahead)
    found = free.serve(state)
    return found, told_of(found, passed, free) if found else SeatPayload()


def told_of(group: Group, passed: Sequence[Seat], free: Free) -> SeatPayload:
    """What an entry tells of a seat that somebody gets: the group, and why it is not for those who stand
    before in line."""
    rules = [
        PassedOver(reference=one.reference, rules=free.against(one, group))
        for one in passed[:NAMED]
    ]
    return SeatPayload(group=group.id, passed=rules, further=max(0, len(passed) - NAMED))


def promote(at: int) -> None:
    """Offer what has become free to the first in line whom it fits; once a minute. Half a read unit
    when nobody waits."""
    rows = lines.rows(LINE)
    if not rows:
        return
    free = Free.at(at)
    passed: list[Seat] = []
    lost: list[tuple[Waiting, Seat | None]] = []
    for state in _turns(rows, lost):
        if free.over():
            break
        found = free.serve(state)
        if found is None:
            passed.append(state)
        else:
            _offer(state, found, passed, free, at)
    for row, seat in lost:
        if seat is None or not waits(seat):
            lines.drop(LINE, row)


def _turns(rows: Sequence[Waiting], lost: list[tuple[Waiting, Seat | None]]) -> Iterator[Seat]:
    for begin in range(0, len(rows), BATCH):
        yield from lines.cases(rows[begin : begin + BATCH], Seat, waits, lost)


def _offer(turn: Seat, to: Group, passed: Sequence[Seat], free: Free, at: int) -> None:
    """Hold the seat, leave the line and go on to the offer, in one command."""
    data = told_of(to, passed, free)

    def decide(state: Seat) -> Command | None:
        if state.task is None or not waits(state) or state.version != turn.version:
            return None  # somebody did something: it is looked at again in a minute
        outcome = Outcome(
            OFFER_MADE,
            SeatChanges(status="offered", group=to.id),
            data,
            final=False,
            event=OFFERED,
        )
        command = f"promote:{state.task.number}"
        entry = answered(state, kind_of(WAIT), outcome, "system", command, at)
        return entry, [groups.take_place(to.id, state.reference), leave(state)]

    try:
        store.change(turn.reference, decide, turn)
    except store.Refused:
        logger().info("seat was taken meanwhile", extra={"referral": turn.reference})
