"""The machines by name, as the console shows them. The names of their states are extracted from
their sources."""

from __future__ import annotations

from typing import Final

from chalicelib.web.languages import N_

MACHINE_NAMES: Final[dict[str, str]] = {
    "referral": N_("The whole request"),
    "eligibility": N_("Eligibility"),
    "tiers": N_("Tier of support"),
    "match": N_("Consultant match"),
    "delivery": N_("Service delivery"),
    "closure": N_("Closure"),
    "follow_up": N_("Follow-up"),
    "check_in": N_("Check-in"),
}
