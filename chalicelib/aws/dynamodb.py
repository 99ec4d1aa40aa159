"""The one table, row by row: plain values in and out, and what is tried again (F24, F26)."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from chalicelib.aws.clients import table
from chalicelib.domain.errors import TryAgain

Item = dict[str, Any]

TRIES = 6


def plain(value: Any) -> Any:
    """DynamoDB's Decimals and sets as ints, floats and sorted lists."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(v) for v in value)
    return value


def size(value: Any) -> int:
    """About how many bytes DynamoDB counts for a value (its own rule, rounded up)."""
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, bool) or value is None:
        return 1
    if isinstance(value, int | float | Decimal):
        return (len(str(value)) + 1) // 2 + 1
    if isinstance(value, dict):
        return 3 + sum(1 + len(k.encode()) + size(v) for k, v in value.items())
    return 3 + sum(1 + size(v) for v in value)


def image(attributes: Item | None) -> Item:
    """A stream record's image as plain values; empty for none."""
    from boto3.dynamodb.types import TypeDeserializer

    read = TypeDeserializer().deserialize
    return {k: plain(read(v)) for k, v in (attributes or {}).items()}


def retrying(call: Callable[[], Any]) -> Any:
    """Run an AWS call; throttles and broken connections become TryAgain after bounded tries (F24).

    botocore makes three tries of its own; a transaction conflict is tried again here (F26).
    """
    from botocore.exceptions import BotoCoreError, ClientError

    for attempt in range(TRIES):
        try:
            return call()
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in ("ConditionalCheckFailedException", "ResourceNotFoundException"):
                raise
            reasons = {r.get("Code") for r in error.response.get("CancellationReasons", [])}
            if code == "TransactionCanceledException" and "ConditionalCheckFailed" in reasons:
                raise
            busy = code in (
                "TransactionCanceledException",
                "TransactionConflictException",
                "TransactionInProgressException",
                "ProvisionedThroughputExceededException",
                "ThrottlingException",
                "RequestLimitExceeded",
                "InternalServerError",
            )
            if not busy:
                raise
            if attempt == TRIES - 1:
                raise TryAgain(code) from error
        except BotoCoreError as error:
            if attempt >= 1:
                raise TryAgain(type(error).__name__) from error
        time.sleep(random.uniform(0.01, 0.04 * 2**attempt))
    raise TryAgain("busy")


def get(pk: str, sk: str, *, consistent: bool = False) -> Item | None:
    """One row as plain values, or None."""
    answer = retrying(lambda: table().get_item(Key={"pk": pk, "sk": sk}, ConsistentRead=consistent))
    row: Item | None = plain(answer["Item"]) if "Item" in answer else None
    return row


def query(pk: str, prefix: str = "", *, consistent: bool = False) -> list[Item]:
    """Every row of a partition whose sort key begins with ``prefix``, in order."""
    from boto3.dynamodb.conditions import Key

    condition: Any = Key("pk").eq(pk)
    if prefix:
        condition = condition & Key("sk").begins_with(prefix)
    rows: list[Item] = []
    start: dict[str, Any] = {}

    def turn(more: Item) -> Any:
        return retrying(
            lambda: table().query(
                KeyConditionExpression=condition, ConsistentRead=consistent, **more
            )
        )

    while True:
        page = turn(start)
        rows += [plain(row) for row in page["Items"]]
        if "LastEvaluatedKey" not in page:
            return rows
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def put(row: Item) -> None:
    """Write a row that only the next command will refer to."""
    retrying(lambda: table().put_item(Item=row))


def update(request: Item) -> bool:
    """Update one row that is no referral's state; False when its condition failed."""
    return _unless_refused(lambda: table().update_item(**request))


def delete(request: Item) -> bool:
    """Remove one row that is no referral's state; False when its condition failed."""
    return _unless_refused(lambda: table().delete_item(**request))


def _unless_refused(call: Callable[[], Any]) -> bool:
    try:
        retrying(call)
    except Exception as error:
        if not refused(error):
            raise
        return False
    return True


def refused(error: Exception) -> bool:
    """Whether an error says that a condition did not hold."""
    return failed_members(error) is not None


def failed_members(error: Exception) -> list[int] | None:
    """Which members failed their condition, or None when the error is another one."""
    response = getattr(error, "response", None)
    if not response:
        return None
    if response["Error"]["Code"] == "ConditionalCheckFailedException":
        return [0]
    reasons = response.get("CancellationReasons", [])
    failed = [i for i, r in enumerate(reasons) if r.get("Code") == "ConditionalCheckFailed"]
    return failed or None
