"""The queue: every open task that waits for staff, the lifecycle's and those beside it.

An entry of its index says the role, whose it is and when it is due, in this order, and goes in the same
write that ends the task. So somebody's own tasks, and those of each colleague, are read in the order in
which they are due, and as many as a page shows; which colleagues have any, the index tells as well.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import Condition, field
from chalicelib.domain.plain.values import frozen
from chalicelib.domain.roles import Scope
from chalicelib.web.cursors import cursor_of, place_of
from chalicelib.workflow.board import Waiting, mark_for, waiting_of
from chalicelib.workflow.storage import keys

# Entries of a page. With one more, which says whether another follows, they fill half a read unit.
PAGE = 20
# Behind the sign that ends a name in the index, and behind all that can stand after a place.
_NEXT_NAME, _LAST = "$", "~"
_PLACE = re.compile(r"([0-9]{11})#(.{11})#[0-9]{6}")


@frozen
class QueuedTask:
    """An open task of staff: task ``number`` of a case. ``place``: where it stands among those of its
    person, by when it is due."""

    reference: str
    number: int
    waiting: Waiting
    mark: str
    county: str
    priority: str
    place: str


@frozen
class QueuePage:
    """The tasks of a page, those due first on top; ``more``: the cursor of the next, "" at the end."""

    tasks: list[QueuedTask]
    more: str


def own(roles: Sequence[str], who: str, at: int, scope: Scope, cursor: str = "") -> QueuePage:
    """A page of somebody's own tasks in these roles, in the counties of ``scope``."""
    place = place_of(cursor, _PLACE)
    return _page([_of(role, who, at, place) for role in roles], scope)


def others(roles: Sequence[str], who: str, at: int, scope: Scope, cursor: str = "") -> QueuePage:
    """A page of everybody else's tasks in these roles, and of nobody's."""
    place = place_of(cursor, _PLACE)
    return _page([one for role in roles for one in _colleagues(role, who, at, place)], scope)


def held(roles: Iterable[str], who: str, at: int) -> list[QueuedTask]:
    """All tasks of somebody in these roles, those due first on top."""
    return [task for role in roles for task in _of(role, who, at)]


def every(roles: Iterable[str], at: int) -> Iterator[QueuedTask]:
    """Every task of these roles, read page by page as they are taken."""
    for role in roles:
        yield from (_task(row, at) for row in dynamodb.each(role, index=keys.QUEUE))


def _page(streams: list[Iterator[QueuedTask]], scope: Scope) -> QueuePage:
    ordered = heapq.merge(*streams, key=lambda task: task.place)
    found: list[QueuedTask] = []
    for task in ordered:
        if not scope.covers(task.county):
            continue
        if len(found) == PAGE:
            return QueuePage(found, cursor_of(found[-1].place))
        found.append(task)
    return QueuePage(found, "")


def _of(role: str, who: str, at: int, after: str = "") -> Iterator[QueuedTask]:
    """Somebody's tasks behind a place, in order."""
    low = f"{who}#{after}{_LAST if after else ''}"
    for row in _rows(role, field(keys.QUEUE.order).between(low, f"{who}#{_LAST}")):
        yield _task(row, at)


def _colleagues(role: str, who: str, at: int, after: str) -> Iterator[Iterator[QueuedTask]]:
    """The tasks of each colleague: their names are found one behind the other."""
    low = "#"
    while True:
        order = field(keys.QUEUE.order).at_least(low)
        page = dynamodb.page(role, order, index=keys.QUEUE, limit=PAGE + 1)
        for name, rows in groupby(page.rows, _name):
            here = list(rows)
            if name != who:
                # Of whoever stands last on the page there may be more.
                whole = page.next is None or _name(page.rows[-1]) != name
                yield _continued([_task(row, at) for row in here], role, name, at, after, whole)
            low = name + _NEXT_NAME
        if page.next is None:
            return


def _continued(
    first: list[QueuedTask], role: str, who: str, at: int, after: str, whole: bool
) -> Iterator[QueuedTask]:
    """Somebody's tasks behind a place, the ``first`` of which are read already."""
    yield from (task for task in first if task.place > after)
    if not whole:
        yield from _of(role, who, at, max(after, first[-1].place))


def _rows(role: str, order: Condition) -> Iterator[Item]:
    start: Item | None = None
    while True:
        page = dynamodb.page(role, order, index=keys.QUEUE, limit=PAGE + 1, start=start)
        yield from page.rows
        start = page.next
        if start is None:
            return


def _name(row: Item) -> str:
    return str(row[keys.QUEUE.order]).partition("#")[0]


def _task(row: Item, at: int) -> QueuedTask:
    place = str(row[keys.QUEUE.order]).partition("#")[2]
    due, reference, number = place.split("#")
    priority = str(row.get("priority", "routine"))
    told = waiting_of(str(row.get("waits", "")), priority)
    waiting = told or Waiting("", str(row[keys.QUEUE.partition]), _name(row), int(due), int(due))
    return QueuedTask(
        reference=reference,
        number=int(number),
        waiting=waiting,
        mark=mark_for(waiting, at),
        county=str(row.get("county", "")),
        priority=priority,
        place=place,
    )
