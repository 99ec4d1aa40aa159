"""How well a consultant fits: the seven soft criteria, each with its points and its words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.places import N_, region_of
from chalicelib.referral.matching.constraints import ON_SITE, speaks
from chalicelib.referral.matching.match_request import Consultant, MatchRequest
from chalicelib.referral.matching.ruleset import RuleSet

_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Score:
    """One criterion: ``points`` of ``weight``, and why (a msgid)."""

    criterion: str
    points: int
    weight: int
    words: str


def scores(need: MatchRequest, one: Consultant, now: int, rules: RuleSet) -> tuple[Score, ...]:
    """Every criterion in the order of the weights. Whole points, so that tiny differences tie."""
    return tuple(
        _score(name, weight, _FOUND[name](need, one, now, rules))
        for name, weight in rules.weights.items()
    )


def _score(name: str, weight: int, found: tuple[int, str]) -> Score:
    return Score(name, (weight * found[0] + 50) // 100, weight, found[1])


# What of a need each criterion reads: needs that agree in it get the same points for it.
_READS: Final[dict[str, Callable[[MatchRequest], Hashable]]] = {
    "language": lambda need: need.language,
    "experience": lambda need: (need.setting, need.age_bands),
    "concerns": lambda need: need.concerns,
    "continuity": lambda need: need.previous,
    "soonest": lambda need: need.availability,
    "travel": lambda need: (need.county, need.modality),
    "caseload": lambda need: None,
}


class Totals:
    """The sums of points for many needs and the same consultants: what needs have in common is found
    once."""

    def __init__(self, people: Sequence[Consultant], now: int, rules: RuleSet) -> None:
        self._people, self._now, self._rules = people, now, rules
        self._known: dict[tuple[str, Hashable], list[int]] = {}

    def of(self, need: MatchRequest) -> list[int]:
        """The points of each consultant for a need, 0 to 100."""
        parts = []
        for name, weight in self._rules.weights.items():
            key = name, _READS[name](need)
            if key not in self._known:
                find = _FOUND[name]
                found = [find(need, one, self._now, self._rules) for one in self._people]
                self._known[key] = [_score(name, weight, one).points for one in found]
            parts.append(self._known[key])
        return list(map(sum, zip(*parts, strict=True)))


def _language(need: MatchRequest, one: Consultant) -> tuple[int, str]:
    if speaks(need, one):
        return 100, N_("Works in the language that you asked for.")
    return 0, N_("Does not work in the language that you asked for.")


def _share(wanted: frozenset[str], known: Collection[str]) -> int:
    return 100 if not wanted else 100 * len(wanted.intersection(known)) // len(wanted)


def _experience(need: MatchRequest, one: Consultant) -> tuple[int, str]:
    setting = 100 if need.setting in one.settings else 0
    ages = _share(need.age_bands, one.age_bands)
    if setting and ages == 100:
        return 100, N_("Knows this kind of care and all of these ages.")
    if setting:
        return (setting + ages) // 2, N_("Knows this kind of care, but not all of these ages.")
    if ages:
        return ages // 2, N_("Knows these ages, but not this kind of care.")
    return 0, N_("Is new to this kind of care and these ages.")


def _concerns(need: MatchRequest, one: Consultant) -> tuple[int, str]:
    share = _share(need.concerns, one.concerns)
    if share == 100:
        return share, N_("Knows all of these concerns.")
    return share, N_("Knows some of these concerns.") if share else N_("Is new to these concerns.")


def _continuity(need: MatchRequest, one: Consultant) -> tuple[int, str]:
    if need.previous is None:
        return 0, N_("No one worked with this site before, or someone new is wanted.")
    if need.previous == one.id:
        return 100, N_("Is the previous consultant.")
    return 0, N_("Has not worked with this site before.")


def _soonest(need: MatchRequest, one: Consultant, now: int, rules: RuleSet) -> tuple[int, str]:
    wait = max(0, (one.available_from or now) - now)
    percent = max(0, 100 - 100 * wait // (rules.soon_days * _DAY))
    if need.availability and one.availability and need.availability.isdisjoint(one.availability):
        return percent // 2, N_("The usual times do not fit yours.")
    return percent, N_("Can start now.") if percent == 100 else N_("Can start later.")


def _travel(need: MatchRequest, one: Consultant, rules: RuleSet) -> tuple[int, str]:
    way = one.travel_by_county.get(need.county or "")
    if need.modality in ON_SITE and way is not None:
        limit = max(1, one.travel_minutes)
        return max(0, 100 - 50 * way // limit), N_("Travels to this county.")
    if need.county in one.counties:
        online = need.modality not in ON_SITE
        return (100 if online else rules.way_unknown), N_("Serves this county.")
    region = region_of(need.county)
    if region and any(region_of(county) == region for county in one.counties):
        return rules.same_region, N_("Serves this part of California.")
    return rules.elsewhere, N_("Works online from another part of California.")


def _caseload(one: Consultant) -> tuple[int, str]:
    free = 100 * max(0, one.cap - one.load) // one.cap if one.cap > 0 else 0
    return free, N_("Has much room.") if free >= 50 else N_("Has little room.")


_FOUND: Final[dict[str, Callable[[MatchRequest, Consultant, int, RuleSet], tuple[int, str]]]] = {
    "language": lambda need, one, now, rules: _language(need, one),
    "experience": lambda need, one, now, rules: _experience(need, one),
    "concerns": lambda need, one, now, rules: _concerns(need, one),
    "continuity": lambda need, one, now, rules: _continuity(need, one),
    "soonest": _soonest,
    "travel": lambda need, one, now, rules: _travel(need, one, rules),
    "caseload": lambda need, one, now, rules: _caseload(one),
}
