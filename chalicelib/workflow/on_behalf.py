"""Whose tasks staff may finish from a phone call, and what the answer then says of itself."""

from __future__ import annotations

from typing import Final

from chalicelib.web.languages import N_
from chalicelib.workflow.case_types import applicant_of
from chalicelib.workflow.cases import Case, Payload, Task
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.pause import over

# Staff who may record an answer of the applicant, and of a consultant: a specialist talks with those
# who ask for help, a coordinator with consultants too; an administrator runs the system, not the cases.
OF_APPLICANTS: Final = ("specialist", "coordinator", "supervisor")
OF_CONSULTANTS: Final = ("coordinator", "supervisor")
HOW: Final = {
    "phone": N_("On the phone"),
    "video": N_("In a video call"),
    "in_person": N_("In person"),
    "email": N_("In writing, by email or letter"),
}


def may_record(role: str, view: Case, task: Task | None, at: int) -> bool:
    """Whether staff of ``role`` may record an answer to this task now; never a signature."""
    if task is None or over(view, task, at):
        return False
    able = {applicant_of(view): OF_APPLICANTS, "consultant": OF_CONSULTANTS}
    if role not in able.get(task.role, ()):
        return False
    return kind_of(task.kind).policy.by_phone


def told(recipient: str, by: str, how: str, kind: str = "") -> Payload:
    """What the entry says: for whom it was recorded, who told it, and how; ``kind``: of the task, if it
    answers one. ``recipient`` is told."""
    said: Payload = {"for": recipient, "told_by": by, "told_how": how, "proof": "told"}
    return said | {"kind": kind} if kind else said
