"""Letters that somebody does not want: what is not part of their own case, and can be left with one press.

A row an address, found by what it is in a key (``contacts.hashed``): nobody who reads keys learns whose.
"""

from __future__ import annotations

from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, update
from chalicelib.directory.contacts import hashed

ROW: Final = "UNWANTED"
# Invitations to what somebody could do while they wait.
INVITATIONS: Final = "invitations"


def unwanted(email: str, what: str) -> bool:
    """Whether an address asked for none of these. Raises TryAgain."""
    row = dynamodb.get(_key(email), consistent=True)
    return row is not None and what in row.get("kinds", ())


def leave(email: str, what: str, now: int) -> None:
    """Send an address none of these from now on. Idempotent."""
    dynamodb.write(update(_key(email)).add("kinds", {what}).set(at=now))


def _key(email: str) -> Key:
    return Key(f"{ROW}#{hashed(f'email|{email.strip().casefold()}')}", ROW)
