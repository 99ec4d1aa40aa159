"""The machine of a seat."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.places import N_
from chalicelib.workflow.machines import Machine

PARENT: Final = "seat"
MACHINES: Final = (
    Machine(PARENT, N_("A seat in a Community"), "services.communities.steps", stage=False),
)
