"""The engine's token of each wait, as a row of its own.

A real token has some 700 characters. In the state row it would ride through every command while a
person thinks, and in an answer's entry it would fill the log. Both carry a short fingerprint instead,
and only the outbox looks the token up. The row is written before the command that names it.
"""

from __future__ import annotations

import hashlib

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import put
from chalicelib.workflow.storage import keys

# No run waits longer than a year; then the table forgets the token by itself.
KEPT_SECONDS = 400 * 86400


def fingerprint(token: str) -> str:
    """What names a token in the state row, in the log and in effects; empty for no token."""
    return hashlib.sha256(token.encode()).hexdigest()[:12] if token else ""


def keep(reference: str, token: str, at: int) -> str:
    """Store a token and return its fingerprint. The same token again is the same row."""
    mark = fingerprint(token)
    row = {"token": token, "expires_at": at + KEPT_SECONDS}
    dynamodb.write(put(keys.token(reference, mark), row))
    return mark


def find(reference: str, mark: str) -> str:
    """The token behind a fingerprint; empty when there is none (any more)."""
    key = keys.token(reference, mark)
    row = dynamodb.get(key) or dynamodb.get(key, consistent=True)
    return str(row["token"]) if row else ""
