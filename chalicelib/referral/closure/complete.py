"""What a referral still lacks before it can be closed."""

from __future__ import annotations

from typing import Final

from chalicelib.referral.records import LEAST_SESSIONS, Episode
from chalicelib.web.languages import N_

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
