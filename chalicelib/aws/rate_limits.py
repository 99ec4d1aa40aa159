"""How often something may be done: counters that forget (S8, S44, S45)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from chalicelib.aws.clients import table
from chalicelib.aws.dynamodb import retrying

SK = "LIMIT"
# Letters an hour to one address that somebody who is not signed in can set off (S45).
UNASKED, HOUR = 3, 3600


def conditionally(call: Callable[[], Any]) -> Any:
    """The answer of a conditional write, or None when its condition did not hold.

    Raises TryAgain when the table is busy.
    """
    from botocore.exceptions import ClientError

    try:
        return retrying(call)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return None


def allow(kind: str, key: str, limit: int, seconds: int, now: int) -> bool:
    """Count one use of ``key``; False when it was used ``limit`` times in the running window.

    The window of ``seconds`` begins with the first use after ``now`` has passed the last one. The
    count is one atomic write, so two presses at once are two uses. Keys are stored as a hash: they
    may be addresses.
    """
    digest = hashlib.sha256(f"{kind}|{key}".encode()).hexdigest()[:40]
    row = {"pk": f"LIMIT#{kind}#{digest}", "sk": SK}
    for _ in range(2):
        # Most counts are the first of their window, and a refused write costs as much as one.
        if conditionally(lambda: _begin(row, now, now + seconds)) is not None:
            return True
        if conditionally(lambda: _count(row, limit, now)) is not None:
            return True
    return False


def mail_to(address: str, now: int) -> bool:
    """Count one letter to ``address`` that a person who is not signed in sets off (S45).

    Every such trigger counts here, whatever the letter is: status code, fresh link, way back to a
    draft. False when the address has had its letters of this hour; then nothing is sent, and the
    page says the same.
    """
    return allow("mail-address", address.strip().casefold(), UNASKED, HOUR, now)


def _count(row: dict[str, str], limit: int, now: int) -> Any:
    # Expired rows stay visible for up to two days: the window is compared here (F32).
    return table().update_item(
        Key=row,
        UpdateExpression="ADD used :one",
        ConditionExpression="expires_at > :now AND used < :limit",
        ExpressionAttributeValues={":one": 1, ":now": now, ":limit": limit},
    )


def _begin(row: dict[str, str], now: int, end: int) -> Any:
    return table().put_item(
        Item={**row, "used": 1, "expires_at": end},
        ConditionExpression="attribute_not_exists(pk) OR expires_at <= :now",
        ExpressionAttributeValues={":now": now},
    )
