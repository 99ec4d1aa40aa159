"""What is on a consultant's list: the open tasks of the cases that hold one of their places, or that a
room asks them about besides, and what the others wait for."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.directory.people import Person
from chalicelib.domain.errors import NotFound
from chalicelib.tasks.drafts import first_choice
from chalicelib.tasks.kept_here import Here, kept_here
from chalicelib.web.languages import N_
from chalicelib.workflow import registry
from chalicelib.workflow.case_types import asks_consultant, type_of
from chalicelib.workflow.cases import Case, Task
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage import side_task_rows, store, task_drafts
from chalicelib.workflow.storage.side_task_rows import SideTask
from chalicelib.workflow.tasks import meanwhile

PAUSED = N_("Paused")


@dataclass(frozen=True)
class Line:
    """One open task. ``title`` is a msgid, and ``by``, which says when it is due; ``here``: for an answer that this phone keeps; instants are UTC seconds; ``next`` is the next appointment and
    ``meets`` what is said of it (a msgid); ``called`` the program's name, where they may know it.

    ``quick``: the usual answer of a task that takes many, and its words (a msgid): its page begins with it.
    ``held``: why nobody waits for it now (a msgid, or empty), and ``until`` when.
    """

    reference: str
    n: int
    title: str
    by: str
    due: int
    overdue: bool
    held: str
    until: int
    next: int | None
    meets: str
    draft: bool
    called: str
    here: Here
    quick: tuple[str, str] | None = None


@dataclass(frozen=True)
class Waiting:
    """A consultation of theirs that is somebody else's turn. ``waits`` is a msgid; ``hand_over`` is
    what the consultant before them left."""

    reference: str
    waits: str
    hand_over: object
    called: str


def work_of(who: str, row: Person, now: int) -> tuple[list[Line], list[Waiting]]:
    """The open tasks of consultant ``who``, the one that is due first on top; and the consultations
    in which nothing is asked of them now."""
    found: list[Line] = []
    others: list[Waiting] = []
    for reference in dict.fromkeys([*row.get("held", []), *registry.asked_besides(who, now)]):
        try:
            state = store.load(reference)
        except NotFound:
            continue
        own = [_line(state, task, now) for task in _tasks(state) if _theirs(task, who)]
        found += own
        if not own and state.works_on(who):
            left = type_of(state).hand_over(state)
            others.append(Waiting(reference, meanwhile(state), left, type_of(state).called(state)))
    by_reference = sorted(others, key=lambda one: one.reference)
    return sorted(found, key=lambda line: (line.due, line.reference)), by_reference


def _tasks(state: Case) -> list[Task]:
    own = [state.task] if state.task is not None else []
    rows = [side_task_rows.get(state.reference, n) for n in state.side_tasks]
    return [*own, *[row for row in rows if row is not None]]


def _theirs(task: Task, who: str) -> bool:
    over = isinstance(task, SideTask) and bool(task.over)
    return not over and asks_consultant(task.role, task.assignee, who)


def _line(state: Case, task: Task, now: int) -> Line:
    coming = state.appointment
    hold = None if isinstance(task, SideTask) else state.pause
    return Line(
        reference=state.reference,
        n=task.number,
        title=kind_of(task.kind).words.title,
        by=kind_of(task.kind).words.by,
        due=task.due,
        overdue=task.due < now and hold is None,
        held=type_of(state).paused_words.get(state.status, PAUSED) if hold else "",
        until=hold.until if hold else 0,
        next=coming if coming and coming > now else None,
        meets=type_of(state).meets,
        called=type_of(state).called(state),
        draft=task_drafts.get(state.reference, task.number, now) is not None,
        here=kept_here(
            state.reference,
            task.number,
            f"/task/{state.reference}/{task.number}",
            task.expires,
            now,
        ),
        quick=None if isinstance(task, SideTask) or hold else _quick(state, task),
    )


def _quick(state: Case, task: Task) -> tuple[str, str] | None:
    kind = kind_of(task.kind)
    choice = first_choice(kind.page.form(state)) if kind.page.quick else None
    return (choice.options[0][0], choice.options[0][1]) if choice and choice.options else None
