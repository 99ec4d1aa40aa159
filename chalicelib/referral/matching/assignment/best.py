"""Who should have whom: the rules of the single match, for all who wait and all consultants at once.

Pure. As many are served as can be; who stays without, if somebody must, is decided by urgency, then by
the sum of points, then by who came later. Each pair knows which choice it is and what stood before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from chalicelib.domain.calendar import pacific_date
from chalicelib.domain.decisions import in_force
from chalicelib.referral.matching.assignment.solver import solve
from chalicelib.referral.matching.constraints import free, shared_part, suits, tied, unwanted
from chalicelib.referral.matching.match_request import Consultant, MatchRequest
from chalicelib.referral.matching.ruleset import RULES
from chalicelib.referral.matching.scores import Totals

MOST = 100  # points


@dataclass(frozen=True, slots=True)
class Passed:
    """A consultant who would fit better, or as well, and has no place left for this request:
    ``points`` of theirs, and how much the others would lose if they had it (``price``)."""

    consultant: str
    points: int
    price: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A request and who should have it: with how many ``points``, and who would have been better."""

    reference: str
    consultant: str
    points: int
    passed: tuple[Passed, ...]

    @property
    def choice(self) -> int:
        """1 for the request's first choice."""
        return len(self.passed) + 1


@dataclass(frozen=True, slots=True)
class Left:
    """A request for which nobody is left. ``fitting``: those who fit it, whose places others have;
    empty where nobody fits who is free."""

    reference: str
    fitting: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assignment:
    """All of it, in the order of the line."""

    pairs: list[Pair] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asking:
    """A request that waits; ``urgency``: 0 is the most urgent."""

    reference: str
    need: MatchRequest
    urgency: int = 0


def assign(line: Sequence[Asking], people: Iterable[Consultant], at: int) -> Assignment:
    """Who should have whom at an instant. ``line``: who waits, the first on top."""
    able = [one for one in people if free(one, at)]
    able.sort(key=lambda one: (one.last_offered_at or 0, one.load, one.id))
    costs = costs_of([one.need for one in line], able, at)
    places = [one.cap - one.load for one in able]
    found = solve(costs, places, [one.urgency for one in line])
    made = Assignment()
    for asking, mine, column in zip(line, costs, found.columns, strict=True):
        if column is None:
            fitting = sorted(mine, key=lambda other: (mine[other], other))
            made.left.append(Left(asking.reference, tuple(able[one].id for one in fitting)))
            continue
        better = sorted((cost, other) for other, cost in mine.items() if cost < mine[column])
        passed = tuple(
            Passed(able[other].id, MOST - cost, found.prices[other]) for cost, other in better
        )
        made.pairs.append(Pair(asking.reference, able[column].id, MOST - mine[column], passed))
    return made


def costs_of(
    needs: Sequence[MatchRequest], able: Sequence[Consultant], at: int
) -> list[dict[int, int]]:
    """Of each need, the consultants (their places in the list) who may have it, with the points that
    they lack of the most. A previous consultant who is wanted lacks none, as in the single match."""
    totals = Totals(able, at, in_force(RULES, pacific_date(at)))
    suiting: dict[tuple[str | bool | None, ...], list[int]] = {}
    found = []
    for need in needs:
        alike = shared_part(need)
        if alike not in suiting:
            suiting[alike] = [n for n, one in enumerate(able) if suits(need, one, at)]
        points = totals.of(need)
        mine = {number: MOST - points[number] for number in suiting[alike]}
        for number in _kept_out(need, able, at).intersection(mine):
            del mine[number]
        for number in mine if need.previous else ():
            if able[number].id == need.previous:
                mine[number] = 0
        found.append(mine)
    return found


def _kept_out(need: MatchRequest, able: Sequence[Consultant], at: int) -> set[int]:
    """Those who may not have this very request, though they suit others that ask the same."""
    avoided = unwanted(need, able)
    looked_at = able if need.decliners or avoided else [one for one in able if one.conflicts]
    ids = {one.id for one in looked_at if one.id in avoided or tied(need, one, at)}
    return {number for number, one in enumerate(able) if one.id in ids} if ids else set()
