"""How often something may be done: counters that forget.

What strangers ask for is counted apart from what its owner does, so that nobody uses up what somebody
else needs: an owner is known by what a stranger cannot have, a pressed link or a browser that showed
a mailed code before.
"""

from __future__ import annotations

import hashlib

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, field, put, update

SK = "LIMIT"
# Letters an hour, for each purpose, to one address that strangers set off; and by one pressed link.
LETTERS, HOUR = 3, 3600
# More letters of a purpose an hour to one address, for links that several browsers hold: all of its
# links share them, so that a new link always has its first three.
MORE = 12
# Agencies and centers share one address of the network: whoever writes to many is slowed down there.
FROM_ONE_NETWORK = 30


def allow(kind: str, key: str, limit: int, seconds: int, now: int) -> bool:
    """Count one use of ``key``; False when it was used ``limit`` times in the running window.

    The window of ``seconds`` begins with the first use after ``now`` has passed the last one. The
    count is one atomic write, so two presses at once are two uses. Keys are stored as a hash: they
    may be addresses.
    """
    row = _row(kind, key)
    # Most counts are the first of their window, and a refused write costs as much as one.
    return any(_begins(row, now, now + seconds) or _counts(row, limit, now) for _ in range(2))


def used(kind: str, key: str, now: int) -> int:
    """How often ``key`` was used in the running window."""
    row = dynamodb.get(_row(kind, key), consistent=True)
    return int(row["used"]) if row is not None and int(row["expires_at"]) > now else 0


def _row(kind: str, key: str) -> Key:
    digest = hashlib.sha256(f"{kind}|{key}".encode()).hexdigest()[:40]
    return Key(f"LIMIT#{kind}#{digest}", SK)


def mail_to(
    purpose: str, address: str, now: int, *, own: str = "", source: str = "", shared: bool = False
) -> bool:
    """Count one letter of a ``purpose`` to ``address``; False when there were enough in this hour. Then
    nothing is sent, and the page says the same.

    ``own``: what shows that the owner of the address asks; each has a count of its own. Without it a
    stranger may be asking, from the network address ``source``; one that asked too often spends
    nothing of whom it asks for. ``shared``: several browsers may hold ``own``, and the caller counts for
    each of them.
    """
    to = address.strip().casefold()
    if own:
        return allow("mail-own", f"{purpose}|{to}|{own}", LETTERS, HOUR, now) or (
            shared and allow("mail-more", f"{purpose}|{to}", MORE, HOUR, now)
        )
    if source and not allow("mail-source", f"{purpose}|{source}", FROM_ONE_NETWORK, HOUR, now):
        return False
    return allow("mail-address", f"{purpose}|{to}", LETTERS, HOUR, now)


def _begins(row: Key, now: int, end: int) -> bool:
    over = field("pk").absent() | field("expires_at").at_most(now)
    return dynamodb.write(put(row, {"used": 1, "expires_at": end}).only_if(over))


def _counts(row: Key, limit: int, now: int) -> bool:
    # Expired rows stay visible for up to two days: the window is compared here.
    counted = update(row).add("used", 1)
    return dynamodb.write(
        counted.only_if(field("expires_at").more_than(now), field("used").less_than(limit))
    )
