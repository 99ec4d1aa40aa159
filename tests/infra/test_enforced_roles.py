"""A referral's way with every role's policy really evaluated: what a kind needs, it may.

Where the emulator's enforcement (``AUTH=true``) differs from AWS, and what proves it instead:

* ``ses:SendEmail`` and ``states:SendTaskSuccess`` are checked against ``*``, and ``ses:SendRawEmail`` is
  unknown: it gets a policy of its own for the two, the template keeps none, and ``test_grants.py``
  checks all three on the resources that AWS checks them on
* what the services do with a role (stream, logs, keys, queues, traces) is not checked there at all:
  ``iam_needs.py`` says what that is, with its sources
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.answers import ACCEPTED, DECLINED
from infra.case import Case
from infra.player import Person
from infra.seed import logins
from infra.stack import LocalStack

pytestmark = pytest.mark.promise("least-privilege")

CHECKED_AGAINST_EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["ses:SendEmail", "states:SendTaskSuccess"], "Resource": "*"}
    ],
}
LOG_GROUPS = ("api", "step", "relay", "clock", "mail-events")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    folder: Path = tmp_path_factory.mktemp("enforced")
    with LocalStack(folder, environment={"AUTH": "true"}) as running:
        iam = running.client("iam")
        for role in iam.list_roles()["Roles"]:
            if re.search("-(Api|Relay|Clock|Step)Role-", role["RoleName"]):
                iam.put_role_policy(
                    RoleName=role["RoleName"],
                    PolicyName="emulator",
                    PolicyDocument=json.dumps(CHECKED_AGAINST_EVERYTHING),
                )
        yield running


def complaints(stack: LocalStack) -> list[str]:
    """Every warning and error in the functions' logs: a page may hide a refused call, a log does not."""
    logs, found = stack.client("logs"), []
    for group in LOG_GROUPS:
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/iecmhc-local/{group}"
        )
        for page in pages:
            found += [f"{group}: {e['message'][:600]}" for e in page["events"]]
    marks = ('"level":"WARNING"', '"level":"ERROR"', "AccessDenied", "not authorized", "Traceback")
    return [line for line in found if any(mark in line for mark in marks)]


@pytest.mark.long
def test_a_whole_lifecycle_and_the_console_are_refused_nothing(stack: LocalStack) -> None:
    case = Case("enforced", stack.base_url, stack.run["messages"], lambda line: None)
    case.request()
    case.matched(DECLINED, ACCEPTED)
    case.in_service(planned=4)
    case.sessions(4)
    case.summed_up()
    survey = {"worthwhile": "yes", "kept_in_care": "yes", "before_1": "2", "now_1": "4"}
    case.task("survey answered", survey)
    rests(stack, case.reference)
    case.n += 1
    going = {"kept_in_care": "yes", "going": "better", "call_wanted": "no"}
    case.task("follow-up after 30 days", going)
    assert stack.tick()["failed"] == 0
    assert stack.reconcile("test")["started"] == 0
    staff = sign_in(stack)
    assert staff.open(f"/console/referrals/{case.reference}").status == 200
    assert staff.open("/console/reconcile").status == 200
    page = staff.open(f"/console/runs/referral/{case.reference}-referral-1")
    assert page.status == 200
    assert "no longer keeps the history" not in page.text
    assert complaints(stack) == []


def rests(stack: LocalStack, reference: str) -> None:
    """The rest after the survey is over at once: its instant in the row is moved to now."""
    dynamodb, key = (
        stack.client("dynamodb"),
        {"pk": {"S": f"R#{reference}"}, "sk": {"S": "REFERRAL"}},
    )
    end = time.monotonic() + 40
    while True:
        row = dynamodb.get_item(TableName=stack.table, Key=key, ConsistentRead=True)["Item"]
        if row.get("task", {}).get("M", {}).get("kind", {}).get("S") == "follow_up_rest":
            break
        assert time.monotonic() < end, row.get("task")
        time.sleep(0.2)
    dynamodb.update_item(
        TableName=stack.table,
        Key=key,
        UpdateExpression="SET task.expires = :now, wake_at = :now, wpk = :w",
        ExpressionAttributeValues={":now": {"N": str(int(time.time()))}, ":w": {"S": "W"}},
    )
    assert stack.tick()["failed"] == 0


def sign_in(stack: LocalStack) -> Person:
    """The administrator at the console, through the hosted login."""
    admin = next(who for who in logins().values() if who["group"] == "admin")
    staff = Person(stack.base_url).open("/login")
    staff.browser.select_form("main form")
    staff.press()
    staff.browser.select_form("form")
    staff.browser["username"], staff.browser["password"] = admin["email"], admin["password"]
    staff.press()
    assert str(staff.browser.url).startswith(stack.base_url), staff.text[:300]
    return staff
