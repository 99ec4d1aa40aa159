"""Granted against used: every AWS call that each kind of function makes is granted on that very
resource, and what is granted is used, or stands below with its reason.

The calls are written down where botocore makes them, while the whole lifecycle is played in this
process. This proves what the emulator under ``AUTH=true`` cannot (``test_enforced_roles.py``).
"""

from __future__ import annotations

import contextvars
import fnmatch
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from chalice.test import Client

from chalicelib.aws import ses, stepfunctions
from chalicelib.directory import people
from chalicelib.mail import delivery_reports, relay
from chalicelib.web import links
from chalicelib.workflow import scheduler, tasks
from chalicelib.workflow.reconciler import reconcile
from chalicelib.workflow.reconciler.restarts import restart
from infra.template import read_fragments
from tests.conftest import ENVIRONMENT
from tests.web.conftest import CENTER, Browser, fill_in
from tests.web.conftest import client as client
from tests.web.staff import signed_in
from tests.workflow.lifecycle import KINDS, LifecycleHarness, act, at, usual
from tests.world import World

pytestmark = pytest.mark.promise("least-privilege")

ACCOUNT, REGION, STACK = "123456789012", "us-west-2", "test"
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{ENVIRONMENT['TABLE_NAME']}"
# What a policy names by reference, as the tests' deployment has it.
KNOWN = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::StackName": STACK,
    "AWS::URLSuffix": "amazonaws.com",
    "Table.Arn": TABLE,
    "Table.StreamArn": f"{TABLE}/stream/1",
    "LinkKeys.Id": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{ENVIRONMENT['LINK_KEYS_SECRET']}",
    "Sender": ENVIRONMENT["SENDER_EMAIL"],
    "MailSet": ENVIRONMENT["CONFIGURATION_SET"],
}
Call = tuple[str, str, str]  # role, action, resource
DONE_BY_LAMBDA = "the Lambda service itself does this with the function's role"
# (role, action) -> why it is granted although the play does not need it.
UNUSED = {
    **{
        (role, action): DONE_BY_LAMBDA
        for role in ("ApiRole", "StepRole", "RelayRole", "ClockRole", "MailEventsRole")
        for action in (
            "xray:PutTraceSegments", "xray:PutTelemetryRecords", "kms:Decrypt",
            "kms:GenerateDataKey", "logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage",
        )
    },
    **{
        ("RelayRole", f"dynamodb:{action}"): DONE_BY_LAMBDA
        for action in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
    },
    **{
        (role, action): "the mail doctor looks at the post; the play has no post of SES to look at"
        for role in ("ApiRole", "ClockRole")
        for action in (
            "ses:GetEmailIdentity", "ses:GetConfigurationSetEventDestinations", "ses:GetAccount",
            "ses:ListSuppressedDestinations", "sns:ListSubscriptionsByTopic",
            "cloudwatch:GetMetricStatistics",
        )
    },
    ("RelayRole", "dynamodb:PutItem"): "a letter that the post does not take waits as a row",
    ("RelayRole", "dynamodb:Query"): "consultants and staff, whom a warm process knows for 30 s",
    ("MailEventsRole", "dynamodb:Query"): "the staff who is asked about an address that bounced",
}  # fmt: skip
_role: contextvars.ContextVar[str] = contextvars.ContextVar("role", default="")


EVENT = {"time": "", "detail": {}, "source": "", "account": "", "region": "", "resources": [],
         "version": "0", "id": "1", "detail-type": ""}  # fmt: skip


# -- what was used ------------------------------------------------------------------------------------
class Book:
    """Every call, by the kind of function that made it."""

    def __init__(self) -> None:
        self.calls: set[Call] = set()

    def note(self, action: str, resource: str) -> None:
        if role := _role.get():
            self.calls.add((role, action, resource))

    def api(self, client: Any, operation: str, arguments: dict[str, Any]) -> None:
        service = client.meta.service_model.service_name
        if service == "dynamodb":
            for action, resource in _rows(operation, arguments):
                self.note(action, resource)
        elif service == "secretsmanager":
            self.note("secretsmanager:GetSecretValue", KNOWN["LinkKeys.Id"])


def _rows(operation: str, arguments: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """A transaction is checked as its members are; a query of an index as that index."""
    if operation == "TransactWriteItems":
        for member in arguments["TransactItems"]:
            (kind,) = member
            yield (
                {"ConditionCheck": "dynamodb:ConditionCheckItem"}.get(kind, f"dynamodb:{kind}Item"),
                TABLE,
            )
    elif "IndexName" in arguments:
        yield f"dynamodb:{operation}", f"{TABLE}/index/{arguments['IndexName']}"
    else:
        yield f"dynamodb:{operation}", TABLE


def _camel(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))


class Engine:
    """The harness's Step Functions, with every call written down."""

    def __init__(self, real: Any, book: Book) -> None:
        self.real, self.book = real, book

    def __getattr__(self, name: str) -> Any:
        def call(**arguments: Any) -> Any:
            # A task token is checked on the machine whose run waits with it.
            resource = (
                arguments.get("stateMachineArn")
                or arguments.get("executionArn")
                or f"{ENVIRONMENT['STATE_MACHINE_PREFIX']}of-a-token"
            )
            self.book.note(f"states:{_camel(name)}", resource)
            return getattr(self.real, name)(**arguments)

        return call


def _as(role: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def acting(*args: Any, **more: Any) -> Any:
        token = _role.set(role)
        try:
            return real(*args, **more)
        finally:
            _role.reset(token)

    return acting


@pytest.fixture
def book(harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch) -> Book:
    made = Book()
    real = BaseClient._make_api_call

    def api(self: Any, operation: str, arguments: dict[str, Any]) -> Any:
        made.api(self, operation, arguments)
        return real(self, operation, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", api)
    send, client = ses.send, stepfunctions.client

    def sent(*args: Any) -> Any:
        for kind, name in (
            ("identity", "SENDER_EMAIL"),
            ("configuration-set", "CONFIGURATION_SET"),
        ):
            made.note("ses:SendEmail", f"arn:aws:ses:{REGION}:{ACCOUNT}:{kind}/{ENVIRONMENT[name]}")
        return send(*args)

    monkeypatch.setattr(ses, "send", sent)
    monkeypatch.setattr(
        stepfunctions,
        "client",
        lambda name: Engine(client(name), made) if name == "stepfunctions" else client(name),
    )
    for step, handler in harness.engine.steps.items():
        harness.engine.steps[step] = _as("StepRole", handler)
    monkeypatch.setattr(relay, "relay", _as("RelayRole", relay.relay))
    monkeypatch.setattr(scheduler, "clock", _as("ClockRole", scheduler.clock))
    monkeypatch.setattr(reconcile, "play_round", _as("ClockRole", reconcile.play_round))
    monkeypatch.setattr(delivery_reports, "record", _as("MailEventsRole", delivery_reports.record))
    monkeypatch.setattr(tasks, "answer", _as("ApiRole", tasks.answer))
    monkeypatch.setattr(Browser, "send", _as("ApiRole", Browser.send))
    return made


def play(harness: LifecycleHarness, client: Client) -> None:
    """The whole way of a referral, its pages, what goes wrong, and what the clock makes good."""
    world = harness.world
    people.forget()
    for moment in KINDS:
        act(at(harness, moment))
    for moment in ("offer", "plan", "follow_up"):
        at(harness, moment).falls_silent()
    at(harness, "plan").withdraws()
    # The stream lost everything: what the relay does, the clock does.
    story = at(harness, "triage")
    harness.answer_by(story, usual(story))
    for _ in range(3):
        world.records()
        links.forget_keys()
        world.at += 61
        scheduler.clock(EVENT, None)
    world.at += 300
    reconcile.play_round(world.at, deep=True)
    harness.engine.stop(story.run())
    world.at += 300
    reconcile.play_round(world.at)
    world.records()
    world.at += 61
    scheduler.clock(EVENT, None)
    # An answer comes before the new run's token: the relay stops, the step answers at once.
    story = at(harness, "agreement")
    restart(story.state, world.at, "test", "run lost")
    story.says(**usual(story))
    links.forget_keys()
    pages(world, client, story.reference)


def pages(world: World, client: Client, reference: str) -> None:
    provider = Browser(client)
    provider.get("/")
    fill_in(provider, CENTER)
    provider.get("/request/later")
    provider.get("/status")
    provider.answer({"reference": reference})
    staff = signed_in(world, client, "coordinator")
    for path in (
        "/console", "/console/queue", f"/console/referrals/{reference}", "/console/reconcile",
        f"/console/runs/referral/{reference}-referral-1",
    ):  # fmt: skip
        assert staff.get(path).status == 200, path
    staff.post("/logout", {"_nonce": staff.page.hidden.get("_nonce", "")})
    tags = {"ref": [reference], "v": ["1"], "i": ["1"]}
    for kind in ("Delivery", "Bounce"):
        delivery_reports.record({
            "eventType": kind, "mail": {"tags": tags, "destination": ["ana@example.org"]},
            "bounce": {"bounceType": "Permanent"},
        })  # fmt: skip


# -- what is granted ----------------------------------------------------------------------------------
def plain(value: Any) -> str:
    """A resource of a policy as plain text."""
    if isinstance(value, str):
        return value
    ((kind, of),) = value.items()
    if kind == "Fn::GetAtt":
        name = ".".join(of) if isinstance(of, list) else of
        return KNOWN.get(name, f"arn:of:{name}")
    if kind == "Ref":
        return KNOWN.get(of, f"arn:of:{of}")
    assert kind == "Fn::Sub", value
    text = of if isinstance(of, str) else of[0]
    return re.sub(r"\$\{([^}]+)\}", lambda m: KNOWN.get(m[1], f"arn:of:{m[1]}"), text)


def policies() -> dict[str, list[tuple[set[str], list[str]]]]:
    """Role -> its statements, as actions and resources; there is no Deny and no condition."""
    template = read_fragments(Path(__file__).resolve().parents[2] / "infra" / "template")
    found: dict[str, list[tuple[set[str], list[str]]]] = {}
    for name, role in template["Resources"].items():
        if role.get("Type") != "AWS::IAM::Role":
            continue
        for policy in role["Properties"].get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                assert statement["Effect"] == "Allow" and "Condition" not in statement
                listed = (
                    _list(statement["Action"]),
                    [plain(r) for r in _list(statement["Resource"])],
                )
                found.setdefault(name, []).append((set(listed[0]), listed[1]))
    return found


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def allowed(statements: list[tuple[set[str], list[str]]], action: str, resource: str) -> bool:
    """As IAM reads it: some statement has the action, and a pattern that the resource fits."""
    return any(
        action in actions and any(fnmatch.fnmatchcase(resource, pattern) for pattern in patterns)
        for actions, patterns in statements
    )


def test_the_evaluator_reads_policies_as_iam_does() -> None:
    rules = policies()["RelayRole"]
    ours = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:test-referral"
    assert allowed(rules, "states:StartExecution", ours)
    assert not allowed(rules, "states:StartExecution", ours.replace(":test-", ":other-"))
    assert not allowed(rules, "states:DeleteStateMachine", ours)
    assert allowed(rules, "dynamodb:PutItem", TABLE)
    assert not allowed(rules, "dynamodb:PutItem", TABLE + "/index/board")
    assert not allowed(rules, "dynamodb:DeleteItem", TABLE)


@pytest.mark.promise("least-privilege")
def test_what_each_kind_of_function_uses_it_may_and_what_it_may_it_uses(
    harness: LifecycleHarness, client: Client, book: Book
) -> None:
    play(harness, client)
    granted = policies()
    refused = sorted(c for c in book.calls if not allowed(granted[c[0]], c[1], c[2]))
    assert refused == [], json.dumps(refused, indent=1)
    used = {(role, action) for role, action, _ in book.calls}
    roles = {role for role, _ in used}
    assert roles == {"ApiRole", "StepRole", "RelayRole", "ClockRole", "MailEventsRole"}
    idle = {
        (role, action)
        for role in roles
        for actions, _ in granted[role]
        for action in actions
        if (role, action) not in used and (role, action) not in UNUSED
    }
    assert idle == set()
