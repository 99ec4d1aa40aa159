"""The function of the parent machine: its one step asks a person to repair what a stage caught."""

from __future__ import annotations

from chalicelib.workflow.steps import stage

lambda_handler = stage(__name__)
