"""How often something may be done: counters that forget."""

from __future__ import annotations

import hashlib

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, field, put, update

SK = "LIMIT"
# Letters an hour to one address that somebody who is not signed in can set off.
UNASKED, HOUR = 3, 3600


def allow(kind: str, key: str, limit: int, seconds: int, now: int) -> bool:
    """Count one use of ``key``; False when it was used ``limit`` times in the running window.

    The window of ``seconds`` begins with the first use after ``now`` has passed the last one. The
    count is one atomic write, so two presses at once are two uses. Keys are stored as a hash: they
    may be addresses.
    """
    digest = hashlib.sha256(f"{kind}|{key}".encode()).hexdigest()[:40]
    row = Key(f"LIMIT#{kind}#{digest}", SK)
    # Most counts are the first of their window, and a refused write costs as much as one.
    return any(_begins(row, now, now + seconds) or _counts(row, limit, now) for _ in range(2))


def mail_to(address: str, now: int) -> bool:
    """Count one letter to ``address`` that a person who is not signed in sets off.

    Every such trigger counts here, whatever the letter is: status code, fresh link, way back to a
    draft. False when the address has had its letters of this hour; then nothing is sent, and the
    page says the same.
    """
    return allow("mail-address", address.strip().casefold(), UNASKED, HOUR, now)


def _begins(row: Key, now: int, end: int) -> bool:
    over = field("pk").absent() | field("expires_at").at_most(now)
    return dynamodb.write(put(row, {"used": 1, "expires_at": end}).only_if(over))


def _counts(row: Key, limit: int, now: int) -> bool:
    # Expired rows stay visible for up to two days: the window is compared here.
    counted = update(row).add("used", 1)
    return dynamodb.write(
        counted.only_if(field("expires_at").more_than(now), field("used").less_than(limit))
    )
