"""Granted against needed: every check that AWS makes of each role passes, and nothing more is granted.

What a role needs is what its functions call while the whole lifecycle is played in this process, written
down where botocore makes the call and put into AWS's words by ``iam_needs.py``, and what the services do
with the role by themselves, read from the template. This proves what the emulator under ``AUTH=true``
cannot (``test_enforced_roles.py``).
"""

from __future__ import annotations

import ast
import contextvars
import email
import email.policy
import fnmatch
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from chalice.test import Client

import chalicelib
from chalicelib.aws import dynamodb, ses, stepfunctions
from chalicelib.aws.texts import text_messages
from chalicelib.console.people import sign_ins
from chalicelib.directory import people
from chalicelib.domain import calendar
from chalicelib.mail import delivery_reports, relay
from chalicelib.mail.health import checkup
from chalicelib.training.applications import missing_scores
from chalicelib.web import links
from chalicelib.workflow import scheduler, tasks
from chalicelib.workflow.reconciler import reconcile
from chalicelib.workflow.reconciler.restarts import restart
from infra import text_office
from tests.applications.script import applies, decides, two_score, withdraws
from tests.communities.script import begins
from tests.conftest import ENVIRONMENT
from tests.faults.fake_table import refused
from tests.infra.iam_needs import EVERYTHING, OPERATIONS, Account, Check
from tests.infra.iam_policies import Deployment, resource_kinds
from tests.practicum.script import beside
from tests.web.conftest import CENTER, Browser, fill_in
from tests.web.conftest import client as client
from tests.web.kinds import OF_OTHERS, SideTaskStory, asked
from tests.web.staff import signed_in
from tests.workflow import lifecycle
from tests.workflow.lifecycle import KINDS, LifecycleHarness, Story, act, at, usual
from tests.workflow.test_waitlist import fill
from tests.world import HOURLY, World

pytestmark = pytest.mark.promise("least-privilege")

ACCOUNT = Account("aws", "us-west-2", "123456789012", f"{ENVIRONMENT['STATE_MACHINE_PREFIX']}a")
TABLE = ACCOUNT.arn("dynamodb", f"table/{ENVIRONMENT['TABLE_NAME']}")
TOPIC = ACCOUNT.arn("sns", "test-mail")
POOL = "us-west-2_staff"
# What a policy names by reference, as the tests' deployment has it.
KNOWN = {
    "AWS::Partition": ACCOUNT.partition,
    "AWS::Region": ACCOUNT.region,
    "AWS::AccountId": ACCOUNT.id,
    "AWS::StackName": "test",
    "AWS::URLSuffix": "amazonaws.com",
    "Table.Arn": TABLE,
    "Table.StreamArn": f"{TABLE}/stream/1",
    "LinkKeys.Id": ACCOUNT.arn("secretsmanager", f"secret:{ENVIRONMENT['LINK_KEYS_SECRET']}"),
    "SenderEmail": ENVIRONMENT["SENDER_EMAIL"],
    "Sender": ENVIRONMENT["SENDER_EMAIL"],
    "MailSet": ENVIRONMENT["CONFIGURATION_SET"],
    "TextIdentity": ENVIRONMENT["TEXT_IDENTITY"],
    "TextConfigurationSet": ENVIRONMENT["TEXT_CONFIGURATION_SET"],
    "MailTopic": TOPIC,
    "StaffPool.Arn": ACCOUNT.arn("cognito-idp", f"userpool/{POOL}"),
}
# What is granted and the play does not need: (role, action) -> why.
SPARE: dict[tuple[str, str], str] = {}
# The reference names no resource, and AWS checks one all the same (the sources stand in iam_needs.py).
CHECKED_ON_MORE = {"states:SendTaskSuccess"}
_role: contextvars.ContextVar[str] = contextvars.ContextVar("role", default="")
# As it is before a world listens to what leaves.
SEND, ALLOW_AGAIN, TEXT = ses.send, ses.allow_again, text_messages.send
EVENT = {"time": "", "detail": {}, "source": "", "account": "", "region": "", "resources": [],
         "version": "0", "id": "1", "detail-type": ""}  # fmt: skip
# What the mail doctor hears of a healthy account; its sender is verified by its domain alone.
ANSWERS = {
    "GetAccount": {"ProductionAccessEnabled": True, "SendingEnabled": True},
    "GetConfigurationSetEventDestinations": {},
    "ListSuppressedDestinations": {},
    "DeleteSuppressedDestination": {},
    "ListSubscriptionsByTopic": {},
    "GetMetricStatistics": {},
    "AdminDeleteUser": {},
    "AdminAddUserToGroup": {},
    "AdminRemoveUserFromGroup": {},
    "SendTextMessage": {"MessageId": "t"},
}


# -- what is called -----------------------------------------------------------------------------------
class Book:
    """``calls``: (service, operation) of every call; ``checks``: what AWS asks for it, by role."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.calls: set[tuple[str, str]] = set()
        self.checks: dict[tuple[str, str, str], Check] = {}

    def note(self, service: str, operation: str, given: dict[str, Any]) -> None:
        if role := _role.get():
            self.calls.add((service, operation))
            for one in OPERATIONS[service, operation].checks(ACCOUNT, given):
                self.checks[role, one.action, one.resource] = one

    def mail(self, given: dict[str, Any]) -> dict[str, Any]:
        """In SES's place: the letter lands where the tests look for it."""
        letter = email.message_from_bytes(
            given["Content"]["Raw"]["Data"], policy=email.policy.default
        )
        text, html = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
        tags = {tag["Name"]: tag["Value"] for tag in given["EmailTags"]}
        number = self.world._send(letter["To"], letter["Subject"], text, html, tags)
        return {"MessageId": number}


class Engine:
    """The harness's Step Functions, with every call written down."""

    def __init__(self, real: Any, book: Book) -> None:
        self.real, self.book = real, book

    def __getattr__(self, name: str) -> Any:
        def call(**arguments: Any) -> Any:
            self.book.note("stepfunctions", camel(name), arguments)
            if name == "describe_state_machine":  # the harness has none to describe
                return {"definition": json.dumps({"StartAt": "", "States": {}})}
            return getattr(self.real, name)(**arguments)

        return call


def camel(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))


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
    made = Book(harness.world)
    real = BaseClient._make_api_call

    def api(self: Any, operation: str, given: dict[str, Any]) -> Any:
        made.note(self.meta.service_model.service_name, operation, given)
        if operation == "SendEmail":
            return made.mail(given)
        if operation == "AdminCreateUser":
            raise refused("UsernameExistsException", operation)
        if operation == "GetEmailIdentity":
            if "@" in given["EmailIdentity"]:
                raise refused("NotFoundException", operation)
            return {"VerifiedForSendingStatus": True}
        return ANSWERS[operation] if operation in ANSWERS else real(self, operation, given)

    # What other tests kept of the story knows no second member of staff.
    monkeypatch.setattr(lifecycle, "_KEPT", {})
    monkeypatch.setenv("MAIL_TOPIC", TOPIC)
    monkeypatch.setenv("USER_POOL_ID", POOL)
    monkeypatch.setattr(BaseClient, "_make_api_call", api)
    monkeypatch.setattr(ses, "send", SEND)
    monkeypatch.setattr(ses, "allow_again", ALLOW_AGAIN)
    monkeypatch.setattr(text_messages, "send", TEXT)
    monkeypatch.setattr(checkup, "hourly", HOURLY)
    client = stepfunctions.client
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
    for name in ("record", "mail_events"):
        real_one = getattr(delivery_reports, name)
        monkeypatch.setattr(delivery_reports, name, _as("MailEventsRole", real_one))
    monkeypatch.setattr(tasks, "answer", _as("ApiRole", tasks.answer))
    monkeypatch.setattr(Browser, "send", _as("ApiRole", Browser.send))
    return made


def play(harness: LifecycleHarness, client: Client) -> None:
    """The whole way of a referral, its pages, what goes wrong, and what the clock makes good."""
    world = harness.world
    more_staff(world)
    other_types(harness)
    # Whoever reads the keys first does so in its own role.
    links.forget_keys()
    for moment in KINDS:
        act(at(harness, moment))
    for moment in ("offer", "plan", "follow_up"):
        at(harness, moment).falls_silent()
    at(harness, "plan").withdraws()
    # Two wait in line, and a place becomes free for the first of them.
    first = at(harness, "triage")
    fill(world)
    first.says(**usual(first))
    people.set_fields("ben-okafor", {"cap": 5})
    world.at += 1  # the second is behind the first, whatever their references
    harness.submit().triaged()
    world.at += 61
    harness.run_scheduler()
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
    texts(harness)


def more_staff(world: World) -> None:
    """A second of each who is asked, so that it is looked up who has fewer tasks; one who comes, and one
    who goes."""
    for who, active in (("sofia-south", True), ("cora-match", True), ("sam-lead", False)):
        row = {**people.staff_now(who), "pk": people.STAFF, "sk": f"{who}-2", "id": f"{who}-2"}
        world.table.put_item(Item=row | {"email": f"{who}-2@example.org", "active": active})
        dynamodb.write(sign_ins.wish(f"{who}-2", "test", world.at))
    people.forget()


def texts(harness: LifecycleHarness) -> None:
    """Somebody wants texts: the relay sends the first, the clock another, and STOP is heard."""
    harness.world.at = calendar.into_waking_hours(harness.world.at)
    for number, lost in (("209-555-0147", False), ("209-555-0148", True)):
        harness.world.submit(contact_by="text", contact_phone=number, contact_email="")
        if lost:
            harness.world.records()
            harness.world.at += 61
            scheduler.clock(EVENT, None)
        harness.settle()
    for word in ("STOP", "START", "HELP"):
        heard = json.dumps(text_office.inbound("+12095550147", word))
        delivery_reports.mail_events({"Records": [{"Sns": {"Message": heard}}]}, None)
        links.forget_keys()


def other_types(harness: LifecycleHarness) -> None:
    """What is asked of cases that are no referral: answered, and left until it expires."""
    before = harness.snapshot(at(harness, "triage"))
    for kind in OF_OTHERS:
        harness.restore(before)
        story = asked(harness, kind)
        if isinstance(story, SideTaskStory):
            beside(harness, story.reference, kind, **usual(story))
        else:
            harness.answer_by(story, usual(story))
        asked(harness, kind).falls_silent()
    # More want a seat than there are: who waits is offered the one that somebody does not take.
    asked(harness, "registration")
    for _ in range(4):
        other = begins(harness.world)
        harness.settle()
        Story(harness, other).says(decision="later")
    asked(harness, "seat_offer").falls_silent()
    harness.world.at += 61
    harness.run_scheduler()
    # A place that is not taken goes to who is on the waitlist; reviewers are named later.
    offered = asked(harness, "application_offer")
    other = applies(harness.world)
    harness.settle()
    two_score(harness, Story(harness, other))
    decides("fall", harness.world.at, key="two")
    harness.run_scheduler()
    for reference in (offered.reference, applies(harness.world)):
        withdraws(reference, f"withdraw:{reference}", harness.world.at)
    missing_scores.look("fall", harness.world.at)
    harness.world.at += 61
    harness.run_scheduler()


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
    staff.post("/console/search", {"_nonce": staff.page.hidden["_nonce"], "q": "ana"})
    staff.post("/logout", {"_nonce": staff.page.hidden.get("_nonce", "")})
    world.at += 61
    assert signed_in(world, client, "admin").get("/console/mail").status == 200
    tags = {"ref": [reference], "v": ["1"], "i": ["1"]}
    for kind in ("Delivery", "Bounce"):
        delivery_reports.record({
            "eventType": kind, "mail": {"tags": tags, "destination": ["ana@example.org"]},
            "bounce": {"bounceType": "Permanent"},
        })  # fmt: skip
    (fix,) = world.state(reference).side_tasks
    tasks.answer(reference, fix, {"decision": "right"}, "staff:nina-north", "right", world.at)


# -- what is granted ----------------------------------------------------------------------------------
@pytest.fixture
def deployment(template: dict[str, Any]) -> Deployment:
    return Deployment(template, ACCOUNT, KNOWN)


def test_the_evaluator_reads_policies_as_iam_does(deployment: Deployment) -> None:
    def allowed(action: str, resource: str, **context: str) -> bool:
        return deployment.allows("RelayRole", Check(action, resource, context))

    ours = ACCOUNT.arn("states", "stateMachine:test-referral")
    assert allowed("states:StartExecution", ours)
    assert not allowed("states:StartExecution", ours.replace(":test-", ":other-"))
    assert not allowed("states:DeleteStateMachine", ours)
    assert allowed("dynamodb:PutItem", TABLE)
    assert not allowed("dynamodb:PutItem", TABLE + "/index/board")
    assert not allowed("dynamodb:DeleteItem", TABLE)


def test_a_letter_leaves_by_the_sender_alone_whoever_it_goes_to(deployment: Deployment) -> None:
    """Raw content wants both actions, on the sender, on the configuration set, and on a recipient
    whose address the account has verified: in SES's sandbox that is every recipient."""
    letter = {
        "FromEmailAddress": ENVIRONMENT["SENDER_EMAIL"],
        "Destination": {"ToAddresses": ["verified@example.org"]},
        "Content": {"Raw": {"Data": b""}},
        "ConfigurationSetName": ENVIRONMENT["CONFIGURATION_SET"],
    }
    asked = list(OPERATIONS["sesv2", "SendEmail"].checks(ACCOUNT, letter))
    assert {one.action for one in asked} == {"ses:SendEmail", "ses:SendRawEmail"}
    assert len(asked) == 6
    for role in ("RelayRole", "ClockRole", "ApiRole"):
        assert [one for one in asked if not deployment.allows(role, one)] == [], role
        as_another = [
            one._replace(context={"ses:FromAddress": "else@example.org"}) for one in asked
        ]
        for one in as_another:
            if ":identity/" in one.resource:
                assert not deployment.allows(role, one), (role, one)


def test_what_each_role_needs_it_may_and_what_it_may_it_needs(
    harness: LifecycleHarness, client: Client, book: Book, deployment: Deployment
) -> None:
    play(harness, client)
    assert book.calls == set(OPERATIONS), set(OPERATIONS) ^ book.calls
    needs = dict(book.checks)
    for role, action, resource in deployment.needs_of_services():
        needs[role, action, resource] = Check(action, resource)
    refused = sorted(need for need, one in needs.items() if not deployment.allows(need[0], one))
    assert refused == [], json.dumps(refused, indent=1)
    used = {(role, action) for role, action, _ in needs}
    roles = {role for role, _ in used}
    # API Gateway's own role has AWS's managed policy, and none of ours.
    assert roles | {"ApiLogsRole"} == set(deployment.of_type("AWS::IAM::Role"))
    granted = {(role, a) for role in roles for one in deployment.grants(role) for a in one.actions}
    assert granted - used == set(SPARE)
    assert idle_patterns(deployment, needs) == []


def idle_patterns(
    deployment: Deployment, needs: dict[tuple[str, str, str], Check]
) -> list[tuple[str, str]]:
    """Resources of a statement that no need of the role falls on."""
    return [
        (role, pattern)
        for role in sorted({role for role, _, _ in needs})
        for grant in deployment.grants(role)
        for pattern in grant.resources
        if not any(
            by == role and grant.allows(one) and fnmatch.fnmatchcase(one.resource, pattern)
            for (by, _, _), one in needs.items()
        )
    ]


def test_every_action_is_a_word_of_awss_and_is_granted_on_what_aws_checks(
    deployment: Deployment,
) -> None:
    for role in deployment.of_type("AWS::IAM::Role"):
        for grant in deployment.grants(role):
            for action in sorted(grant.actions):
                kinds = resource_kinds(action)
                assert kinds is not None, f"{role}: AWS knows no action {action}"
                # Without a kind of resource, a policy that names one allows nothing.
                if not kinds and action not in CHECKED_ON_MORE:
                    assert EVERYTHING in grant.resources, (role, action)


def test_no_call_of_the_product_is_missing_in_the_table_and_each_row_has_its_source() -> None:
    """Every ``client("service").operation`` of the product; the table's own calls are named by it."""
    called = set()
    for path in Path(chalicelib.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Attribute(
                    value=ast.Call(
                        func=ast.Name(id="client"), args=[ast.Constant(value=str(service))]
                    ),
                    attr=method,
                ):
                    called.add((service, camel(method)))
    assert len(called) > 10
    assert called == {one for one in OPERATIONS if one[0] != "dynamodb"}
    for operation, row in OPERATIONS.items():
        assert row.sources and all(one.startswith("https://") for one in row.sources), operation
