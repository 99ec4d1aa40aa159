"""The step that asks a person to repair a run which cannot go on by itself."""

from __future__ import annotations

from chalicelib.directory.people import in_charge
from chalicelib.workflow.cases import Case
from chalicelib.workflow.kinds import Opening
from chalicelib.workflow.repair_tasks import REPAIR
from chalicelib.workflow.steps import ask, stage


@ask(REPAIR)
def ask_repair(state: Case, now: int) -> Opening:
    """What a stage caught lands with the coordinator, never in an ended run that nobody sees."""
    return Opening(assignee=in_charge("coordinator", state.county))


lambda_handler = stage(__name__)
