"""What is on a consultant's list: the open tasks of the referrals that hold one of their places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalicelib.aws import beside, kept, people, store
from chalicelib.aws.beside import Beside
from chalicelib.kit.tasks import kind_of
from chalicelib.referral.errors import NotFound
from chalicelib.referral.model import Referral, Task


@dataclass(frozen=True)
class Line:
    """One open task. ``title`` is a msgid; instants are UTC seconds; ``next`` is the next session."""

    reference: str
    n: int
    title: str
    due: int
    overdue: bool
    paused: bool
    next: int | None
    draft: bool


def consultant_row(who: str) -> dict[str, Any]:
    """The consultant's row as it stands; empty when there is none."""
    return store.get(people.CONSULTANTS, who, consistent=True) or {}


def open_tasks(who: str, row: dict[str, Any], now: int) -> list[Line]:
    """The open tasks of consultant ``who``, the one that is due first on top."""
    found = []
    for reference in row.get("held", []):
        try:
            state = store.load(reference)
        except NotFound:
            continue
        found += [_line(state, task, now) for task in _tasks(state) if _theirs(task, who)]
    return sorted(found, key=lambda line: (line.due, line.reference))


def _tasks(state: Referral) -> list[Task]:
    own = [state.task] if state.task is not None else []
    rows = [beside.get(state.reference, n) for n in state.beside]
    return [*own, *[row for row in rows if row is not None]]


def _theirs(task: Task, who: str) -> bool:
    over = isinstance(task, Beside) and bool(task.over)
    return task.role == "consultant" and task.who == who and not over


def _line(state: Referral, task: Task, now: int) -> Line:
    coming = state.sessions.next if state.sessions else None
    held = state.hold is not None and not isinstance(task, Beside)
    return Line(
        reference=state.reference,
        n=task.n,
        title=kind_of(task.kind).title,
        due=task.due,
        overdue=task.due < now and not held,
        paused=held,
        next=coming if coming and coming > now else None,
        draft=kept.get(state.reference, task.n, now) is not None,
    )
