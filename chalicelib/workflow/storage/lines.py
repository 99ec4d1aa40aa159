"""Lines of cases that wait for a place: a small row each, first to last, in a partition of the line's own.

The row's sort key is the case's place, which ends with its reference and follows from the case alone:
whoever leaves the line and comes back has not lost it. ``n`` is the task with which it joined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, Write, delete, field, put
from chalicelib.domain.errors import NotFound
from chalicelib.workflow.cases import C
from chalicelib.workflow.storage import store


@dataclass(frozen=True)
class Waiting:
    """A row of a line. ``place`` sorts it; ``county``: where, so that a region can be counted by the line."""

    place: str
    n: int
    county: str = ""

    @property
    def reference(self) -> str:
        """Who waits."""
        return self.place.rpartition("#")[2]


def rows(line: str, before: str = "") -> list[Waiting]:
    """Everybody in line, or everybody before a place, first to last. Half a read unit when nobody
    waits."""
    found = dynamodb.each(line, field("sk").at_most(before) if before else None)
    return [
        Waiting(str(row["sk"]), int(row["n"]), str(row.get("county", "")))
        for row in found
        if row["sk"] != before
    ]


def join(line: str, place: str, n: int, county: str = "") -> Write:
    """Put a case in line with task ``n``, or leave it where it is."""
    return put(Key(line, place), {"n": n} | ({"county": county} if county else {}))


def leave(line: str, place: str) -> Write:
    """Take it out; never refuses."""
    return delete(Key(line, place))


def drop(line: str, row: Waiting) -> bool:
    """Take out a row whose case does not wait anymore, unless it came back meanwhile."""
    return dynamodb.write(delete(Key(line, row.place)).only_if(field("n").equals(row.n)))


def cases(
    found: Sequence[Waiting],
    of: type[C],
    waits: Callable[[C, Waiting], bool],
    lost: list[tuple[Waiting, C | None]],
) -> Iterator[C]:
    """The cases that wait, in order; rows without their wait go to ``lost``. A state that seems not to
    wait may be an old one: it is read anew."""
    known = {one.reference: one for one in store.states([row.reference for row in found])}
    for row in found:
        state = known.get(row.reference)
        if isinstance(state, of) and waits(state, row):
            yield state
            continue
        fresh = _afresh(row.reference, of)
        if fresh is not None and waits(fresh, row):
            yield fresh
        else:
            lost.append((row, fresh))


def _afresh(reference: str, of: type[C]) -> C | None:
    try:
        return store.load(reference, of, consistent=True)
    except NotFound:
        return None
