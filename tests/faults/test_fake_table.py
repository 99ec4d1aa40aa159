"""The fake table answers as moto does, to every call that the product makes and to some that it must not."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.dynamodb.models import dynamodb_backends

from chalicelib.aws import clients, dynamodb, rate_limits, writes
from chalicelib.aws.attribute_values import row_of
from chalicelib.aws.writes import Key, Write, field
from chalicelib.directory import people
from chalicelib.mail import letter_rows
from chalicelib.referral.model import Referral
from chalicelib.referral.rows import request_drafts
from chalicelib.referral.rows.plan_rows import added
from chalicelib.workflow.storage import indexes, store
from chalicelib.workflow.storage.side_task_rows import SideTask, begin, end, rewrite
from tests.conftest import ENVIRONMENT
from tests.workflow.lifecycle import WAY, LifecycleHarness, act
from tests.world import World

from .expressions import Wrong, read_condition, read_update
from .fake_table import INDEXES, TYPES, FakeTable, record, refused, wire_row
from .fault_injector import REAL, FaultInjector
from .harness import FaultHarness

Json = dict[str, Any]


def keyed(partition: str, sort: str) -> list[Json]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


# As infra/template/table.yaml describes it.
STRINGS = [name for name, kind in TYPES.items() if kind is str]
TABLE: Json = {
    "TableName": ENVIRONMENT["TABLE_NAME"],
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [
        *({"AttributeName": name, "AttributeType": "S"} for name in STRINGS),
        {"AttributeName": "wake_at", "AttributeType": "N"},
    ],
    "KeySchema": keyed("pk", "sk"),
    "GlobalSecondaryIndexes": [
        {"IndexName": name, "KeySchema": keyed(*key), "Projection": {"ProjectionType": "ALL"}}
        for name, key in INDEXES.items()
    ],
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
}


class Both:
    """Every call of DynamoDB goes to moto and to the fake table, and they must say the same."""

    def __init__(self, aws: FaultInjector) -> None:
        self.aws, self.fake_table, self.calls = aws, aws.fake_table, 0

    def call(self, client: Any, operation: str, given: Json) -> Any:
        if client.meta.service_model.service_name != "dynamodb":
            return self.aws.api(client, operation, given)
        if operation == "CreateTable":
            return REAL(client, operation, given)
        self.calls += 1
        ours = said(lambda: self.fake_table.call(operation, given))
        answers: list[Any] = []

        def real() -> Any:
            answers.append(REAL(client, operation, given))
            return answers[0]

        theirs = said(real)
        assert ours == theirs, operation
        if not answers:
            raise refused(*theirs[:1], operation, reasons=theirs[1])
        return answers[0]


def said(call: Callable[[], Any]) -> tuple[str, Any]:
    """An answer, or an error's code and reasons."""
    try:
        return "", bare(call())
    except ClientError as error:
        reasons = error.response.get("CancellationReasons", [])
        return error.response["Error"]["Code"], [one.get("Code") for one in reasons]


def bare(answer: Json) -> Json:
    """An answer without what nobody reads."""
    left = ("ResponseMetadata", "ScannedCount", "UnprocessedItems", "ConsumedCapacity",
            "ItemCollectionMetrics")  # fmt: skip
    return {name: value for name, value in answer.items() if name not in left}


@pytest.fixture
def both(aws: FaultInjector, monkeypatch: pytest.MonkeyPatch) -> Iterator[Both]:
    with mock_aws():
        aws.elsewhere = True
        clients.forget()
        made = Both(aws)
        monkeypatch.setattr(BaseClient, "_make_api_call", lambda *call: made.call(*call))
        boto3.client("dynamodb").create_table(**TABLE)
        yield made


def test_it_answers_as_moto_does_on_the_whole_way(both: Both, world: World) -> None:
    for row in world.fake_table.scan():  # who is there before the first call
        REAL(
            clients.client("dynamodb"),
            "PutItem",
            {"TableName": TABLE["TableName"], "Item": wire_row(row)},
        )
    harness = LifecycleHarness(world)
    story = harness.submit()
    for _ in WAY:
        act(story)
    story.harness.submit().withdraws()
    assert both.calls > 150
    # Of a row that an update makes moto tells twice, first with nothing in it: AWS does not.
    shard = dynamodb_backends["123456789012"]["us-west-2"].tables[TABLE["TableName"]].stream_shard
    told = json.loads(json.dumps(shard.get(shard.starting_sequence_number, 10**6), default=str))
    told = told[len(world.fake_table.items["CONSULTANTS"] | world.fake_table.items["STAFF"]) :]
    after = [one["dynamodb"]["Keys"] for one in told[1:]]
    bare_row = [set(one["dynamodb"].get("NewImage", ())) == {"pk", "sk"} for one in told]
    moto = [
        one
        for one, empty, following in zip(told, bare_row, [*after, {}], strict=True)
        if not (empty and one["dynamodb"]["Keys"] == following)
    ]
    ours = [record(change) for change in world.fake_table.stream]
    assert [r["eventName"] for r in ours] == [r["eventName"] for r in moto]
    assert [image(r) for r in ours] == [image(r) for r in moto]


def image(one: Json) -> Json:
    body = one["dynamodb"]
    return {name: row_of(body.get(name, {})) for name in ("Keys", "NewImage", "OldImage")}


def test_it_answers_as_moto_does_at_every_door_of_the_table(both: Both) -> None:
    for _ in range(4):
        rate_limits.allow("kind", "key", 2, 60, 1000)
    rate_limits.allow("kind", "key", 2, 60, 2000)
    secret, draft = request_drafts.begin("en", 1000)
    request_drafts.create(secret, draft)
    request_drafts.save(
        secret, {"county": "kern", "ages": ["infant"], "city": None}, "p", "es", 1001
    )
    request_drafts.save(secret, {"county": None, "ages": []}, "", "en", 1002)
    request_drafts.finish(secret, 1003)
    with pytest.raises(Exception, match="draft"):
        request_drafts.save(secret, {"county": "kern"}, "p", "es", 1004)
    request_drafts.forget(secret)
    letter_rows.note_sent("R", 1, 0, {"at": 1, "to": "provider"})
    for status in ("bounced", "delivered", "complained"):
        letter_rows.move("R", 1, 0, status, 5, "Permanent")
    dynamodb.write(writes.put(Key(people.CONSULTANTS, "c"), {"cap": 1, "active": True}))
    for member in (people.reserve_place("c", "R1", 1), people.reserve_place("c", "R2", 1), people.release_place("c", "R1"),
                   people.release_place("c", "R1"), people.reserve_place("gone", "R1", 1)):  # fmt: skip
        transact(member)
    task = SideTask(number=3, kind="k", role="r", opened=1, due=2, expires=3)
    for member in (begin("R1", task), begin("R1", task), rewrite("R1", task), end("R1", 3, "v", "a", 9),
                   end("R1", 3, "v", "a", 9), rewrite("R1", task), added("R1", {"a": 1}, 3)):  # fmt: skip
        transact(member)
    transact(people.reserve_place("c", "R3", 1), begin("R3", task))
    transact(people.reserve_place("c", "R4", 1), begin("R4", task))
    indexes.wake_later("R#R1", "TASK#000003", 77)
    indexes.wake_later("R#none", "TASK#000003", 77)
    assert indexes.due(100) and both.calls > 30


def transact(*members: Write) -> None:
    with suppress(store.Refused, store.Conflict):
        store._transact(list(members), own=0)


@pytest.mark.parametrize(
    "text",
    ["a = :a AND", "size(a) << :b", "attribute_exists(a", "status = :s", "a IN (b)"],
)  # fmt: skip
def test_a_condition_that_the_product_does_not_write_is_an_error(text: str) -> None:
    with pytest.raises(Wrong):
        read_condition(text)


@pytest.mark.parametrize(
    "text", ["SET a = :b + :c", "SET a :b", "PUT a = :b", "SET a = :b SET c = :d"]
)
def test_an_update_that_the_product_does_not_write_is_an_error(text: str) -> None:
    with pytest.raises(Wrong):
        read_update(text)


@pytest.mark.parametrize(
    "given",
    [
        {"Key": wire_row({"pk": "a", "sk": "b"}), "UpdateExpression": "SET a = :a"},
        {"Key": wire_row({"pk": "a", "sk": "b"}), "UpdateExpression": "SET a = :a",
         "ExpressionAttributeValues": {":a": {"N": "1"}, ":b": {"N": "2"}}},
        {"Key": wire_row({"pk": "a"}), "UpdateExpression": "SET a = :a",
         "ExpressionAttributeValues": {":a": {"N": "1"}}},
        {"Key": wire_row({"pk": "a", "sk": "b"}), "UpdateExpression": "SET a.b = :a",
         "ExpressionAttributeValues": {":a": {"N": "1"}}},
    ],
)  # fmt: skip
def test_what_dynamodb_refuses_it_refuses(given: Json) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        FakeTable("t").call("UpdateItem", given)


def test_a_float_or_an_empty_set_is_refused() -> None:
    for value in (1.5, set(), b"x"):
        with pytest.raises(TypeError):
            writes.put(Key("a", "b"), {"v": value}).request()


def test_a_condition_means_what_it_says() -> None:
    made = FakeTable("t")
    made.call("PutItem", writes.put(Key("a", "b"), {"n": 3, "s": {"x"}, "m": {"k": "v"}}).request())
    rng, item = random.Random(1), made.items["a"]["b"]
    texts = ["n = :three", "n > :three", "NOT n > :three", "contains(s, :x)", "size(s) < n",
             "attribute_exists(m.k)", "attribute_not_exists(m.q)", "q < :three", "m.k <> :x", "n IN (:x, :three)"]  # fmt: skip
    truth = [True, False, True, True, True, True, True, False, True, True]
    values: Json = {":three": item["n"], ":x": "x"}
    for _ in range(200):
        picks = [rng.randrange(len(texts)) for _ in range(3)]
        text = f"{texts[picks[0]]} AND ({texts[picks[1]]} OR {texts[picks[2]]})"
        test, _ = read_condition(text)
        expected = truth[picks[0]] and (truth[picks[1]] or truth[picks[2]])
        assert test((item, {}, values)) is expected, text


def test_a_member_of_a_list_is_removed_and_set_as_moto_does(both: Both) -> None:
    key, full = Key("a", "b"), field("l").has_size(3)
    dynamodb.write(writes.put(key, {"l": ["x", "y", "z"]}))
    shorter = writes.update(key).remove(("l", 1)).only_if(full)
    assert [dynamodb.write(shorter) for _ in range(2)] == [True, False]
    assert dynamodb.get(key) == {"pk": "a", "sk": "b", "l": ["x", "z"]}
    dynamodb.write(writes.update(key).set({("l", 1): "new"}))
    assert dynamodb.get(key) == {"pk": "a", "sk": "b", "l": ["x", "new"]}


def test_a_stale_read_shows_what_was_before(harness: FaultHarness) -> None:
    story = harness.at("offer")
    old = story.state
    story.says(decision="accept")
    fake_table = harness.world.fake_table
    fake_table.stale = True
    assert (
        store.load(story.reference).version < story.state.version
        and old.version < story.state.version
    )
    assert isinstance(story.state, Referral)
