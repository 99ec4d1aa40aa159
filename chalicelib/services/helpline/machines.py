"""The machine of a promised call."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.places import N_
from chalicelib.workflow.machines import Machine

MACHINES: Final = (
    Machine("promised_call", N_("Promised call"), "services.helpline.steps", stage=False),
)
