"""The machine of a trainee."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.places import N_
from chalicelib.workflow.machines import Machine

PARENT: Final = "trainee"
MACHINES: Final = (
    Machine(PARENT, N_("Training of a consultant"), "training.trainees.steps", stage=False),
)
