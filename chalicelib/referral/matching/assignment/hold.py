"""Incidents whose requests are collected: they wait in line until staff assign all of them together.

A row each. It counts while its incident does, so that nothing waits for an assignment that nobody makes
anymore; the wait of each request has its own end besides.
"""

from __future__ import annotations

from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, delete, put
from chalicelib.directory import emergencies

PK: Final = "COLLECTED"


def collect(incident: str, by: str, at: int) -> None:
    """Let the requests of an incident wait; again is fine."""
    dynamodb.write(put(Key(PK, incident), {"by": by, "since": at}))


def release(incident: str) -> None:
    """Let them be offered one by one again."""
    dynamodb.write(delete(Key(PK, incident)))


def held(at: int) -> frozenset[str]:
    """The incidents in force whose requests are collected."""
    rows = {str(row["sk"]) for row in dynamodb.query(PK)}
    return (
        frozenset(one.id for one in emergencies.in_force(at) if one.id in rows)
        if rows
        else frozenset()
    )
