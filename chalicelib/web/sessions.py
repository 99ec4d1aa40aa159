"""Sessions of the console: a row on our side, a random number in the browser.

The row's key is the number's hash, so a copy of the table signs nobody in. A session ends when it
is deleted, when its time is over, or when its member of staff is no longer active.
"""

from __future__ import annotations

import hashlib
import secrets

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, create, delete
from chalicelib.domain.plain.values import frozen

SESSION_SECONDS = 10 * 3600
_SK = "SESSION"


@frozen
class Session:
    """Who signed in (``staff``, the id of a staff row), until when (UTC seconds). What they may do is
    in that row, today's."""

    key: str
    staff: str
    expires_at: int


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _row(key: str) -> Key:
    return Key(f"SESSION#{key}", _SK)


def begin(staff: str, now: int) -> str:
    """Record a new session and return the secret that names it, for the cookie and nothing else."""
    token = secrets.token_urlsafe(32)
    row = {"staff": staff, "at": now, "expires_at": now + SESSION_SECONDS}
    dynamodb.write(create(_row(_hash(token)), row))
    return token


def find(token: str, now: int) -> Session | None:
    """The live session behind a cookie, or None: unknown, ended, or over (TTL deletes late)."""
    if not token:
        return None
    key = _hash(token)
    # A session that is a moment old may not be everywhere yet: a miss is looked at again.
    row = dynamodb.get(_row(key)) or dynamodb.get(_row(key), consistent=True)
    if row is None or int(row["expires_at"]) <= now:
        return None
    return Session(key, str(row["staff"]), int(row["expires_at"]))


def end(token: str) -> None:
    """Delete a session; one that is gone already is fine."""
    if not token:
        return
    dynamodb.write(delete(_row(_hash(token))))
