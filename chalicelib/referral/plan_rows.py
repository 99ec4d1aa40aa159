"""The action plans of a referral, every version kept in one row (G2).

The log tells the same story; this row is what forms and pages read without reading the whole log.
It is written in the transaction of the command that writes the log entry.
"""

from __future__ import annotations

from typing import Any

from chalicelib.aws import dynamodb
from chalicelib.referral.records import Plan, plan_of
from chalicelib.workflow import keys

Item = dict[str, Any]


def versions(reference: str) -> list[Plan]:
    """Every version, oldest first; ``agreed`` and ``wish`` are known to the log only."""
    row = dynamodb.get(keys.referral_pk(reference), keys.PLAN) or {}
    stored: list[Item] = row.get("versions", [])
    return [plan_of(one, n, int(one.get("at", 0))) for n, one in enumerate(stored, start=1)]


def latest(reference: str) -> Plan | None:
    """The newest version, or None."""
    found = versions(reference)
    return found[-1] if found else None


def added(reference: str, plan: Item, at: int) -> Item:
    """Transaction member that appends a version."""
    return {
        "Update": {
            "Key": {"pk": keys.referral_pk(reference), "sk": keys.PLAN},
            "UpdateExpression": "SET #v = list_append(if_not_exists(#v, :none), :one)",
            "ExpressionAttributeNames": {"#v": "versions"},
            "ExpressionAttributeValues": {":none": [], ":one": [{**plan, "at": at}]},
        }
    }


def dropped(reference: str) -> list[Item]:
    """Transaction members that remove the newest version again; it refuses when there is a newer."""
    count = len(versions(reference))
    if not count:
        return []
    return [
        {
            "Update": {
                "Key": {"pk": keys.referral_pk(reference), "sk": keys.PLAN},
                "UpdateExpression": f"REMOVE #v[{count - 1}]",
                "ConditionExpression": "size(#v) = :count",
                "ExpressionAttributeNames": {"#v": "versions"},
                "ExpressionAttributeValues": {":count": count},
            }
        }
    ]
