"""On which days an address bounced for now: one small row an address, whoever it was written for (L3).

The key is a hash: it is made of an address.
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from chalicelib.aws import dynamodb
from chalicelib.aws.clients import table

SK = "BOUNCES"
# What happened longer ago than this says nothing of an address.
KEEP_DAYS = 30


def note(address: str, day: date) -> int:
    """Note a bounce that may pass by itself; on how many days since a letter last arrived.

    Once or twice on one day is the same. Raises TryAgain.
    """
    oldest = day - timedelta(days=KEEP_DAYS)
    end = day + timedelta(days=KEEP_DAYS)
    answer = dynamodb.retrying(
        lambda: table().update_item(
            Key=_key(address),
            UpdateExpression="ADD days :day SET expires_at = :end",
            ExpressionAttributeValues={
                ":day": {day.isoformat()}, ":end": (end - date(1970, 1, 1)).days * 86400,
            },
            ReturnValues="ALL_NEW",
        )
    )  # fmt: skip
    # Expired rows stay visible for up to two days: the days are compared here (F32).
    return sum(str(one) >= oldest.isoformat() for one in answer["Attributes"]["days"])


def forget(address: str) -> None:
    """A letter arrived, or somebody is asked about the address: it starts from zero again.

    A row is only written where there is one, for almost every letter arrives.
    """
    key = _key(address)
    if (dynamodb.get(key["pk"], key["sk"]) or {}).get("days"):
        dynamodb.update({"Key": key, "UpdateExpression": "REMOVE days"})


def _key(address: str) -> dict[str, str]:
    digest = hashlib.sha256(address.strip().casefold().encode()).hexdigest()[:40]
    return {"pk": f"BOUNCES#{digest}", "sk": SK}
