"""The action plans of a referral, every version kept in one row.

The log tells the same story; this row is what forms and pages read without reading the whole log.
It is written in the transaction of the command that writes the log entry.
"""

from __future__ import annotations

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Write, field, update
from chalicelib.referral.events import PlanTold
from chalicelib.referral.records import Plan, plan_of
from chalicelib.workflow.storage import keys


def versions(reference: str) -> list[Plan]:
    """Every version, oldest first; ``agreed`` and ``wish`` are known to the log only."""
    row = dynamodb.get(keys.plan(reference)) or {}
    stored: list[PlanTold] = row.get("versions", [])
    return [plan_of(one, n, int(one.get("at", 0))) for n, one in enumerate(stored, start=1)]


def latest(reference: str) -> Plan | None:
    """The newest version, or None."""
    found = versions(reference)
    return found[-1] if found else None


def added(reference: str, plan: PlanTold, at: int) -> Write:
    """Append a version."""
    return update(keys.plan(reference)).append("versions", {**plan, "at": at})


def joined(reference: str, join: str) -> list[Write]:
    """The newest version with another address to join; refuses when there is a newer."""
    count = len(versions(reference))
    if not count:
        return []
    changed = update(keys.plan(reference)).set_at(("versions", count - 1, "join"), join)
    return [changed.only_if(field("versions").has_size(count))]


def dropped(reference: str) -> list[Write]:
    """Remove the newest version again, if there is one; refuses when there is a newer."""
    count = len(versions(reference))
    if not count:
        return []
    shorter = update(keys.plan(reference)).remove(("versions", count - 1))
    return [shorter.only_if(field("versions").has_size(count))]
