"""How a consultation that is summed up ends: each closure reason has its own status and named end
. Only an end that the work itself brought is followed up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class End:
    """``status`` of the referral, its ``reason`` (empty: the closure's own), what the parent run
    hears, and whether survey and follow-up come after it."""

    status: str
    verdict: str
    reason: str = ""
    followed: bool = False


ENDS: Final[dict[str, End]] = {
    "goals_met": End("closed", "closed", followed=True),
    "goals_partly_met": End("closed", "closed", followed=True),
    "transferred_tier": End("closed", "closed_early", followed=True),
    "provider_withdrew": End("withdrawn", "withdrawn", "other"),
    "unresponsive_after_3_attempts": End("unresponsive", "unresponsive"),
    "transferred_local_program": End("redirected_local", "redirected_local"),
    "duplicate": End("redirected_local", "redirected_local"),
    "out_of_scope_discovered": End("out_of_scope", "out_of_scope"),
    "site_closed": End("cannot_be_served", "cannot_be_served"),
    "safety_concern": End("cannot_be_served", "cannot_be_served"),
}
"""Closure reason -> its end."""


def end_of(closure: str) -> End:
    """The end for a closure reason; one of a later release closes early."""
    return ENDS.get(closure, End("closed", "closed_early"))
