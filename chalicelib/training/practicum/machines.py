"""The machine of a practicum."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.places import N_
from chalicelib.workflow.machines import Machine

MACHINES: Final = (Machine("practicum", N_("Practicum"), "training.practicum.steps", stage=False),)
