"""Staff open their own task from the console, or take one over from a colleague of their role.

Taking over is a command of its own: the log says who had the task and who has it now, and the
links that were mailed before are dead.
"""

from __future__ import annotations

from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.domain.plain.values import frozen
from chalicelib.referral.events import TASK_TAKEN
from chalicelib.referral.model import Referral
from chalicelib.web import links
from chalicelib.web.staff_auth import Staff
from chalicelib.workflow.board import mark_of, title_of, trouble_of
from chalicelib.workflow.cases import Command, Entry, Task
from chalicelib.workflow.side_tasks import asked_by
from chalicelib.workflow.storage import store
from chalicelib.workflow.storage.side_task_rows import SideTask, rewrite

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


@frozen
class ShownTask:
    """An open task as a page shows it: whose it is, how it stands, and whether the reader may open it."""

    task: Task
    title: str
    name: str
    mark: str
    opens: bool
    own: bool


def shown(task: Task, who: Staff, at: int) -> ShownTask:
    """A task as ``who`` sees it. That some are asked is bad news, however long there is."""
    return ShownTask(
        task,
        title_of(task.kind),
        people.name_of(f"{task.role}:{task.assignee}"),
        trouble_of(task.kind) or mark_of(task.opened, task.due, at),
        open_to(task, who, at),
        task.assignee == who.id,
    )


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
        task = _open_task(state, n)
        if task is None or not open_to(task, who, at) or task.assignee == who.id:
            return None
        mine = task.given_to(who.id)
        beside = [rewrite(reference, mine)] if isinstance(mine, SideTask) else []
        entry = Entry(
            event=TASK_TAKEN,
            at=at,
            actor=who.actor,
            command=command,
            changes={} if beside else {"task": mine},
            payload={"task": n, "kind": task.kind, "from": task.assignee},
        )
        return entry, beside

    try:
        task = _open_task(store.change(reference, decide, press=command), n)
    except store.Refused:
        return ""  # it ended at this very moment
    if task is None or task.assignee != who.id or not open_to(task, who, at):
        return ""
    return links.mint(reference, n, task.link_number, min(task.expires, at + LINK_SECONDS))


def _open_task(state: Referral, n: int) -> Task | None:
    """Open task ``n``, the lifecycle's own or one beside."""
    view = asked_by(state, n)
    return view.task if view is not None else None
