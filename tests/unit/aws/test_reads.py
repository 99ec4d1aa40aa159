"""What the table answers is read as botocore reads it, and what it did not come to is asked for again."""

from __future__ import annotations

import json
from typing import Any

import botocore.session
import pytest
from botocore.parsers import JSONParser

from chalicelib.aws import dynamodb
from chalicelib.aws.plain_answers import PlainParsers
from chalicelib.aws.writes import Key, put
from chalicelib.domain.errors import TryAgain
from tests.faults.fake_table import OPERATIONS
from tests.faults.fault_injector import FaultInjector

ROW = {"pk": {"S": "R#1"}, "n": {"N": "3"}, "no": {"NULL": True}, "yes": {"BOOL": False},
       "m": {"M": {"l": {"L": [{"S": "a"}, {"SS": ["x", "y"]}]}}}, "none": {"L": []}}  # fmt: skip
ANSWERS = {
    "GetItem": {"Item": ROW},
    "BatchGetItem": {"Responses": {"t": [ROW, ROW]}, "UnprocessedKeys": {"t": {"Keys": [ROW]}}},
    "Query": {"Items": [ROW], "Count": 1, "ScannedCount": 1, "LastEvaluatedKey": ROW},
    "UpdateItem": {"Attributes": ROW},
    "PutItem": {},
}
MODEL = botocore.session.get_session().get_service_model("dynamodb")


@pytest.mark.parametrize("operation", ANSWERS)
def test_rows_are_what_botocore_makes_of_them(operation: str) -> None:
    shape = MODEL.operation_model(operation).output_shape
    response = {
        "status_code": 200,
        "headers": {"x-amzn-requestid": "7"},
        "body": json.dumps(ANSWERS[operation]).encode(),
        "context": {},
    }
    ours = PlainParsers().create_parser("json").parse(response, shape)
    assert ours == JSONParser().parse(response, shape)


def test_a_refusal_is_what_botocore_makes_of_it() -> None:
    shape = MODEL.operation_model("GetItem").output_shape
    body = {"__type": "com.amazonaws#ThrottlingException", "message": "slow down"}
    response = {"status_code": 400, "headers": {}, "body": json.dumps(body).encode(), "context": {}}
    ours = PlainParsers().create_parser("json").parse(response, shape)
    assert ours == JSONParser().parse(response, shape)
    assert ours["Error"]["Code"] == "ThrottlingException"


def rows(aws: FaultInjector, count: int) -> list[Key]:
    wanted = [Key("MANY", f"{n:03d}") for n in range(count)]
    for key in wanted:
        dynamodb.write(put(key, {"a": 1}))
    return wanted


def busy(aws: FaultInjector, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    """AWS comes to so many keys of a batch, and names the rest."""
    real = aws.fake_table.batch_get_item

    def some(given: dict[str, Any]) -> dict[str, Any]:
        ((name, asked),) = given["RequestItems"].items()
        now, left = asked["Keys"][:at_once], asked["Keys"][at_once:]
        answer = real({"RequestItems": {name: {"Keys": now}}}) if now else {"Responses": {name: []}}
        return answer | {"UnprocessedKeys": {name: {"Keys": left}} if left else {}}

    monkeypatch.setitem(OPERATIONS, "BatchGetItem", lambda table, given: some(given))
    monkeypatch.setattr(dynamodb.time, "sleep", lambda seconds: None)


def test_keys_that_aws_did_not_come_to_are_asked_for_again(
    aws: FaultInjector, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = rows(aws, 130)
    busy(aws, monkeypatch, at_once=30)
    assert sorted(row["sk"] for row in dynamodb.batch_get(iter(wanted))) == [k.sk for k in wanted]


def test_a_table_that_comes_to_nothing_is_busy(
    aws: FaultInjector, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = rows(aws, 3)
    busy(aws, monkeypatch, at_once=0)
    with pytest.raises(TryAgain):
        list(dynamodb.batch_get(wanted))
