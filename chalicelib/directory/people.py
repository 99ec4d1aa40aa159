"""The people of the Network: consultants and staff, and the capacity that consultants hold.

A consultant's load is the set of references in ``held``: a set cannot be counted twice (I11).
"""

from __future__ import annotations

import time
from typing import Any

from chalicelib.aws import dynamodb
from chalicelib.domain.errors import NotFound

Item = dict[str, Any]
CONSULTANTS = "CONSULTANTS"
STAFF = "STAFF"
_FRESH = 30.0
_seen: dict[str, tuple[float, list[Item]]] = {}


def _all(pk: str, *, fresh: bool) -> list[Item]:
    at, rows = _seen.get(pk, (0.0, []))
    if fresh or not rows or time.monotonic() - at > _FRESH:
        rows = [{**row, "id": row["sk"]} for row in dynamodb.query(pk)]
        _seen[pk] = (time.monotonic(), rows)
    return rows


def consultants() -> list[Item]:
    """Every consultant with today's ``load``, as the matching rules read them."""
    rows = _all(CONSULTANTS, fresh=True)
    return [{**row, "load": len(row.get("held", []))} for row in rows]


def consultant(key: str) -> Item:
    """Name, address and language of a consultant (at most 30 s old); empty when unknown."""
    return next((r for r in _all(CONSULTANTS, fresh=False) if r["id"] == key), {})


def staff() -> list[Item]:
    """Every member of staff (at most 30 s old)."""
    return _all(STAFF, fresh=False)


def staff_member(key: str) -> Item:
    """A member of staff by id; empty when unknown."""
    return next((r for r in staff() if r["id"] == key), {})


def in_charge(role: str, county: str) -> str:
    """The id of who does ``role`` for a county: the first by id, active, whose counties have it."""
    known = [r for r in staff() if r.get("role") == role and r.get("active", True)]
    able = sorted(known, key=lambda r: str(r["id"]))
    for row in able:
        counties = row.get("counties", "all")
        if counties == "all" or "all" in counties or county in counties:
            return str(row["id"])
    return str(able[0]["id"]) if able else ""


def reserve_place(consultant_id: str, reference: str, now: int) -> Item:
    """Transaction member that gives a referral one of a consultant's places, or refuses."""
    return {
        "Update": {
            "Key": {"pk": CONSULTANTS, "sk": consultant_id},
            "UpdateExpression": "ADD held :one SET last_offered_at = :now",
            "ConditionExpression": "attribute_exists(pk) AND active = :yes"
            " AND (attribute_not_exists(held) OR size(held) < cap)"
            " AND NOT contains(held, :reference)",
            "ExpressionAttributeValues": {
                ":one": {reference},
                ":reference": reference,
                ":now": now,
                ":yes": True,
            },
        }
    }


def release_place(consultant_id: str, reference: str) -> Item:
    """Transaction member that returns the place; it refuses a second time (I9)."""
    return {
        "Update": {
            "Key": {"pk": CONSULTANTS, "sk": consultant_id},
            "UpdateExpression": "DELETE held :one",
            "ConditionExpression": "contains(held, :reference)",
            "ExpressionAttributeValues": {":one": {reference}, ":reference": reference},
        }
    }


def pause_offers(consultant_id: str, paused: bool) -> None:
    """Let a consultant get no new offers, or get them again; open ones stay (E2). Idempotent.

    Raises NotFound for an unknown id and TryAgain.
    """
    set_fields(consultant_id, {"paused_offers": True if paused else None})


def set_fields(consultant_id: str, fields: Item) -> None:
    """Set fields of a consultant's row; None removes one. Capacity (``held``) is no such field.

    Raises NotFound for an unknown id and TryAgain.
    """
    if "held" in fields or not fields:
        raise ValueError("capacity changes with its referral only")
    names = {f"#f{i}": name for i, name in enumerate(fields)}
    sets = [f"#f{i} = :f{i}" for i, value in enumerate(fields.values()) if value is not None]
    gone = [f"#f{i}" for i, value in enumerate(fields.values()) if value is None]
    parts = [f"SET {', '.join(sets)}" if sets else "", f"REMOVE {', '.join(gone)}" if gone else ""]
    values = {f":f{i}": value for i, value in enumerate(fields.values()) if value is not None}
    request: Item = {
        "Key": {"pk": CONSULTANTS, "sk": consultant_id},
        "UpdateExpression": " ".join(part for part in parts if part),
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeNames": names,
    }
    if values:
        request["ExpressionAttributeValues"] = values
    if not dynamodb.update(request):
        raise NotFound(consultant_id)
    forget()


def flag_email(to: str, email: str) -> Item:
    """Transaction member that marks a person's address as not working; it refuses a second time.

    ``to`` is ``consultant:id`` or ``staff:id``.
    """
    return {
        "Update": {
            "Key": _key(to),
            "UpdateExpression": "SET email_bad = :email",
            "ConditionExpression": "email = :email"
            " AND (attribute_not_exists(email_bad) OR email_bad <> :email)",
            "ExpressionAttributeValues": {":email": email},
        }
    }


def mend_email(to: str, email: str, bad: str) -> Item:
    """Transaction member that gives a person another address in place of ``bad``."""
    return {
        "Update": {
            "Key": _key(to),
            "UpdateExpression": "SET email = :email REMOVE email_bad",
            "ConditionExpression": "email_bad = :bad",
            "ExpressionAttributeValues": {":email": email, ":bad": bad},
        }
    }


def _key(to: str) -> Item:
    role, _, who = to.partition(":")
    return {"pk": CONSULTANTS if role == "consultant" else STAFF, "sk": who}


def forget() -> None:
    """Read everybody anew at the next look."""
    _seen.clear()
