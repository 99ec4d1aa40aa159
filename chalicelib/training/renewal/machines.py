"""The machine of a renewal."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.places import N_
from chalicelib.workflow.machines import Machine

MACHINES: Final = (Machine("renewal", N_("Renewal"), "training.renewal.steps", stage=False),)
