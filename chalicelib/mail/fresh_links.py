"""Mail the link of an open task anew, to the address on file and nowhere else."""

from __future__ import annotations

from chalicelib.aws import rate_limits
from chalicelib.aws.now import now
from chalicelib.domain.errors import AlreadyDone, NotFound
from chalicelib.mail.addressees import address
from chalicelib.workflow.case_types import recipient
from chalicelib.workflow.cases import Case, Command, Entry
from chalicelib.workflow.events import LINK_RENEWED
from chalicelib.workflow.kinds import kind_of, letter_of
from chalicelib.workflow.pause import over
from chalicelib.workflow.side_tasks import asked_by
from chalicelib.workflow.storage import store
from chalicelib.workflow.storage.side_task_rows import SideTask, rewrite

# A second press this soon, in seconds, means the mail that is on its way already.
SAME_PRESS = 15


def send_fresh(
    reference: str,
    n: int,
    *,
    own: str = "",
    void_older: bool = False,
    actor: str = "",
    press: str = "",
) -> bool:
    """Send the open task's own letter again with a new link, if task ``n`` is the open one.

    Otherwise, and beyond three an hour of what ``own`` says asks (the pressed link, the status page, a
    member of staff), nothing happens: False, and a public page says the same. ``void_older`` ends the
    links mailed before; ``actor`` is the member of staff who wants it, if it is not the holder of the
    task; ``press`` the press that asks for it. Raises AlreadyDone, when that was heard before, and
    TryAgain.
    """
    if press and _heard(reference, press):
        raise AlreadyDone(reference)
    key, at = f"{reference}:{n}:{own}", now()
    if not rate_limits.allow("fresh-press", key, 1, SAME_PRESS, at):
        return False
    if not _allowed(reference, n, key, at):
        return False

    def decide(state: Case) -> Command | None:
        view = asked_by(state, n)
        task = view.task if view is not None else None
        if view is None or task is None or over(view, task, at):
            return None
        kind = kind_of(task.kind)
        if not kind.letter:
            return None
        newest = task.link_number + 1
        changes = {"link_number": newest} | ({"first_valid_link": newest} if void_older else {})
        fresh = task.model_copy(update=changes)
        mail = letter_of(kind, state, n, task.assignee)
        beside = isinstance(task, SideTask)
        entry = Entry(
            event=LINK_RENEWED,
            at=at,
            actor=actor or task.role,
            command=press or f"fresh:{n}:{newest}",
            changes={} if beside else {"task": fresh},
            payload={"task": n, "kind": task.kind, "role": task.role},
            effects=[mail],
        )
        return entry, [rewrite(reference, fresh)] if isinstance(fresh, SideTask) else ()

    try:
        state = store.change(reference, decide, press=press)
    except NotFound:
        return False
    return state.command == press if press else state.command.startswith(f"fresh:{n}:")


def _heard(reference: str, press: str) -> bool:
    """Whether this press sent a link before: it counts nothing, then."""
    try:
        return store.recorded(store.load(reference, consistent=True), press)
    except NotFound:
        return False


def _allowed(reference: str, n: int, own: str, at: int) -> bool:
    """Whether the task's holder may have one more letter in this hour."""
    try:
        state = store.load(reference)
    except NotFound:
        return False
    view = asked_by(state, n)
    if view is None or view.task is None:
        return False
    to = recipient(state, view.task.role, view.task.assignee)
    email = str(address(state, to)["email"]) or reference
    return rate_limits.mail_to("fresh link", email, at, own=own)
