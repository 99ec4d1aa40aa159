"""The rows of tasks beside the lifecycle: an address to repair, a safety flag, an approval.

They share the numbers and links of the referral's own tasks and need no run: each has its own
wake-up on the clock's index (I8). An ended one stays as the record of who answered what.
"""

from __future__ import annotations

from typing import Any

from chalicelib.aws import dynamodb
from chalicelib.workflow import indexes, keys
from chalicelib.workflow.cases import Task

Item = dict[str, Any]


class SideTask(Task):
    """A task beside. ``over`` is the verdict that ended it, empty while it is open."""

    over: str = ""
    ended: int = 0
    actor: str = ""


def get(reference: str, n: int) -> SideTask | None:
    """Task beside ``n`` of a referral, open or ended; None if there is none of that number."""
    row = dynamodb.get(keys.referral_pk(reference), keys.task_sk(n), consistent=True)
    return None if row is None else SideTask.model_validate(row)


def of(reference: str) -> list[SideTask]:
    """Every task beside of a referral, oldest first."""
    rows = dynamodb.query(keys.referral_pk(reference), keys.TASK)
    return [SideTask.model_validate(row) for row in rows]


def put(reference: str, task: SideTask) -> Item:
    """Transaction member that begins a task beside."""
    item = {**_key(reference, task.number), **task.model_dump(exclude_defaults=True), **_wake(task)}
    return {"Put": {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}


def rewrite(reference: str, task: SideTask) -> Item:
    """Transaction member that gives an open task beside other instants, another holder or link."""
    item = {**_key(reference, task.number), **task.model_dump(exclude_defaults=True), **_wake(task)}
    return {
        "Put": {
            "Item": item,
            "ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(#over)",
            "ExpressionAttributeNames": {"#over": "over"},
        }
    }


def end(reference: str, n: int, verdict: str, actor: str, at: int) -> Item:
    """Transaction member that ends an open one; it refuses a second time (I4)."""
    return {
        "Update": {
            "Key": _key(reference, n),
            "UpdateExpression": "SET #over = :over, ended = :at, actor = :actor REMOVE wpk, wake_at",
            "ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(#over)",
            "ExpressionAttributeNames": {"#over": "over"},
            "ExpressionAttributeValues": {":over": verdict, ":at": at, ":actor": actor},
        }
    }


def _key(reference: str, n: int) -> Item:
    return {"pk": keys.referral_pk(reference), "sk": keys.task_sk(n)}


def _wake(task: Task) -> Item:
    return {"wpk": keys.WAKE_PARTITION, "wake_at": indexes.next_of(task)}
