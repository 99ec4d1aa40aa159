"""The machine of an onboarding."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.places import N_
from chalicelib.workflow.machines import Machine

MACHINES: Final = (
    Machine("onboarding", N_("Onboarding"), "training.onboarding.steps", stage=False),
)
