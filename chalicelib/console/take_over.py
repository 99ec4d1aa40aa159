"""Staff open their own task from the console, or take one over from a colleague of their role.

Taking over is a command of its own: the log says who had the task and who has it now, and the
links that were mailed before are dead.
"""

from __future__ import annotations

from chalicelib.aws.now import now
from chalicelib.referral.events import TASK_TAKEN
from chalicelib.referral.model import Referral
from chalicelib.web import links
from chalicelib.web.staff_auth import Staff
from chalicelib.workflow.cases import Command, Entry, Task
from chalicelib.workflow.storage import store

# How long, in seconds, a link that the console opens is good.
LINK_SECONDS = 4 * 3600
# Whose tasks a role may do. Never a consultant's or a provider's: nobody answers in their place.
TAKES: dict[str, tuple[str, ...]] = {
    "specialist": ("specialist",),
    "coordinator": ("coordinator",),
    "supervisor": ("specialist", "coordinator", "supervisor"),
    "admin": ("coordinator", "supervisor", "admin"),
}


def may_take(role: str) -> tuple[str, ...]:
    """The roles whose tasks somebody may do."""
    return TAKES.get(role, ())


def open_to(task: Task | None, who: Staff, at: int) -> bool:
    """Whether this member of staff may do this task now."""
    if task is None or who.id in task.about.get("never", ()):
        return False  # nobody is the second person to their own decision
    return task.role in may_take(who.role) and at < task.expires


def take(reference: str, n: int, who: Staff, command: str) -> str:
    """The text of a link to task ``n``, which is this member of staff's own from now on; "" when
    it is over or not for their role. Raises NotFound, TryAgain."""
    at = now()

    def decide(state: Referral) -> Command | None:
        task = state.task
        if (
            task is None
            or task.number != n
            or not open_to(task, who, at)
            or task.assignee == who.id
        ):
            return None
        mine = task.given_to(who.id)
        entry = Entry(
            event=TASK_TAKEN,
            at=at,
            actor=who.actor,
            command=command,
            changes={"task": mine},
            payload={"task": n, "kind": task.kind, "from": task.assignee},
        )
        return entry, ()

    state = store.change(reference, decide, press=command)
    task = state.task
    if task is None or task.number != n or task.assignee != who.id or not open_to(task, who, at):
        return ""
    return links.mint(reference, n, task.link_number, min(task.expires, at + LINK_SECONDS))
