"""The steps of a practicum's machine: plain questions."""

from __future__ import annotations

from chalicelib.workflow.steps import stage

lambda_handler = stage(__name__)
