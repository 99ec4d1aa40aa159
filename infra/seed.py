"""Put the demo network (infra/seed_data.py) into an empty local stack. Never used on AWS."""

from __future__ import annotations

from typing import Any

from infra import seed_data
from infra.journal import put_back

PASSWORD = "Demo-network-2026"

# Programs of the directory that stand beside the Network: one takes referrals, one does not.
_AGENCIES: tuple[tuple[str, str, tuple[str, ...], bool], ...] = (
    ("demo-bay", "Demo Bay local consultation program", ("san_francisco",), True),
    ("demo-coast", "Demo Coast local consultation program", ("humboldt", "del_norte"), False),
)


def rows() -> list[dict[str, Any]]:
    """Every row of the demo network, as plain values."""
    agencies = [
        {"id": key, "name": name, "counties": list(counties), "open": takes, "demo": True}
        for key, name, counties, takes in _AGENCIES
    ]
    parts = {
        "CONSULTANTS": seed_data.consultants(),
        "STAFF": seed_data.staff(),
        "SITES": seed_data.sites(),
        "AGENCIES": agencies,
    }
    return [{"pk": pk, "sk": row["id"], **row} for pk, found in parts.items() for row in found]


def logins() -> dict[str, dict[str, str]]:
    """Who can sign in to a local console: staff id -> name, email, group and password."""
    return {
        row["id"]: {
            "name": row["name"],
            "email": row["email"],
            "group": row["role"],
            "password": PASSWORD,
        }
        for row in seed_data.staff()
    }


def seed(dynamodb: Any, table: str) -> int:
    """Write the demo network; returns the number of rows."""
    from boto3.dynamodb.types import TypeSerializer

    write = TypeSerializer().serialize
    found = rows()
    put_back(dynamodb, table, [{k: write(v) for k, v in row.items()} for row in found])
    return len(found)
