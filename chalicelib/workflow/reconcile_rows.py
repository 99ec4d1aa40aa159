"""All referrals at once, for the reconciler: who should have a run, their states, and its records."""

from __future__ import annotations

from typing import Any

from chalicelib.aws import dynamodb
from chalicelib.aws.clients import table
from chalicelib.workflow import indexes, keys, store
from chalicelib.workflow.cases import Referral

Item = dict[str, Any]
ROUNDS = "RECONCILED"
# The row that asks for a round now; the clock is woken by it.
WISH = "RECONCILE"
KEEP_SECONDS = 90 * 86400
FINDINGS_KEPT = 50


def expecting() -> list[str]:
    """Every referral that may expect a run: the open board, and closed ones with a wake-up.

    Both indexes lag: nothing may be decided from them (F29).
    """
    from boto3.dynamodb.conditions import Key

    found: dict[str, None] = {}
    start: Item | None = None
    while True:
        rows, start = indexes.board("open", limit=1000, start=start)
        found |= dict.fromkeys(str(row["reference"]) for row in rows)
        if start is None:
            break
    more: Item = {}
    while True:
        page = _query(more, Key("wpk").eq(keys.WAKE_PARTITION))
        rows = page["Items"]
        found |= dict.fromkeys(keys.reference_of(r["pk"]) for r in rows if r["sk"] == keys.STATE)
        if "LastEvaluatedKey" not in page:
            return list(found)
        more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def _query(more: Item, condition: Any) -> Any:
    return dynamodb.retrying(
        lambda: table().query(IndexName=keys.WAKE, KeyConditionExpression=condition, **more)
    )


def states(references: list[str]) -> dict[str, Referral]:
    """The states of many referrals, 100 a call (half a read unit each); unknown ones are left out."""
    found: dict[str, Referral] = {}
    name = table().name
    for begin in range(0, len(references), 100):
        wanted: Item = {
            name: {
                "Keys": [
                    {"pk": keys.referral_pk(reference), "sk": keys.STATE}
                    for reference in references[begin : begin + 100]
                ]
            }
        }
        while wanted:
            page = _batch(wanted)
            for row in page["Responses"].get(name, []):
                reference = keys.reference_of(str(row["pk"]))
                found[reference] = store.state_of(reference, dynamodb.plain(row))
            wanted = page.get("UnprocessedKeys") or {}
    return found


def _batch(wanted: Item) -> Any:
    return dynamodb.retrying(lambda: table().meta.client.batch_get_item(RequestItems=wanted))


def note_round(at: int, row: Item) -> None:
    """Keep what one round of the reconciler found, for 90 days; its findings are bounded."""
    findings = row.get("findings", [])
    kept = {**row, "findings": findings[:FINDINGS_KEPT], "more": len(findings[FINDINGS_KEPT:])}
    key = {"pk": ROUNDS, "sk": f"{at:011d}"}
    dynamodb.put({**key, **kept, "at": at, "expires_at": at + KEEP_SECONDS})


def rounds(limit: int = 20) -> list[Item]:
    """The newest rounds, the newest first."""
    from boto3.dynamodb.conditions import Key

    page = dynamodb.retrying(
        lambda: table().query(
            KeyConditionExpression=Key("pk").eq(ROUNDS), Limit=limit, ScanIndexForward=False
        )
    )
    return [dynamodb.plain(row) for row in page["Items"]]


def wish(at: int, by: str) -> None:
    """Ask for a round now: the clock's next minute begins it."""
    row = {"pk": WISH, "sk": WISH, "by": by, "at": at, "wpk": keys.WAKE_PARTITION, "wake_at": at}
    dynamodb.put(row)


def wished() -> Item:
    """The last wish, with ``wake_at`` while it waits; empty for none."""
    return dynamodb.get(WISH, WISH, consistent=True) or {}


def wish_done(at: int) -> None:
    """The wish is done; one that came meanwhile stays."""
    from botocore.exceptions import ClientError

    try:
        dynamodb.retrying(
            lambda: table().update_item(
                Key={"pk": WISH, "sk": WISH},
                UpdateExpression="REMOVE wpk, wake_at",
                ConditionExpression="#at <= :at",
                ExpressionAttributeNames={"#at": "at"},
                ExpressionAttributeValues={":at": at},
            )
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
