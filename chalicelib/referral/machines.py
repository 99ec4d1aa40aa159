"""The machines of a referral: the parent, its stages, and what runs by itself after its end."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.statuses import STAGES
from chalicelib.web.languages import N_
from chalicelib.workflow.machines import Machine

MACHINES: Final = (
    Machine("referral", N_("The whole request"), stage=False),
    Machine("eligibility", STAGES["eligibility"]),
    Machine("tiers", STAGES["tiers"]),
    Machine("match", STAGES["match"]),
    Machine("delivery", STAGES["delivery"]),
    Machine("check_in", STAGES["check_in"], after_close=True),
    Machine("closure", STAGES["closure"]),
    Machine("follow_up", STAGES["follow_up"], stage=False, after_close=True),
)
