"""Fixtures for every test: settings, and the one table on moto."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest

from tests.moto_speed import emptied, hurry

# The book of the machines: an unreached state fails the run.
pytest_plugins = ["tests.workflow.coverage"]

hurry()
# A busy machine is no reason to fail.
hypothesis.settings.register_profile("network", deadline=None)
hypothesis.settings.load_profile("network")

ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "us-west-2",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_EC2_METADATA_DISABLED": "true",
    "TABLE_NAME": "test-table",
    "BASE_URL": "https://network.test",
    "SENDER_EMAIL": "network@network.test",
    "REPLY_TO_EMAIL": "people@network.test",
    "CONFIGURATION_SET": "test-set",
    "LINK_KEYS_SECRET": "test-link-keys",
    "STATE_MACHINE_PREFIX": "arn:aws:states:us-west-2:123456789012:stateMachine:test-",
}
LINK_KEYS = {"current": "a", "a": "5f" * 32}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The settings of a test deployment; nothing made from them outlives the test."""
    from chalicelib.aws import clients, send_gate
    from chalicelib.directory import emergencies, people
    from chalicelib.web import links

    def forget() -> None:
        clients.forget()
        links.forget_keys()
        people.forget()
        emergencies.forget()
        send_gate.forget()

    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "TIME_SCALE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    forget()
    yield
    forget()


def create_table() -> Any:
    """The table with its two indexes, as infra/template/table.yaml describes it."""
    import boto3

    strings = ["pk", "sk", "gsi1pk", "gsi1sk", "wpk"]
    return boto3.resource("dynamodb").create_table(
        TableName=os.environ["TABLE_NAME"],
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            *({"AttributeName": name, "AttributeType": "S"} for name in strings),
            {"AttributeName": "wake_at", "AttributeType": "N"},
        ],
        KeySchema=_keys("pk", "sk"),
        GlobalSecondaryIndexes=[
            _index("board", "gsi1pk", "gsi1sk"),
            _index("wake", "wpk", "wake_at"),
        ],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )


def _keys(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


def _index(name: str, partition: str, sort: str) -> dict[str, Any]:
    return {
        "IndexName": name,
        "KeySchema": _keys(partition, sort),
        "Projection": {"ProjectionType": "ALL"},
    }


def pytest_unconfigure() -> None:
    """Leave at once: the interpreter would look at millions of objects of moto's before it ends."""
    gc.freeze()


@pytest.fixture
def table() -> Any:
    """The empty table and the link keys on moto; every AWS call of the test stays in there."""
    return emptied()


@pytest.fixture
def world(table: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The demo network on the table, with the engine's and the post's ears on the wall."""
    from tests.world import World

    made = World(table, monkeypatch)
    yield made
    assert made.broken == [], "a letter with a hole"


@pytest.fixture
def harness(world: Any) -> Any:
    """The whole lifecycle in this process, and no referral yet."""
    from tests.workflow.lifecycle import LifecycleHarness

    return LifecycleHarness(world)
