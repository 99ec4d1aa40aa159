"""Fixtures for every test: settings, and AWS in this process."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from botocore.client import BaseClient
from botocore.session import Session

from tests.faults.fake_table import FakeTable, Rows
from tests.faults.fault_injector import FaultInjector

# The book of the machines: an unreached state fails the run.
pytest_plugins = ["tests.workflow.coverage"]

# Garbage is collected rarely: every page leaves some.
gc.set_threshold(200_000, 20, 50)
# A busy machine is no reason to fail, nor is the luck of the day: the same examples each time. Others are
# played with --hypothesis-profile=explore, which prints how to play one again.
CALM = hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("network", CALM, derandomize=True)
hypothesis.settings.register_profile("explore", CALM, derandomize=False, print_blob=True)
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
    "TEXT_IDENTITY": "arn:aws:sms-voice:us-west-2:123456789012:pool/pool-test",
    "TEXT_CONFIGURATION_SET": "test-texts",
    "LINK_KEYS_SECRET": "test-link-keys",
    "STATE_MACHINE_PREFIX": "arn:aws:states:us-west-2:123456789012:stateMachine:test-",
}
CLIENTS: dict[str, BaseClient] = {}
MAKE_CLIENT = Session.create_client
LINK_KEYS = {"current": "a", "a": "5f" * 32}


def set_environment(patch: pytest.MonkeyPatch) -> None:
    """The settings of a test deployment."""
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "TIME_SCALE"):
        patch.delenv(name, raising=False)
    for name, value in ENVIRONMENT.items():
        patch.setenv(name, value)


def one_client(session: Session, service: str, **how: Any) -> BaseClient:
    """A client, made once for all tests: that takes longer than most of them."""
    if service not in CLIENTS:
        CLIENTS[service] = MAKE_CLIENT(session, service, **how)
    return CLIENTS[service]


def fake_aws(patch: pytest.MonkeyPatch) -> FaultInjector:
    """An empty table and the link keys; any other call to AWS fails."""
    set_environment(patch)
    secrets = {ENVIRONMENT["LINK_KEYS_SECRET"]: json.dumps(LINK_KEYS)}
    made = FaultInjector(FakeTable(ENVIRONMENT["TABLE_NAME"]), secrets)
    patch.setattr(Session, "create_client", one_client)
    patch.setattr(BaseClient, "_make_api_call", lambda *call: made.api(*call))
    return made


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The settings of a test deployment; nothing made from them outlives the test."""
    from chalicelib.aws import clients, refusals, send_gate
    from chalicelib.directory import emergencies, people
    from chalicelib.meetings import upcoming
    from chalicelib.web import links
    from chalicelib.workflow.lists import records

    def forget() -> None:
        clients.forget()
        links.forget_keys()
        people.forget()
        emergencies.forget()
        upcoming.forget()
        send_gate.forget()
        refusals.forget()
        records.forget()

    set_environment(monkeypatch)
    forget()
    yield
    forget()


def pytest_unconfigure() -> None:
    """Leave at once: the interpreter would look at millions of objects of moto's before it ends."""
    gc.freeze()


@pytest.fixture
def aws(environment: None, monkeypatch: pytest.MonkeyPatch) -> FaultInjector:
    """AWS in this process."""
    return fake_aws(monkeypatch)


@pytest.fixture
def table(aws: FaultInjector) -> Rows:
    """The empty table."""
    return Rows(aws.fake_table)


@pytest.fixture
def world(aws: FaultInjector, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The demo network on the table, with the engine's and the post's ears on the wall."""
    from tests.world import World

    made = World(aws, monkeypatch)
    yield made
    assert made.broken == [], "a letter with a hole"


@pytest.fixture
def harness(world: Any) -> Any:
    """The whole lifecycle in this process, and no referral yet."""
    from tests.workflow.lifecycle import LifecycleHarness

    return LifecycleHarness(world)
