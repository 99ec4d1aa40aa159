"""What an operator does with a stage: try it, let its first admin in, take it down."""

from __future__ import annotations

import re
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.aws.settings import settings
from chalicelib.directory import people
from chalicelib.domain.roles import Scope
from infra.change_set import DeployError
from infra.operations import smoke, teardown
from infra.operations.first_admin import make
from infra.target import NoStack, outputs_of
from tests.world import World

STACK = "iecmhc-staging"


# -- the first admin -------------------------------------------------------------------------------
class Pool:
    """Users by address, and who is in which group."""

    class exceptions:  # noqa: N801 (boto3's)
        class UsernameExistsException(Exception):
            """As Cognito says it."""

    def __init__(self) -> None:
        self.users: dict[str, dict[str, str]] = {}
        self.groups: set[tuple[str, str]] = set()

    def admin_create_user(self, **named: Any) -> None:
        if named["Username"] in self.users:
            raise self.exceptions.UsernameExistsException
        password = named["TemporaryPassword"]
        assert len(password) >= 14 and re.search("[a-z]", password) and re.search("[A-Z]", password)
        assert re.search("[0-9]", password)
        self.users[named["Username"]] = {o["Name"]: o["Value"] for o in named["UserAttributes"]}

    def admin_add_user_to_group(self, **named: Any) -> None:
        self.groups.add((named["Username"], named["GroupName"]))


def admin(world: World, pool: Pool, email: str) -> list[str]:
    outputs = {"TableName": settings().table_name, "StaffPoolId": "p"}
    return make(outputs, boto3.client("dynamodb"), pool, email, "Jo Doe")


def test_the_first_admin_is_in_the_directory_and_can_sign_in(world: World) -> None:
    pool = Pool()
    assert len(admin(world, pool, "Jo.Doe@example.org")) == 2
    row = people.staff_now("jo-doe")
    assert row["active"] and row["role"] == "admin" and people.scope_of(row) == Scope.of("all")
    known = {"email": "Jo.Doe@example.org", "email_verified": "true"}
    assert pool.users == {"Jo.Doe@example.org": known}
    assert pool.groups == {("Jo.Doe@example.org", "admin")}


def test_said_again_it_makes_nothing_and_finishes_what_was_left(world: World) -> None:
    pool = Pool()
    admin(world, pool, "jo@example.org")
    assert admin(world, pool, "jo@example.org") == []
    pool.users.clear()
    assert len(admin(world, pool, "jo@example.org")) == 1


def test_nobody_else_becomes_an_admin_by_a_like_address(world: World) -> None:
    pool = Pool()
    admin(world, pool, "jo@example.org")
    with pytest.raises(LookupError, match="somebody else"):
        admin(world, pool, "jo@elsewhere.example.org")
    assert len(pool.users) == 1


# -- down ------------------------------------------------------------------------------------------
class CloudFormation:
    """A stack with a table that stays."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def get_template(self, StackName: str) -> dict[str, Any]:  # noqa: N803 (boto3's)
        table = {"Type": "AWS::DynamoDB::Table", "DeletionPolicy": "RetainExceptOnCreate"}
        resources = {"Table": table, "Relay": {"Type": "AWS::Lambda::Function"}}
        return {"TemplateBody": {"Resources": resources}}

    def get_paginator(self, name: str) -> Any:
        listed = [
            {"LogicalResourceId": name, "PhysicalResourceId": f"{name}-1"}
            for name in ("Table", "Relay")
        ]

        class Pages:
            def paginate(self, **named: str) -> list[Any]:
                return [{"StackResourceSummaries": listed}]

        return Pages()

    def describe_stacks(self, **named: str) -> dict[str, Any]:
        return {"Stacks": [{"StackId": "arn", "StackStatus": "DELETE_COMPLETE"}]}

    def update_termination_protection(self, **named: object) -> None:
        self.done.append("unprotected")

    def delete_stack(self, **named: str) -> None:
        self.done.append("deleted")


def down(monkeypatch: pytest.MonkeyPatch, *answers: str) -> tuple[list[str], list[str]]:
    monkeypatch.setattr(teardown, "outputs_of", lambda stack: {})
    given, aws = iter(answers), CloudFormation()
    said: list[str] = []
    teardown.teardown("staging", aws, lambda question: next(given), said.append)
    return aws.done, said


@pytest.mark.parametrize("answers", [("yes",), ("iecmhc-prod",), (STACK, "yes"), (STACK, "")])
def test_a_stage_goes_only_after_both_questions(
    monkeypatch: pytest.MonkeyPatch, answers: tuple[str, ...]
) -> None:
    done, said = down(monkeypatch, *answers)
    assert done == []
    assert "  DynamoDB::Table Table-1: 0.25 a GB and month, and 0.20 a GB for its backups" in said


def test_what_stays_is_named_with_the_command_that_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    done, said = down(monkeypatch, STACK, "DELETE")
    assert done == ["unprotected", "deleted"]
    assert said[-1].endswith("aws dynamodb delete-table --table-name Table-1")
    assert not any("Relay" in line for line in said)


def test_the_price_of_all_that_the_template_keeps_is_known(template: dict[str, Any]) -> None:
    kept = {
        one["Type"]
        for one in template["Resources"].values()
        if str(one.get("DeletionPolicy", "")).startswith("Retain")
    }
    assert kept == set(teardown.KEPT)


def test_a_stage_that_is_not_there_is_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Empty:
        def describe_stacks(self, **named: str) -> None:
            error = {"Error": {"Code": "ValidationError", "Message": "it does not exist"}}
            raise ClientError(error, "DescribeStacks")

    monkeypatch.setattr(boto3, "client", lambda name: Empty())
    with pytest.raises(NoStack, match="there is no stack iecmhc-staging"):
        outputs_of(STACK)


# -- the smoke test --------------------------------------------------------------------------------
@pytest.mark.promise("deploy-trusted")
def test_one_thing_that_fails_fails_the_stage_and_the_rest_is_looked_at(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def pages() -> None:
        """Fine."""

    def letter() -> None:
        raise smoke.Broken("test letter: did not leave")

    def run() -> None:
        raise DeployError("the run took longer than 60 s")

    monkeypatch.setattr(smoke, "settle_in", lambda stage: None)
    monkeypatch.setattr(smoke, "CHECKS", (letter, run, pages))
    monkeypatch.setattr("sys.argv", ["smoke", "--stage", "staging"])
    assert smoke.main() == 1
    said = capsys.readouterr().out
    assert "FAILS  letter: test letter: did not leave" in said and "FAILS  run" in said
    assert "ok     pages" in said and "staging: 2 of 3 fail" in said
    monkeypatch.setattr(smoke, "CHECKS", (pages,))
    assert smoke.main() == 0
