"""On which days an address bounced for now: one small row an address, whoever it was written for.

The key is a hash: it is made of an address.
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, update

SK = "BOUNCES"
# What happened longer ago than this says nothing of an address.
KEEP_DAYS = 30


def note(address: str, day: date) -> int:
    """Note a bounce that may pass by itself; on how many days since a letter last arrived.

    Once or twice on one day is the same. Raises TryAgain.
    """
    oldest = day - timedelta(days=KEEP_DAYS)
    end = day + timedelta(days=KEEP_DAYS)
    noted = update(_key(address)).add("days", {day.isoformat()})
    row = dynamodb.updated(noted.set(expires_at=(end - date(1970, 1, 1)).days * 86400)) or {}
    # Expired rows stay visible for up to two days: the days are compared here.
    return sum(str(one) >= oldest.isoformat() for one in row["days"])


def forget(address: str) -> None:
    """A letter arrived, or somebody is asked about the address: it starts from zero again.

    A row is only written where there is one, for almost every letter arrives.
    """
    key = _key(address)
    if (dynamodb.get(key) or {}).get("days"):
        dynamodb.write(update(key).remove("days"))


def _key(address: str) -> Key:
    digest = hashlib.sha256(address.strip().casefold().encode()).hexdigest()[:40]
    return Key(f"BOUNCES#{digest}", SK)
