"""The matching rules' data, dated: the weights of the soft score, and its scales.

To change a weight, add a ``RuleSet`` with a new version and date; never edit an old one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from chalicelib.domain.places import N_

CRITERIA: Final[dict[str, str]] = {
    "language": N_("Language and culture"),
    "experience": N_("Knows this kind of care and these ages"),
    "concerns": N_("Knows these concerns"),
    "continuity": N_("Worked with you before"),
    "soonest": N_("Can start soon"),
    "travel": N_("Near the site"),
    "caseload": N_("Has room for more work"),
}
"""Criterion -> label, heaviest first."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One version. ``weights`` sum to 100; ``soon_days`` after which starting late earns nothing;
    ``same_region`` and ``elsewhere`` are percents for online work; ``way_unknown`` the percent for
    a county that one serves without a known way."""

    version: str
    since: date
    weights: dict[str, int]
    soon_days: int
    way_unknown: int
    same_region: int
    elsewhere: int


RULES: Final = (
    RuleSet(
        version="match-1",
        since=date(2020, 1, 1),
        weights={
            "language": 25,
            "experience": 20,
            "concerns": 15,
            "continuity": 15,
            "soonest": 10,
            "travel": 10,
            "caseload": 5,
        },
        soon_days=30,
        way_unknown=70,
        same_region=70,
        elsewhere=40,
    ),
)
