"""The open tasks of a member of staff go to colleagues: one command a task, and each is told by its own
letter. A press that broke off is pressed again."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from chalicelib.aws.log import logger
from chalicelib.directory import people
from chalicelib.directory.holdings import STAFF, Holding, Thing
from chalicelib.domain.errors import NotFound
from chalicelib.domain.roles import ROLES, Scope
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Case, Command, Entry
from chalicelib.workflow.events import TASK_GIVEN
from chalicelib.workflow.kinds import kind_of, letter_of
from chalicelib.workflow.lists import queue
from chalicelib.workflow.lists.queue import QueuedTask
from chalicelib.workflow.side_tasks import asked_by
from chalicelib.workflow.storage import store
from chalicelib.workflow.storage.side_task_rows import SideTask, rewrite

# Seconds of a page's time that are spent on it; what is left waits for the next press.
SECONDS: Final = 15.0


@dataclass(frozen=True)
class Result:
    """What became of one task: to whom it went, "" where it is still theirs."""

    reference: str
    to: str


def tasks_of(who: str, at: int) -> list[QueuedTask]:
    """Every open task of a member of staff, in whatever role it was given to them."""
    return queue.held(ROLES, who, at)


def leaving(who: str, role: str, scope: Scope, at: int) -> list[QueuedTask]:
    """The tasks that are not theirs any more, once ``who`` has this role ("" for none) and these counties."""
    return [
        task
        for task in tasks_of(who, at)
        if task.waiting.role != role or not scope.covers(task.county)
    ]


def move(tasks: list[QueuedTask], who: str, actor: str, at: int) -> list[Result]:
    """Give tasks of ``who`` to whoever is in charge, as many as there is time for."""
    until, found = time.monotonic() + SECONDS, []
    for task in tasks:
        late = time.monotonic() > until
        found.append(Result(task.reference, "" if late else _given(task, who, actor, at)))
    return found


def _given(task: QueuedTask, who: str, actor: str, at: int) -> str:
    """Whose the task is from now on; "" where it could not be moved."""
    to = people.in_charge(task.waiting.role, task.county)
    if not to or to == who:
        return ""
    try:
        return give(task.reference, task.number, who, to, actor, at)
    except Exception:
        # One that fails must not keep the others: it is told, and pressed again.
        logger().exception("hand over", extra={"referral": task.reference, "task": task.number})
        return ""


def give(reference: str, number: int, who: str, to: str, actor: str, at: int) -> str:
    """Give an open task of ``who`` to ``to``, with a letter that has a new link; the links mailed before
    are dead. Whose it is then; "" when it is over. Raises TryAgain.
    """

    def decide(state: Case) -> Command | None:
        view = asked_by(state, number)
        task = view.task if view is not None else None
        if view is None or task is None or task.assignee != who:
            return None
        given, kind = task.given_to(to), kind_of(task.kind)
        beside = [rewrite(reference, given)] if isinstance(given, SideTask) else []
        entry = Entry(
            event=TASK_GIVEN,
            at=at,
            actor=actor,
            command=f"give:{number}:{given.link_number}",
            changes={} if beside else {"task": given},
            payload={"task": number, "kind": task.kind, "from": who, "to": f"staff:{to}"},
            effects=[letter_of(kind, view, number, to)] if kind.letter else [],
        )
        return entry, beside

    try:
        view = asked_by(store.change(reference, decide), number)
    except (NotFound, store.Refused):
        return ""  # it ended at this very moment
    return view.task.assignee if view is not None and view.task is not None else ""


def _things(who: str, at: int) -> list[Thing]:
    kind, _, member = who.partition(":")
    if kind != STAFF:
        return []
    return [
        Thing(one.reference, one.reference, f"/console/referrals/{one.reference}")
        for one in tasks_of(member, at)
    ]


# They go by themselves, to whoever is in charge, in the press that lets somebody go.
HELD: Final = Holding(what=N_("Open tasks"), of=_things, own_way=True)
