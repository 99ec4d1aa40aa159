"""A task beside the lifecycle: asked of one person, with reminders, escalation and exit, and no run.

It is a ``Kind`` like any other. Its form, facts and decision are given the referral with the task
beside as ``state.task`` and the lifecycle's own task as ``state.main``. It opens as a part of any
command (``begin``); its answer is a command of its own (``workflow.tasks.answer`` finds it by number).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import Write
from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.plain.values import frozen
from chalicelib.domain.service_standards import Deadlines
from chalicelib.web.forms import Values
from chalicelib.workflow.cases import Case, Changes, Command, Entry, Payload
from chalicelib.workflow.effects import Effect
from chalicelib.workflow.events import of_task
from chalicelib.workflow.kinds import Kind, Outcome, asked_at, kind_of, letter_of, task_of
from chalicelib.workflow.on_behalf import letter_to_owner
from chalicelib.workflow.storage import side_task_rows, store
from chalicelib.workflow.storage.side_task_rows import SideTask


@frozen
class Beginning:
    """What a command takes over to open a task beside: merge each into the command's own.

    ``payload`` tells the log what it is about, so that a row that is lost can be written again.
    """

    number: int
    changes: Changes
    effects: Sequence[Effect]
    same_transaction: list[Write]
    payload: Payload = field(default_factory=Payload)


def begin(
    state: Case,
    kind: Kind,
    who: str,
    at: int,
    about: Item | None = None,
    limits: Deadlines | None = None,
    n: int = 0,
) -> Beginning:
    """Open a task of ``kind`` for ``who`` (a staff or consultant id; "" for the provider).

    ``about``: ids that say what it is about, nothing personal. ``n``: its number, when the same
    command opens another task as well.
    """
    number = n or state.tasks + 1
    when = limits or asked_at(kind, state.priority, at)
    task = task_of(SideTask, kind, number, who, at, when, about)
    task.county, task.priority = state.county, state.priority
    return Beginning(
        number=number,
        changes={"tasks": number, "side_tasks": [*state.side_tasks, number]},
        effects=[letter_of(kind, state, number, who)] if kind.letter else [],
        same_transaction=[side_task_rows.begin(state.reference, task)],
        payload={"about": about} if about else {},
    )


def asked_anew(state: Case, now: int, limits: Deadlines | None = None) -> Outcome:
    """The exit of a task beside that is never given up: the same person is asked the same again."""
    assert state.task is not None
    kind = kind_of(state.task.kind)
    begun = begin(state, kind, state.task.assignee, now, dict(state.task.about), limits)
    return Outcome("expired", begun.changes, begun.payload, begun.effects, begun.same_transaction)


def seen_from(state: Case, task: SideTask) -> Case:
    """The referral as a task beside sees it: ``task`` is its own, ``main`` the lifecycle's."""
    return state.model_copy(update={"task": task, "main_task": state.task})


def open_rows(state: Case) -> list[SideTask]:
    """The open tasks beside of a case, the oldest first; one whose row is gone is left out."""
    rows = (side_task_rows.get(state.reference, n) for n in state.side_tasks)
    return [row for row in rows if row is not None]


def find(state: Case, n: int) -> Case | None:
    """The referral as task beside ``n`` sees it, open or ended; None if there is no such task."""
    if n > state.tasks:
        return None
    task = side_task_rows.get(state.reference, n)
    return seen_from(state, task) if task is not None else None


def asked_by(state: Case, n: int) -> Case | None:
    """The case as open task ``n`` sees it, the lifecycle's own or one beside; None when over."""
    if state.task is not None and state.task.number == n:
        return state
    if n not in state.side_tasks:
        return None
    return find(state, n)


def void(state: Case, n: int, at: int, actor: str = "system") -> tuple[Changes, list[Write]]:
    """Changes and rows that end task beside ``n`` without an answer, as part of a command."""
    left = [one for one in state.side_tasks if one != n]
    return {"side_tasks": left}, [side_task_rows.end(state.reference, n, "void", actor, at)]


def answer_beside(
    reference: str,
    n: int,
    values: Values,
    actor: str,
    command: str,
    at: int,
    told: Payload | None = None,
    link: int = 0,
) -> tuple[Case, Kind]:
    """Record the first valid answer to task beside ``n``; raises as ``workflow.tasks.answer``."""
    seen: list[Kind] = []

    def decide(state: Case) -> Command | None:
        view = find(state, n)
        if view is None or view.task is None:
            return None
        kind = kind_of(view.task.kind)
        if (
            not _open(view)
            or view.task.expires <= at
            or (link and link < view.task.first_valid_link)
        ):
            return None
        seen.append(kind)
        if kind.policy.many:
            store.nothing_entered_since(state, n, command)
        return ended(view, kind, kind.decide(view, values, at), actor, command, at, told)

    try:
        state = store.change(reference, decide, press=command)
    except store.Refused:
        # Somebody's answer was faster, or a row of this answer said no: the kind's page tells.
        fresh = side_task_rows.get(reference, n)
        if fresh is not None and fresh.over:
            raise AlreadyDone(reference) from None
        raise
    if state.command != command:
        raise AlreadyDone(reference)
    found = side_task_rows.get(reference, n)
    return state, seen[-1] if seen else kind_of(found.kind if found else "")


def _open(view: Case) -> bool:
    task = view.task
    assert isinstance(task, SideTask)
    return not task.over and (view.open or kind_of(task.kind).policy.after_close)


def ended(
    view: Case,
    kind: Kind,
    outcome: Outcome,
    actor: str,
    command: str,
    at: int,
    told: Payload | None = None,
) -> Command:
    """The command that ends a task beside (or notes something and keeps it, if it ``stays``)."""
    task = view.task
    assert isinstance(task, SideTask)
    kind.check(outcome)
    changes = outcome.changes.copy()
    also = list(outcome.same_transaction)
    if not outcome.stays:
        left = changes.get("side_tasks", view.side_tasks) or []
        changes["side_tasks"] = [one for one in left if one != task.number]
        also.append(side_task_rows.end(view.reference, task.number, outcome.verdict, actor, at))
    entry = Entry(
        event=outcome.event or of_task(kind.name, "answered"),
        at=at,
        actor=actor,
        reason=outcome.reason,
        command=command,
        changes=changes,
        payload={
            "task": task.number,
            "beside": kind.name,
            "verdict": outcome.verdict,
            **outcome.payload,
            **(told or {}),
        },
        effects=[*outcome.effects, *letter_to_owner(view, told)],
    )
    return entry, also
