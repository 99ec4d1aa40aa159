"""From how long others waited to what is said to whoever waits now. Pure.

A wait runs from the decision about the support until the first consultant said yes, in business days that
have begun, without the time on hold. What is said is the range from the middle of the waits that ended
in the last 90 days to the one that four in five did not exceed: of the same support in the same region,
or in all of California where fewer than ten ended there. A range that seven in ten would not have been
able to rely on is not said. It counts as relied on when the wait was no longer than it said: nobody is
harmed by a consultant who comes sooner.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.places import region_of

# The kinds of support that begin with a consultant.
TIERS: Final = ("intensive", "emergency")
LOOK_BACK: Final = 90 * 86400
ENOUGH: Final = 10
RELIABLE: Final = 70  # percent
MIDDLE: Final = 50
MOST: Final = 80
CALIFORNIA: Final = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """One that ended at ``at`` (UTC seconds) after ``days``; it began at ``since``."""

    tier: str
    county: str
    since: int
    at: int
    days: int

    @property
    def areas(self) -> tuple[str, str]:
        """Its region, and California."""
        return region_of(self.county) or CALIFORNIA, CALIFORNIA


@dataclass(frozen=True, slots=True)
class Usual:
    """Usually ``low`` to ``high`` business days in ``area`` (a region, or CALIFORNIA), by ``count`` waits."""

    low: int
    high: int
    count: int
    area: str


@dataclass(frozen=True, slots=True)
class Told:
    """What would have been said to somebody when their wait began (None: nothing), and how it came."""

    wait: Wait
    usual: Usual | None

    @property
    def kept(self) -> bool:
        """Whether it took no longer than was said."""
        return self.usual is not None and self.wait.days <= self.usual.high


def usual_of(days: Sequence[int], area: str) -> Usual | None:
    """The range of waits in order; None for too few."""
    if len(days) < ENOUGH:
        return None
    low, high = (days[-(-len(days) * share // 100) - 1] for share in (MIDDLE, MOST))
    return Usual(low, high, len(days), area)


def back_test(waits: Iterable[Wait]) -> list[Told]:
    """For each wait, what those that had ended before would have said when it began, and how it came.

    Nothing is left out for not having been reliable: that is what this finds out.
    """
    known = list(waits)
    ended = deque(sorted(known, key=lambda one: one.at))
    lately: deque[Wait] = deque()
    days: dict[tuple[str, str], list[int]] = defaultdict(list)
    told: list[Told] = []
    for wait in sorted(known, key=lambda one: one.since):
        while ended and ended[0].at < wait.since:
            lately.append(one := ended.popleft())
            for area in dict.fromkeys(one.areas):
                insort(days[one.tier, area], one.days)
        while lately and lately[0].at < wait.since - LOOK_BACK:
            one = lately.popleft()
            for area in dict.fromkeys(one.areas):
                days[one.tier, area].remove(one.days)
        found = (usual_of(days[wait.tier, area], area) for area in wait.areas)
        told.append(Told(wait, next((one for one in found if one), None)))
    return told


def percent_kept(told: Iterable[Told]) -> int | None:
    """How many in a hundred took no longer than was said; None where nothing was said."""
    said = [one.kept for one in told if one.usual is not None]
    return 100 * sum(said) // len(said) if said else None


def usual_now(waits: Iterable[Wait], at: int) -> list[tuple[str, Usual]]:
    """What may be said today, by tier and area: of what ended in the last 90 days, where it was reliable."""
    known = list(waits)
    days: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in known:
        if at - LOOK_BACK <= one.at <= at:
            for area in dict.fromkeys(one.areas):
                insort(days[one.tier, area], one.days)
    tested: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for told in back_test(known):
        if told.usual is not None and told.wait.at >= at - LOOK_BACK:
            tested[told.wait.tier, told.usual.area].append(told)
    found = [(tier, usual_of(of_it, area)) for (tier, area), of_it in sorted(days.items())]
    return [(tier, one) for tier, one in found if one and _reliable(tested[tier, one.area])]


def _reliable(told: Sequence[Told]) -> bool:
    percent = percent_kept(told)
    return percent is None or len(told) < ENOUGH or percent >= RELIABLE
