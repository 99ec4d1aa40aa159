"""Who gets which place, for many at once: as many as can be placed, then the lowest sum of costs. Exact.

The primal-dual method over columns with several places. A place of a wanted column has a price; every
row takes what is cheapest for it, price included: that is *tight*. While tight columns, and the rows
that stand there, lead from a row without a place to a free one, all of them move on by one. When they
do not, the columns that were reached become dearer together, until another one is tight. Costs are
small integers, so there are few such rounds, and a set of columns is the bits of an integer: therefore
plain Python keeps up with compiled solvers here (docs/decisions.md).

Same input, same output. Ties go to the row that comes first, then to the column that comes first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Final

_START: Final = -1

Costs = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Solution:
    """``columns``: of each row, None for none. ``prices``: of a place in each column; a row that was
    given one there instead of where it stands would cost all the others together as much more."""

    columns: tuple[int | None, ...]
    prices: tuple[int, ...]


def solve(
    costs: Sequence[Costs], places: Sequence[int], classes: Sequence[int] | None = None
) -> Solution:
    """The best placing of rows in columns.

    ``costs``: of each row, the columns that it may have, with whole costs of 0 or more. ``places``: how
    many rows each column takes. ``classes``: who stays without where somebody must: of as many as can
    be placed as many as can be of class 0, then of class 1, and so on.
    """
    found = _Rounds(costs, places, classes or [0] * len(costs))
    waiting = list(found.rows)
    while waiting:
        waiting, reached = found.place(waiting)
        if waiting:
            found.raise_prices(reached, waiting)
    found.first_come()
    columns = (None if one == found.none else one for one in found.column)
    return Solution(tuple(columns), tuple(found.price[:-1]))


class _Rounds:
    """What changes from round to round. The last column is "no place": every row may have it, at a cost
    that no sum of others reaches."""

    def __init__(
        self, costs: Sequence[Costs], places: Sequence[int], classes: Sequence[int]
    ) -> None:
        self.none = len(places)
        self.rows = range(len(costs))
        without = _costs_without(costs, classes)
        usable = [1 << column if left > 0 else 0 for column, left in enumerate(places)]
        # Of each row its costs, lowest first, with the columns that have them.
        self.costs = [
            _by_cost(row, usable, without[group], 1 << self.none)
            for row, group in zip(costs, classes, strict=True)
        ]
        self.price = [0] * (self.none + 1)
        self.left = [*places, len(costs)]
        self.free = sum(usable) | 1 << self.none
        self.members: list[list[int]] = [[] for _ in self.left]
        self.onward = [0] * (self.none + 2)  # where the rows of a column might stand as well
        self.column = [_START for _ in self.rows]
        self.level = [next(iter(row)) for row in self.costs]  # what a row's tight columns cost
        self.tight = [row[level] for row, level in zip(self.costs, self.level, strict=True)]

    def place(self, waiting: Iterable[int]) -> tuple[list[int], int]:
        """Place the rows that can be at these prices; those that cannot, and the columns they reach."""
        still, closed = [], 0
        for row in waiting:
            before: dict[int, int] = {}
            seen, end = self._search(self.tight[row], closed, before)
            if end == _START:
                closed = seen
                still.append(row)
            else:
                self._move(row, end, before)
        return still, closed

    def _search(self, reach: int, seen: int, before: dict[int, int]) -> tuple[int, int]:
        """From tight columns to the nearest free one, if any: what was seen, its number, and whence."""
        queue: list[int] = []
        source, at = _START, 0
        while True:
            new = reach & ~seen
            if hit := new & self.free:
                end = (hit & -hit).bit_length() - 1
                before[end] = source
                return seen, end
            seen |= new
            while new:
                column = (new & -new).bit_length() - 1
                new &= new - 1
                before[column] = source
                queue.append(column)
            if at == len(queue):
                return seen, _START
            source = queue[at]
            at += 1
            reach = self.onward[source]

    def _move(self, row: int, end: int, before: Mapping[int, int]) -> None:
        """Let the rows along a way move on by one, and this one begin it."""
        self.left[end] -= 1
        if not self.left[end]:
            self.free &= ~(1 << end)
        column = end
        while (source := before[column]) != _START:
            members = self.members[source]
            one = next(other for other in reversed(members) if self.tight[other] >> column & 1)
            members.remove(one)
            self._put(one, column)
            column = source
        self._put(row, column)
        self._learn_onward(end, before)

    def _put(self, row: int, column: int) -> None:
        self.members[column].append(row)
        self.column[row] = column

    def _learn_onward(self, end: int, before: Mapping[int, int]) -> None:
        """The rows of the columns on a way are others now."""
        column = end
        while column != _START:
            reach = 0
            if column != self.none:  # nobody is ever moved from there
                for row in self.members[column]:
                    reach |= self.tight[row]
            self.onward[column] = reach
            column = before[column]

    def raise_prices(self, reached: int, waiting: Sequence[int]) -> None:
        """Make the reached columns dearer, all by the same, until something else is tight for a row
        that waits or stands there."""
        columns = list(_columns(reached))
        inside = [*waiting, *(row for column in columns for row in self.members[column])]
        others = self._by_price(reached)
        step = 1
        gains = self._gains(inside, others, step)
        if not gains:
            step = self._step(inside, others)
            gains = self._gains(inside, others, step)
        for column in columns:
            self.price[column] += step
        tight, rest = self.tight, ~reached
        for row in set(self.rows).difference(inside):
            tight[row] &= rest
        for column in _columns(rest & (1 << self.none) - 1):
            self.onward[column] &= rest
        for row in inside:
            self.level[row] += step
        for row, gained in gains:
            tight[row] |= gained
            self.onward[self.column[row]] |= gained

    def _by_price(self, reached: int) -> dict[int, int]:
        """The other columns, by price."""
        found: defaultdict[int, int] = defaultdict(int)
        for column, price in enumerate(self.price):
            if not reached >> column & 1:
                found[price] |= 1 << column
        return dict(sorted(found.items()))

    def _gains(
        self, inside: Sequence[int], others: Mapping[int, int], step: int
    ) -> list[tuple[int, int]]:
        """The rows for which other columns are tight when all is dearer by ``step``, and which."""
        costs, level = self.costs, self.level
        prices = [(price - step, bits) for price, bits in others.items()]
        found = []
        for row in inside:
            mine, now, gained = costs[row], level[row], 0
            for price, bits in prices:
                if (cost := now - price) in mine:
                    gained |= mine[cost] & bits
            if gained:
                found.append((row, gained))
        return found

    def _step(self, inside: Sequence[int], others: Mapping[int, int]) -> int:
        """How much dearer the next column is than what is tight, for the row where that is least."""
        cheapest = next(iter(others))
        best = 0
        for row in inside:
            level = self.level[row]
            for cost, bits in self.costs[row].items():
                if best and cost + cheapest - level >= best:
                    break
                price = next((one for one, columns in others.items() if bits & columns), None)
                if price is not None:
                    best = min(best or cost + price - level, cost + price - level)
        return best

    def first_come(self) -> None:
        """Where it costs the same, who comes later stays without a place rather than who came first."""
        if not self.members[self.none]:
            return
        bit = 1 << self.none
        latest = [
            max((row for row in rows if self.tight[row] & bit), default=_START)
            for rows in self.members
        ]
        line, self.members[self.none] = self.members[self.none], []
        heapify(line)
        while line:
            row = heappop(line)
            before: dict[int, int] = {}
            if row < max(latest[:-1], default=_START):
                self._search_all(self.tight[row] & ~bit, before)
            last = max(before, key=lambda column: latest[column], default=self.none)
            other = latest[last]
            if last == self.none or other < row:
                self.members[self.none].append(row)
                continue
            self.members[last].remove(other)
            self.column[other] = self.none
            heappush(line, other)
            self.left[last] += 1
            self._move(row, last, before)
            for column in before:
                rows = self.members[column]
                latest[column] = max((r for r in rows if self.tight[r] & bit), default=_START)

    def _search_all(self, first: int, before: dict[int, int]) -> None:
        """Every column with places that tight ones lead to."""
        free, self.free = self.free, 0
        self._search(first, 1 << self.none, before)
        self.free = free


def _by_cost(row: Costs, usable: Sequence[int], without: int, none: int) -> dict[int, int]:
    """The costs of a row, lowest first, with the columns that have them; "no place" is the last."""
    found: dict[int, int] = {}
    for column, cost in row.items():
        found[cost] = found.get(cost, 0) | usable[column]
    return {cost: found[cost] for cost in sorted(found) if found[cost]} | {without: none}


def _costs_without(costs: Sequence[Costs], classes: Sequence[int]) -> dict[int, int]:
    """What staying without a place costs, by class: one more without outweighs all else, then the class."""
    unit = sum(max(row.values(), default=0) for row in costs) + 1
    extra, found = 0, {}
    for group in sorted(set(classes), reverse=True):
        found[group] = extra
        extra = extra * (len(costs) + 1) or unit
    return {group: extra * (len(costs) + 1) + more for group, more in found.items()}


def _columns(bits: int) -> Iterator[int]:
    """The columns of a set, the first ones first."""
    while bits:
        yield (bits & -bits).bit_length() - 1
        bits &= bits - 1
