"""The rows of tasks beside the lifecycle: an address to repair, a safety flag, an approval.

They share the numbers and links of the referral's own tasks and need no run: each has its own
wake-up on the clock's index. An ended one stays as the record of who answered what.
"""

from __future__ import annotations

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import Write, create, field, put, update
from chalicelib.workflow.cases import Task
from chalicelib.workflow.storage import indexes, keys

_OPEN = (field("pk").exists(), field("over").absent())


class SideTask(Task):
    """A task beside. ``county`` and ``priority`` are its case's, for the queue; ``over`` is the verdict
    that ended it, empty while it is open."""

    county: str = ""
    priority: str = "routine"
    over: str = ""
    ended: int = 0
    actor: str = ""


def get(reference: str, n: int) -> SideTask | None:
    """Task beside ``n`` of a referral, open or ended; None if there is none of that number."""
    row = dynamodb.get(keys.task(reference, n), consistent=True)
    return None if row is None else SideTask.model_validate(row)


def of(reference: str) -> list[SideTask]:
    """Every task beside of a referral, oldest first."""
    rows = dynamodb.query(keys.case_pk(reference), keys.TASK)
    return [SideTask.model_validate(row) for row in rows]


def begin(reference: str, task: SideTask) -> Write:
    """Begin a task beside."""
    return create(keys.task(reference, task.number), _row(reference, task))


def rewrite(reference: str, task: SideTask) -> Write:
    """Give an open task beside other instants, another holder or link."""
    return put(keys.task(reference, task.number), _row(reference, task)).only_if(*_OPEN)


def end(reference: str, n: int, verdict: str, actor: str, at: int) -> Write:
    """End an open one; refuses a second time."""
    ended = update(keys.task(reference, n)).set(over=verdict, ended=at, actor=actor)
    off_the_lists = ended.remove("wpk", "wake_at", *keys.QUEUE[1:], "waits")
    return off_the_lists.only_if(*_OPEN)


def _row(reference: str, task: SideTask) -> Item:
    wake = {"wpk": keys.WAKE_URGENT, "wake_at": indexes.next_of(task)}
    queued = indexes.queued(reference, task)
    waits = {"waits": indexes.summary(task)} if queued else {}
    return {**task.model_dump(exclude_defaults=True), **wake, **queued, **waits}
