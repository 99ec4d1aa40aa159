"""All cases of a board at once: what a list is narrowed to, and how many there are.

An index has one order, and five filters have thousands of combinations: what belongs on a narrowed page
can only be found among all. So a process reads the whole board, and keeps what it read for less than a
minute, by the value of each filter. A board of few cases is read anew each time.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import field

from chalicelib.aws import dynamodb
from chalicelib.domain.plain.values import frozen
from chalicelib.domain.roles import ROLES, Scope
from chalicelib.web.cursors import cursor_of, place_of
from chalicelib.workflow import board
from chalicelib.workflow.board import Line, Waiting, mark_for
from chalicelib.workflow.lists import queue
from chalicelib.workflow.lists.queue import QueuedTask
from chalicelib.workflow.storage import indexes, keys

# Seconds for which a large board is kept: with the index's own delay still within a minute.
KEPT = 45.0
# Rows up to which they are read anew each time: cases by four read units, tasks by two.
FEW, FEW_TASKS = 250, 80
# Filter -> the values of which a line has one. A filter that is not named takes all.
Wanted = Mapping[str, Collection[str]]
NOBODY = "nobody"


@frozen
class Found:
    """A page of what fits; ``more``: the cursor of the next, "" at the end; ``total``: how many there
    are on all pages, as counted at ``counted`` (UTC seconds)."""

    lines: list[Line]
    more: str
    total: int
    counted: int


@frozen
class _Board:
    lines: list[Line]
    places: list[tuple[int, str]]
    groups: Mapping[str, Mapping[str, list[int]]]
    at: int
    # What was looked for on this board: the numbers in order, and the same as a set.
    pools: dict[tuple[str, ...], tuple[list[int], frozenset[int]]] = field(default_factory=dict)

    def fitting(self, wanted: Wanted) -> list[int]:
        """The numbers of the lines that have one of the wanted values of each filter, in order."""
        pools = [self._pool(name, of) for name, of in wanted.items()]
        if len(pools) == 1:
            return pools[0][0]
        few, *others = sorted((numbers for _, numbers in pools), key=len)
        return sorted(few.intersection(*others))

    def _pool(self, name: str, values: Collection[str]) -> tuple[list[int], frozenset[int]]:
        key = (name, *values)
        if key not in self.pools:
            groups = [self.groups[name].get(one, []) for one in values]
            numbers = frozenset().union(*groups)
            self.pools[key] = groups[0] if len(groups) == 1 else sorted(numbers), numbers
        return self.pools[key]


@frozen
class _Tasks:
    found: list[QueuedTask]
    # How many there are, by role, whose they are, and county.
    counts: Counter[tuple[str, str, str]]


_kept: dict[str, tuple[float, _Board]] = {}
_tasks_kept: list[tuple[float, _Tasks]] = []


def page(which: str, wanted: Wanted, scope: Scope, cursor: str, at: int) -> Found:
    """A page of the board ``which`` (open, closed) of the first type of case, in the counties of
    ``scope``, those that came first on top. A page that is not narrowed is read as it stands this moment.
    """
    whole = _board(which, at)
    if scope.counties is not None:
        mine = (one for one in whole.groups["county"] if scope.covers(one))
        wanted = {**wanted, "county": [one for one in mine if one in wanted.get("county", [one])]}
    if not wanted:
        lines, more = board.page(which, cursor, at)
        return Found(board.with_side_tasks(lines), more, len(whole.lines), whole.at)
    fitting = whole.fitting(wanted)
    begin = bisect_right(fitting, _number(whole, place_of(cursor, board.PLACE))) if cursor else 0
    lines = [whole.lines[number] for number in fitting[begin : begin + board.PAGE]]
    more = cursor_of(lines[-1].place) if begin + board.PAGE < len(fitting) else ""
    return Found(board.with_side_tasks(lines), more, len(fitting), whole.at)


def every(which: str, wanted: Wanted, at: int, *, afresh: bool = False) -> list[Line]:
    """All lines of the board ``which`` of the first type of case that fit, in its order: as old as a page's
    may be, or read ``afresh``, for what is done to each of them. Their tasks beside are not looked up."""
    whole = _read(which, at) if afresh else _board(which, at)
    return [whole.lines[number] for number in whole.fitting(wanted)]


def how_many(roles: Collection[str], who: str, scope: Scope, at: int) -> tuple[int, int]:
    """How many tasks wait for these roles in the counties of ``scope``: somebody's own, and all others. Many are
    as they were less than a minute ago."""
    mine = others = 0
    for (role, whose, county), count in _tasks(at).counts.items():
        if role in roles and scope.covers(county):
            mine, others = (mine + count, others) if whose == who else (mine, others + count)
    return mine, others


def _tasks(at: int) -> _Tasks:
    if _tasks_kept and time.monotonic() < _tasks_kept[0][0]:
        return _tasks_kept[0][1]
    found = list(queue.every(ROLES, at))
    known = _Tasks(found, Counter((one.waiting.role, one.waiting.who, one.county) for one in found))
    _tasks_kept[:] = [(_until(len(found) > FEW_TASKS), known)]
    return known


def forget() -> None:
    """Read everything anew at the next look."""
    _kept.clear()
    _tasks_kept.clear()


def _until(many: bool) -> float:
    return time.monotonic() + (KEPT if many else 0)


def _board(which: str, at: int) -> _Board:
    until, found = _kept.get(which, (0.0, None))
    if found is None or time.monotonic() >= until:
        found = _read(which, at)
        _kept[which] = _until(len(found.lines) > FEW), found
    return found


def _read(which: str, at: int) -> _Board:
    beside: dict[str, list[Waiting]] = defaultdict(list)
    for task in _tasks(at).found if which == "open" else ():
        beside[task.reference].append(task.waiting)
    groups: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    lines = []
    for number, row in enumerate(dynamodb.each(indexes.partition(which), index=keys.BOARD)):
        line = board.line_of(row, at)
        lines.append(line)
        for name, value in _values(line, beside.get(line.reference, ()), at):
            groups[name][value].append(number)
    places = [(line.submitted, line.reference) for line in lines]
    return _Board(lines, places, groups, at)


def _values(line: Line, beside: Iterable[Waiting], at: int) -> set[tuple[str, str]]:
    """What a line is found by: each filter with a value of the line."""
    waits = [one for one in (line.waiting, *beside) if one is not None]
    asked = [one for one in waits if one.role != "system"]
    found = {(name, getattr(line, name)) for name in ("stage", "tier", "county", "incident")}
    found.update(("mark", mark_for(one, at)) for one in waits)
    found.update(("mark", "late") for one in asked if at >= one.due)
    found.update(("waits", one.role) for one in asked)
    found.update(("waits", who_of(one.who)) for one in asked if one.who)
    return found if asked else found | {("waits", NOBODY)}


def who_of(person: str) -> str:
    """What somebody's own tasks are found by, where roles are found by their names."""
    return f"@{person}"


def _number(whole: _Board, place: str) -> int:
    """The number of the line at a place, or of the last one before it."""
    submitted, _, reference = place.partition("#")
    return bisect_right(whole.places, (int(submitted or 0), reference)) - 1
