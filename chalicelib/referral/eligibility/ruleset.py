"""The eligibility rules' data, dated: what may change by policy, in one file to review.

To change a rule, add a ``RuleSet`` with a new version and the date from which it counts; never
edit an old one, because stored decisions name it and must come out the same again.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from chalicelib.domain.plain.values import frozen
from chalicelib.domain.vocabulary import AGE_BANDS, SETTINGS


@frozen
class RuleSet:
    """Thresholds and lists of one version. ``required`` are the facts without which E9 asks."""

    version: str
    since: date
    age_bands: frozenset[str]
    settings: frozenset[str]
    speaks_for_program: frozenset[str]
    staff: frozenset[str]
    virtual_only: frozenset[str]
    outside_scope: frozenset[str]
    required: tuple[str, ...]


RULES: Final = (
    RuleSet(
        version="eligibility-1",
        since=date(2020, 1, 1),
        age_bands=frozenset(AGE_BANDS),  # every band ends before 72 months
        settings=frozenset(SETTINGS),
        speaks_for_program=frozenset({"owner_licensee", "director", "ffn_caregiver"}),
        staff=frozenset({"teacher", "assistant", "other"}),
        virtual_only=frozenset({"ffn"}),
        outside_scope=frozenset({"therapy", "diagnosis", "placement", "iep_evaluation"}),
        required=("county", "age_bands", "requester_role", "setting", "need", "contact"),
    ),
)
