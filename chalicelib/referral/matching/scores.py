"""How well a consultant fits: the seven soft criteria, each with its points and its words."""

from __future__ import annotations

from collections.abc import Collection
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
    found = {
        "language": _language(need, one),
        "experience": _experience(need, one),
        "concerns": _concerns(need, one),
        "continuity": _continuity(need, one),
        "soonest": _soonest(need, one, now, rules),
        "travel": _travel(need, one, rules),
        "caseload": _caseload(one),
    }
    return tuple(
        Score(name, (weight * found[name][0] + 50) // 100, weight, found[name][1])
        for name, weight in rules.weights.items()
    )


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
