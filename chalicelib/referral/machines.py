"""The machines of a referral: the parent, its stages, and what runs by itself after its end."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.places import N_
from chalicelib.domain.statuses import STAGES
from chalicelib.workflow.machines import Machine

# The run that lives while a referral is open.
PARENT: Final = "referral"
MACHINES: Final = (
    Machine(PARENT, N_("The whole request"), "workflow.reconciler.steps", stage=False),
    Machine("eligibility", STAGES["eligibility"], "referral.eligibility.steps"),
    Machine("tiers", STAGES["tiers"], "referral.tiers.steps"),
    Machine("match", STAGES["match"], "referral.matching.steps"),
    Machine("delivery", STAGES["delivery"], "referral.delivery.steps"),
    Machine("check_in", STAGES["check_in"], "referral.tiers.check_in_steps", after_close=True),
    Machine("closure", STAGES["closure"], "referral.closure.steps"),
    Machine(
        "follow_up",
        STAGES["follow_up"],
        "referral.closure.follow_up_steps",
        stage=False,
        after_close=True,
    ),
)
