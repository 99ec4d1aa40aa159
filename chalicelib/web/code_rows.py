"""The row behind a mailed code: its MAC, its end, how often it was tried; never the code (B1)."""

from __future__ import annotations

from chalicelib.aws.clients import table
from chalicelib.aws.dynamodb import retrying
from chalicelib.aws.rate_limits import conditionally
from chalicelib.web import links

SK = "CODE"
PURPOSE = "status-code"


def _key(reference: str) -> dict[str, str]:
    return {"pk": f"CODE#{reference}", "sk": SK}


def _mac(reference: str, code: str) -> str:
    # Keyed: six digits behind a plain hash would be found in a second by who holds the table.
    return links.sign(PURPOSE, f"{reference}:{code}").partition(".")[2]


def keep(reference: str, code: str, expires: int) -> None:
    """Keep a code until ``expires`` (UTC seconds) in place of an earlier one. Raises TryAgain."""
    row = {**_key(reference), "mac": _mac(reference, code), "tries": 0, "expires_at": expires}
    retrying(lambda: table().put_item(Item=row))


def spend(reference: str, code: str, tries: int, now: int) -> bool:
    """True when ``code`` is the kept one, which then is spent. Each call is one of ``tries``.

    A wrong code, a late one, a spent one and one that was never there all give False.
    """
    answer = conditionally(
        lambda: table().update_item(
            Key=_key(reference),
            UpdateExpression="ADD tries :one",
            ConditionExpression="expires_at > :now AND tries < :most",
            ExpressionAttributeValues={":one": 1, ":now": now, ":most": tries},
            ReturnValues="ALL_NEW",
        )
    )
    kept = str(answer["Attributes"]["mac"]) if answer else ""
    if links.unsign(PURPOSE, f"{reference}:{code}.{kept}") is None:
        return False
    gone = conditionally(
        lambda: table().delete_item(
            Key=_key(reference),
            ConditionExpression="mac = :mac",
            ExpressionAttributeValues={":mac": kept},
        )
    )
    return gone is not None
