"""The machine of an application."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.places import N_
from chalicelib.workflow.machines import Machine

PARENT: Final = "application"
MACHINES: Final = (
    Machine(
        PARENT,
        N_("An application for the training program"),
        "training.applications.steps",
        stage=False,
    ),
)
