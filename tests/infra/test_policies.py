"""One role a kind of function, with nothing that its kind does not do."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.referral.rows import waitlist_rows
from chalicelib.services.communities import line, one_seat
from chalicelib.training.applications import line as in_training
from chalicelib.training.applications import one_application
from tests.infra.conftest import statements
from tests.infra.iam_policies import resource_kinds

pytestmark = pytest.mark.promise("least-privilege")

Find = Callable[[str], dict[str, dict[str, Any]]]

BY_OUR_SENDER = {"StringEquals": {"ses:FromAddress": {"Ref": "SenderEmail"}}}


def actions(role: dict[str, Any]) -> set[str]:
    return {action for statement in statements(role) for action in statement["Action"]}


def test_a_star_stands_only_where_aws_has_no_resource_level(of_type: Find) -> None:
    for name, role in of_type("AWS::IAM::Role").items():
        for statement in statements(role):
            assert not any("*" in action for action in statement["Action"]), name
            if "*" in statement["Resource"]:
                # SES lists what it sends nothing to by account; the reference has tenants there.
                wide = {a for a in statement["Action"] if (resource_kinds(a) or set()) - {"tenant"}}
                assert wide == set(), (name, wide)


def test_every_pattern_of_a_resource_stays_within_this_stack(of_type: Find) -> None:
    for name, role in of_type("AWS::IAM::Role").items():
        for statement in statements(role):
            for resource in statement["Resource"]:
                text = json.dumps(resource)
                ours = "${AWS::StackName}" in text or "${Table" in text
                # Whoever a letter goes to, it is from our sender.
                ours |= statement.get("Condition") == BY_OUR_SENDER
                assert "*" not in text or resource == "*" or ours, (name, resource)


def test_there_is_no_role_beside_ours(of_type: Find) -> None:
    assert set(of_type("AWS::IAM::Role")) == {
        "ApiRole",
        "StepRole",
        "RelayRole",
        "ClockRole",
        "MailEventsRole",
        "StageMachineRole",
        "ParentMachineRole",
        "ApiLogsRole",
    }


def test_only_the_outbox_and_the_clock_start_runs_and_send_mail_beside_the_pages_codes(
    of_type: Find,
) -> None:
    allowed = {"RelayRole", "ClockRole"}
    mailers = {*allowed, "ApiRole"}  # the status page's code: worthless a minute later
    for name, role in of_type("AWS::IAM::Role").items():
        if name != "ParentMachineRole":
            assert ("states:StartExecution" in actions(role)) == (name in allowed), name
        for action in ("ses:SendEmail", "ses:SendRawEmail"):
            assert (action in actions(role)) == (name in mailers), name


def test_only_the_outbox_and_the_clock_stop_a_run_from_a_function(of_type: Find) -> None:
    stops = {
        n for n, r in of_type("AWS::IAM::Role").items() if "states:StopExecution" in actions(r)
    }
    assert stops == {"RelayRole", "ClockRole", "ParentMachineRole"}


def test_steps_hold_no_key_to_links(of_type: Find) -> None:
    readers = {
        name
        for name, role in of_type("AWS::IAM::Role").items()
        if "secretsmanager:GetSecretValue" in actions(role)
    }
    # Reports of texts find whose number it is under the same keys.
    assert readers == {"ApiRole", "RelayRole", "ClockRole", "MailEventsRole"}


def test_nobody_scans_the_table_and_only_pages_may_delete_more_than_a_place_in_line(
    of_type: Find,
) -> None:
    for name, role in of_type("AWS::IAM::Role").items():
        assert "dynamodb:Scan" not in actions(role), name
        may_delete = name in ("ApiRole", "ClockRole", "StepRole")
        assert ("dynamodb:DeleteItem" in actions(role)) == may_delete, name
    for name in ("ClockRole", "StepRole"):
        (deletes,) = (
            one
            for one in statements(of_type("AWS::IAM::Role")[name])
            if "dynamodb:DeleteItem" in one["Action"]
        )
        keys = [waitlist_rows.WAITLIST, line.LINE, f"{one_seat.ROW}#*"]
        keys += [f"{in_training.LINE}*", f"{one_application.ROW}#*"]
        assert deletes["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": keys}}


def test_reports_of_mail_read_a_referral_and_change_single_rows_only(of_type: Find) -> None:
    role = of_type("AWS::IAM::Role")["MailEventsRole"]
    touched = {action for action in actions(role) if action.startswith("dynamodb:")}
    assert touched == {
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
    }
