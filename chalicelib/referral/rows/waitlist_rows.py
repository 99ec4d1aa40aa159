"""The line of those who wait for a free consultant: the most urgent first, then the oldest request.

One small row a waiting referral, in a partition of their own. A place in line follows from urgency
and the day of the request alone, so that whoever leaves the line and comes back has not lost it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, Write, delete, field, put
from chalicelib.referral.events import PROMOTED
from chalicelib.referral.model import Referral
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.events import of_task

WAITLIST = "WAITLIST"
RANKS = {"stat": 0, "asap": 1, "urgent": 2}
ROUTINE = 3

# While one of these is asked, the referral keeps its place: whoever becomes free goes to it.
WAITING = frozenset({"waitlist", "coordinator", "language_choice", "place_choice"})

# The entries that put a referral in line, and that took it out.
JOINED = of_task("waitlist", "asked")
LEFT = frozenset(
    {
        PROMOTED,
        of_task("offer", "asked"),
        of_task("coordinator", "answered"),
        of_task("language_choice", "answered"),
        of_task("place_choice", "answered"),
    }
)


@dataclass(frozen=True)
class Waiting:
    """A row of the line. ``place`` sorts it; ``n`` is the task with which it joined."""

    place: str
    n: int

    @property
    def reference(self) -> str:
        """Who waits."""
        return self.place.rpartition("#")[2]


def place(state: Referral) -> str:
    """A referral's place in line; smaller is earlier."""
    return f"{RANKS.get(state.priority, ROUTINE)}#{state.submitted:010d}#{state.reference}"


def in_line(entries: Iterable[Entry]) -> bool:
    """Whether the story so far has the referral in line."""
    told = (e.event for e in entries if e.event == JOINED or e.event in LEFT)
    return next(reversed(list(told)), "") == JOINED


def line(before: Referral | None = None) -> list[Waiting]:
    """Everybody in line, or everybody before a referral's place, first to last. Half a read unit when
    nobody waits."""
    mine = place(before) if before is not None else ""
    rows = dynamodb.each(WAITLIST, field("sk").at_most(mine) if mine else None)
    return [Waiting(str(row["sk"]), int(row["n"])) for row in rows if row["sk"] != mine]


def waits(state: Referral, row: Waiting) -> bool:
    """Whether a referral still waits where its row stands."""
    asked = state.task is not None and state.task.kind in WAITING
    return state.open and asked and place(state) == row.place


def join(state: Referral, n: int) -> Write:
    """Put a referral in line with task ``n``, or leave it where it is."""
    return put(_key(place(state)), {"n": n})


def leave(state: Referral) -> Write:
    """Take it out; never refuses."""
    return delete(_key(place(state)))


def drop(row: Waiting) -> bool:
    """Take out a row whose referral does not wait anymore, unless it came back meanwhile."""
    return dynamodb.write(delete(_key(row.place)).only_if(field("n").equals(row.n)))


def _key(place: str) -> Key:
    return Key(WAITLIST, place)
