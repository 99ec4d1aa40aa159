"""The line of those who wait for a free consultant: the most urgent first, then the oldest request.

A place in line follows from urgency and the day of the request alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.aws.writes import Write
from chalicelib.referral.events import PROMOTED
from chalicelib.referral.model import Referral
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.events import of_task
from chalicelib.workflow.storage import lines
from chalicelib.workflow.storage.lines import Waiting

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
    return lines.rows(WAITLIST, place(before) if before is not None else "")


def waits(state: Referral, row: Waiting) -> bool:
    """Whether a referral still waits where its row stands."""
    asked = state.task is not None and state.task.kind in WAITING
    return state.open and asked and place(state) == row.place


def join(state: Referral, n: int) -> Write:
    """Put a referral in line with task ``n``, or leave it where it is."""
    return lines.join(WAITLIST, place(state), n, state.county)


def leave(state: Referral) -> Write:
    """Take it out; never refuses."""
    return lines.leave(WAITLIST, place(state))


def drop(row: Waiting) -> bool:
    """Take out a row whose referral does not wait anymore, unless it came back meanwhile."""
    return lines.drop(WAITLIST, row)
