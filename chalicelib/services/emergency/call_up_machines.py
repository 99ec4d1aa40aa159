"""The machine of a call-up."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.places import N_
from chalicelib.workflow.machines import Machine

MACHINES: Final = (
    Machine("call_up", N_("Call-up"), "services.emergency.call_up_steps", stage=False),
)
