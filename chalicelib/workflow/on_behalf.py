"""Whose tasks staff may finish from a phone call, and what the answer then says of itself."""

from __future__ import annotations

from typing import Final

from chalicelib.web.forms import Values
from chalicelib.web.languages import N_
from chalicelib.workflow.case_types import applicant_of, called
from chalicelib.workflow.cases import Case, Payload, Task
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import Kind, kind_of
from chalicelib.workflow.pause import over

# Staff who may record an answer of the applicant, and of a consultant: a specialist talks with those
# who ask for help, a coordinator with consultants too; an administrator runs the system, not the cases.
OF_APPLICANTS: Final = ("specialist", "coordinator", "supervisor")
OF_CONSULTANTS: Final = ("coordinator", "supervisor")
# How somebody agreed to a text, as an agreement or a plan, that they could not read on their own page.
AGREED: Final = {
    "read_aloud": N_("I read all of it aloud to them, and they agreed"),
    "paper": N_("They signed it on paper and sent it back"),
}
HOW: Final = {
    "phone": N_("On the phone"),
    "video": N_("In a video call"),
    "in_person": N_("In person"),
    "email": N_("In writing, by email or letter"),
    **AGREED,
}


def may_record(role: str, view: Case, task: Task | None, at: int) -> bool:
    """Whether staff of ``role`` may record an answer to this task now; a signature only of somebody whom
    no letter reaches."""
    if task is None or over(view, task, at):
        return False
    able = {applicant_of(view): OF_APPLICANTS, "consultant": OF_CONSULTANTS}
    if role not in able.get(task.role, ()):
        return False
    return not kind_of(task.kind).policy.signature or called(view, applicant_of(view))


def ways(kind: Kind | None = None) -> list[tuple[str, str]]:
    """How something can have been told, an answer to a task of a ``kind``."""
    agrees = kind is not None and kind.policy.agrees is not None
    return [(how, words) for how, words in HOW.items() if agrees or how not in AGREED]


def agreed_unread(kind: Kind, values: Values, how: str) -> bool:
    """Whether an answer agrees to a text that, as it was told, nobody has read to them."""
    agrees = kind.policy.agrees
    return agrees is not None and agrees(values) and how not in AGREED


def told(recipient: str, by: str, how: str, kind: str = "") -> Payload:
    """What the entry says: for whom it was recorded, who told it, and how; ``kind``: of the task, if it
    answers one. ``recipient`` is told."""
    said: Payload = {"for": recipient, "told_by": by, "told_how": how, "proof": "told"}
    return said | {"kind": kind} if kind else said


def letter_to_owner(state: Case, told: Payload | None) -> list[SendLetter]:
    """The letter to somebody whose answer staff wrote down for them; who has no email has just heard it."""
    to = (told or {}).get("for", "")
    return [SendLetter(letter="tasks/recorded", to=to)] if to and not called(state, to) else []
