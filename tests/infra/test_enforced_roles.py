"""A referral's way with every role's policy really evaluated: what a kind needs, it may (S34).

The emulator checks two actions against every resource where AWS checks them against ours; it gets a
policy of its own for those two, and the template keeps none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import case as scenarios
from infra.player import Mailbox, Person
from infra.seed import logins
from infra.stack import LocalStack

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
            if re.search("-(Relay|Clock|Step)Role-", role["RoleName"]):
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


def test_pages_steps_relay_clock_and_console_are_refused_nothing(stack: LocalStack) -> None:
    mailbox, provider = Mailbox(stack.run["messages"]), Person(stack.base_url)
    reference = provider.request({**scenarios.REQUEST, "contact_email": "ana@example.org"})
    for n, said in ((1, scenarios.TRIAGE), (2, scenarios.ACCEPT)):
        link, to = mailbox.link(reference, n)
        Person(stack.base_url).answer(
            link, said, lambda to=to: mailbox.newer_code(to, reference, before=0)
        )
    mailbox.link(reference, 3)
    assert stack.tick()["failed"] == 0
    assert stack.reconcile("test")["started"] == 0
    staff = sign_in(stack)
    assert staff.open(f"/console/referrals/{reference}").status == 200
    page = staff.open(f"/console/runs/referral/{reference}-referral-1")
    assert page.status == 200
    assert "no longer keeps the history" not in page.text
    assert complaints(stack) == []


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
