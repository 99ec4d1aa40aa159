"""Mail the link of an open task anew, to the address on file and nowhere else (F5, L5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chalicelib.aws import limits, store
from chalicelib.aws.beside import Beside, rewrite
from chalicelib.kit.now import now
from chalicelib.kit.outbox import asked_by
from chalicelib.kit.tasks import kind_of, letter_of
from chalicelib.referral.errors import NotFound
from chalicelib.referral.model import Entry, Referral

LIMIT, HOUR = 3, 3600
# A second press this soon, in seconds, means the mail that is on its way already.
SAME_PRESS = 15


def send_fresh(reference: str, n: int, *, void_older: bool = False) -> None:
    """Send the open task's own letter again with a new link, if task ``n`` is the open one.

    Otherwise, and beyond three an hour for a task, nothing happens and nothing tells (S8).
    ``void_older`` ends the links mailed before. Raises TryAgain.
    """
    key, at = f"{reference}:{n}", now()
    if not limits.allow("fresh-press", key, 1, SAME_PRESS, at):
        return
    if not limits.allow("fresh", key, LIMIT, HOUR, at):
        return

    def decide(state: Referral) -> tuple[Entry, Sequence[Any]] | None:
        view = asked_by(state, n)
        task = view.task if view is not None else None
        if task is None or task.expires <= at:
            return None
        kind = kind_of(task.kind)
        if not kind.letter:
            return None
        newest = task.link + 1
        changes = {"link": newest} | ({"first": newest} if void_older else {})
        fresh = task.model_copy(update=changes)
        mail = letter_of(kind, state, n, task.who)
        beside = isinstance(task, Beside)
        entry = Entry(
            type="link_renewed",
            at=at,
            actor=task.role,
            command=f"fresh:{n}:{newest}",
            changes={} if beside else {"task": fresh.model_dump(exclude_defaults=True)},
            data={"task": n, "kind": task.kind, "role": task.role},
            effects=[mail],
        )
        return entry, [rewrite(reference, fresh)] if isinstance(fresh, Beside) else ()

    try:
        store.change(reference, decide)
    except NotFound:
        return
