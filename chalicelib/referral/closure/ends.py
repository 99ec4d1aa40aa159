"""How a consultation that is summed up ends: each closure reason has its own status and named end, and
may need a record that is complete. Only an end that the work itself brought is followed up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chalicelib.referral.records import LEAST_SESSIONS, Episode
from chalicelib.web.languages import N_


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
    "duplicate": End("redirected_local", "duplicate"),
    "out_of_scope_discovered": End("out_of_scope", "out_of_scope"),
    "site_closed": End("cannot_be_served", "cannot_be_served"),
    "safety_concern": End("cannot_be_served", "cannot_be_served"),
}
"""Closure reason -> its end."""


def end_of(closure: str) -> End:
    """The end for a closure reason; one of a later release closes early."""
    return ENDS.get(closure, End("closed", "closed_early"))


GOALS_DECIDE: Final = ("goals_met", "goals_partly_met")
"""The closure reasons that claim a whole consultation; the others end it where it stands."""

NO_AGREEMENT: Final = N_("The service agreement is not signed.")
NO_PLAN: Final = N_("There is no action plan that the provider agreed to.")
TOO_FEW: Final = N_("Fewer than four sessions were held.")
NO_REVIEW: Final = N_("The review at the fourth session is missing.")
NO_SUMMARY: Final = N_("The closing summary is missing.")


def missing(record: Episode, closure: str) -> list[str]:
    """What the record lacks to end for this reason, as msgids; empty when it is complete."""
    if closure not in GOALS_DECIDE:
        return []
    held = len(record.held)
    lacking = [
        (record.agreement is None, NO_AGREEMENT),
        (record.agreed_plan is None, NO_PLAN),
        (held < LEAST_SESSIONS, TOO_FEW),
        (held >= LEAST_SESSIONS and record.review is None, NO_REVIEW),
    ]
    return [text for lacks, text in lacking if lacks]


def missing_to_close(record: Episode) -> list[str]:
    """The same for a referral that is about to close: its summary says for which reason."""
    if record.summary is None:
        return [NO_SUMMARY]
    return missing(record, record.summary.closure)
