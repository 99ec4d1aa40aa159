"""One role a kind of function, with nothing that its kind does not do."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.infra.conftest import statements

pytestmark = pytest.mark.promise("least-privilege")

Find = Callable[[str], dict[str, dict[str, Any]]]

# AWS knows no resource for these actions.
NO_RESOURCE_LEVEL = {
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
    "ses:GetAccount",
    "ses:ListSuppressedDestinations",
    "cloudwatch:GetMetricStatistics",
}


def actions(role: dict[str, Any]) -> set[str]:
    return {action for statement in statements(role) for action in statement["Action"]}


def test_a_star_stands_only_where_aws_has_no_resource_level(of_type: Find) -> None:
    for name, role in of_type("AWS::IAM::Role").items():
        for statement in statements(role):
            assert not any("*" in action for action in statement["Action"]), name
            if "*" in statement["Resource"]:
                assert set(statement["Action"]) <= NO_RESOURCE_LEVEL, name


def test_every_pattern_of_a_resource_stays_within_this_stack(of_type: Find) -> None:
    for name, role in of_type("AWS::IAM::Role").items():
        for statement in statements(role):
            for resource in statement["Resource"]:
                text = json.dumps(resource)
                ours = "${AWS::StackName}" in text or "${Table" in text
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
        assert ("ses:SendEmail" in actions(role)) == (name in mailers), name


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
    assert readers == {"ApiRole", "RelayRole", "ClockRole"}


def test_nobody_scans_the_table_and_only_pages_may_delete(of_type: Find) -> None:
    for name, role in of_type("AWS::IAM::Role").items():
        assert "dynamodb:Scan" not in actions(role), name
        assert ("dynamodb:DeleteItem" in actions(role)) == (name == "ApiRole"), name


def test_reports_of_mail_read_a_referral_and_change_single_rows_only(of_type: Find) -> None:
    role = of_type("AWS::IAM::Role")["MailEventsRole"]
    touched = {action for action in actions(role) if action.startswith("dynamodb:")}
    assert touched == {
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
    }


def test_a_machine_may_call_every_step_and_no_other_function(of_type: Find) -> None:
    from infra.template import KINDS

    steps = set(of_type("AWS::Lambda::Function")) - set(KINDS)
    for name in ("StageMachineRole", "ParentMachineRole"):
        role = of_type("AWS::IAM::Role")[name]
        called = {
            resource["Fn::GetAtt"][0]
            for statement in statements(role)
            if "lambda:InvokeFunction" in statement["Action"]
            for resource in statement["Resource"]
        }
        assert called == steps
