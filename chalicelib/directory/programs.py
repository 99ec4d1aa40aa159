"""Local programs that give consultation beside the Network: which counties each serves, and whether it
takes referrals now."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import known_fields
from chalicelib.aws.writes import Key, put
from chalicelib.domain.plain.values import frozen

PARTITION: Final = "AGENCIES"


@frozen
class Program:
    """A program by the id of its record; ``organization``, ``phone`` and ``url`` are "" when not known."""

    id: str
    name: str
    counties: tuple[str, ...]
    open: bool
    organization: str = ""
    phone: str = ""
    url: str = ""
    demo: bool = False


def programs() -> list[Program]:
    """Every program, by name."""
    rows = dynamodb.query(PARTITION)
    found = [
        Program(**known_fields(Program, row) | {"counties": tuple(row["counties"])}) for row in rows
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def serves(county: str) -> bool:
    """Whether a program that takes referrals now serves a county."""
    return any(
        row.get("open") and county in row.get("counties", []) for row in dynamodb.query(PARTITION)
    )


def save(one: Program) -> None:
    """Write a program, in place of what was known of it."""
    row = {name: value for name, value in asdict(one).items() if value not in ("", False)}
    dynamodb.write(put(Key(PARTITION, one.id), row | {"open": one.open}))
