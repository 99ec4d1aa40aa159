"""The life of a cohort, from the rubric to six who have a place."""

from __future__ import annotations

from infra.case import Case
from infra.training_program.applying import applied, entered, offered
from infra.training_program.program import Program


def training_program(case: Case) -> None:
    """19: ten apply for six seats, two score blind, one declines, one is promoted."""
    program = Program(case)
    entered(program)
    applied(program)
    offered(program)
