"""The tier rules' data, dated: which answers count, and what each rule proposes.

To change a rule, add a ``RuleSet`` with a new version and date; never edit an old one, because
stored proposals name it. Race, immigration and income never enter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One version. ``proposes``: rule -> (tier, priority); ``conflicts``: pairs that together
    mean that a person has to ask; ``safety_floor``: the calmest priority after T0."""

    version: str
    since: date
    proposes: dict[str, tuple[str, str]]
    conflicts: tuple[tuple[str, str], ...]
    safety_floor: str
    disasters: frozenset[str]
    exclusions: frozenset[str]
    serious: frozenset[str]
    circumstances: frozenset[str]
    contacts: int
    observation: frozenset[str]
    home_based: frozenset[str]
    stress: frozenset[str]
    peers: frozenset[str]
    brief: frozenset[str]


RULES: Final = (
    RuleSet(
        version="tiers-1",
        since=date(2020, 1, 1),
        proposes={
            "T1": ("emergency", "asap"),  # stat for a disaster or a declared emergency
            "T2": ("intensive", "asap"),
            "T3": ("intensive", "urgent"),
            "T4": ("intensive", "urgent"),
            "T5": ("intensive", "routine"),
            "T6": ("intensive", "routine"),
            "T7": ("targeted", "routine"),
            "T8": ("universal", "routine"),
            "T9": ("universal", "routine"),
        },
        # Someone who asks one question or gives no name cannot be visited without being asked.
        conflicts=(("T6", "T9"),),
        safety_floor="asap",
        disasters=frozenset({"disaster"}),
        exclusions=frozenset(
            {
                "early_pickups",
                "suspension_considered",
                "suspended",
                "expulsion_considered",
                "expelled",
            }
        ),
        serious=frozenset({"persistent", "injury", "staff_unsafe"}),
        circumstances=frozenset(
            {"foster_care", "known_trauma", "ifsp_iep", "developmental_therapy"}
        ),
        contacts=2,
        observation=frozenset({"observation", "program_policy"}),
        home_based=frozenset({"fcch_small", "fcch_large", "ffn"}),
        stress=frozenset({"staff_stress_turnover"}),
        peers=frozenset({"peers", "peer_reflection"}),
        brief=frozenset({"one_question", "anonymous"}),
    ),
)
