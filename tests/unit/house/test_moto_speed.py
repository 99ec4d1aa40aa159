"""The short way to moto says what the long way says, and refuses what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests import moto_short
from tests.conftest import ENVIRONMENT
from tests.moto_speed import emptied

Json = dict[str, Any]
TABLE = ENVIRONMENT["TABLE_NAME"]
ROW = {
    "pk": {"S": "CASE#1"},
    "sk": {"S": "STATE"},
    "gsi1pk": {"S": "OPEN"},
    "gsi1sk": {"S": "1"},
    "n": {"N": "1.50"},
    "yes": {"BOOL": True},
    "none": {"NULL": True},
    "names": {"SS": ["a", "b"]},
    "deep": {"M": {"list": {"L": [{"S": "x"}, {"M": {"B": {"S": "y"}}}]}}},
}
KEY = {"pk": ROW["pk"], "sk": ROW["sk"]}
OTHER = {"pk": {"S": "CASE#2"}, "sk": {"S": "STATE"}}
ABSENT = "attribute_not_exists(pk)"
ALL_OF_1 = {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": ROW["pk"]}}
CALLS: list[tuple[str, Json]] = [
    ("get_item", {"Key": KEY}),
    ("put_item", {"Item": ROW, "ConditionExpression": ABSENT}),
    ("put_item", {"Item": ROW, "ConditionExpression": ABSENT}),
    ("put_item", {"Item": {**ROW, **OTHER}, "ReturnValues": "ALL_OLD"}),
    ("get_item", {"Key": KEY, "ConsistentRead": True}),
    ("get_item", {"Key": KEY, "ProjectionExpression": "n, deep"}),
    ("query", ALL_OF_1),
    ("query", {**ALL_OF_1, "Limit": 1, "ScanIndexForward": False}),
    (
        "query",
        {
            "IndexName": "board",
            "KeyConditionExpression": "gsi1pk = :p",
            "ExpressionAttributeValues": {":p": {"S": "OPEN"}},
        },
    ),
    (
        "update_item",
        {
            "Key": KEY,
            "UpdateExpression": "SET n = n + :one REMOVE yes",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
            "ReturnValues": "ALL_NEW",
        },
    ),
    ("update_item", {"Key": KEY, "UpdateExpression": "SET pk = :one",
                     "ExpressionAttributeValues": {":one": {"N": "1"}}}),
    ("delete_item", {"Key": OTHER, "ReturnValues": "ALL_OLD"}),
    ("scan", {}),
]  # fmt: skip
BOTH_ROWS: Json = {
    "TransactItems": [
        {"Put": {"TableName": TABLE, "Item": {**ROW, **OTHER}}},
        {"Put": {"TableName": TABLE, "Item": ROW, "ConditionExpression": ABSENT}},
    ]
}


def said(call: Callable[[], Json]) -> Any:
    """An answer without its headers, or the error's code, message and reasons."""
    try:
        answer = call()
    except ClientError as error:
        reasons = error.response.get("CancellationReasons")
        return error.response["Error"], reasons
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def story() -> list[Any]:
    """Every call in turn on an empty table, and what became of each."""
    emptied()
    client = boto3.client("dynamodb")
    answers = [
        said(lambda name=name, given=given: getattr(client, name)(TableName=TABLE, **given))
        for name, given in CALLS
    ]
    answers.append(said(lambda: client.transact_write_items(**BOTH_ROWS)))
    answers.append(
        said(lambda: client.batch_get_item(RequestItems={TABLE: {"Keys": [KEY, OTHER]}}))
    )
    return answers


def test_both_ways_answer_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    short = story()
    monkeypatch.setattr(moto_short, "CALLS", ())
    assert short == story()
    refused = [type(answer) is tuple for answer in short]
    assert sum(refused) == 3


def test_a_refused_transaction_puts_back_the_rows_of_its_own_test_alone() -> None:
    client = boto3.client("dynamodb")
    other = {**ROW, **OTHER}
    emptied()
    client.put_item(TableName=TABLE, Item=ROW)
    client.transact_write_items(TransactItems=[{"Put": {"TableName": TABLE, "Item": other}}])
    emptied()  # the next test, which has written as much when its transaction comes
    client.put_item(TableName=TABLE, Item=other)
    with pytest.raises(ClientError):
        client.transact_write_items(
            TransactItems=[
                {"Put": {"TableName": TABLE, "Item": other, "ConditionExpression": ABSENT}}
            ]
        )
    assert client.scan(TableName=TABLE)["Items"] == [other]


def test_an_answer_can_be_changed_without_changing_the_table(table: Any) -> None:
    client = boto3.client("dynamodb")
    client.put_item(TableName=TABLE, Item=ROW)
    answer = client.get_item(TableName=TABLE, Key=KEY)["Item"]
    answer["deep"]["M"]["list"]["L"].clear()
    answer["names"]["SS"].clear()
    assert client.get_item(TableName=TABLE, Key=KEY)["Item"] == ROW


def test_a_client_is_kept_for_the_same_settings_alone(table: Any) -> None:
    assert boto3.client("dynamodb") is boto3.client("dynamodb")
    assert boto3.client("dynamodb") is not boto3.client("dynamodb", region_name="us-east-1")
