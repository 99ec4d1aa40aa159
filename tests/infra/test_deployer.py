"""The workflow that deploys and the role that it takes: pinned, bound to tags, and unable to lose data."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.machines import camel
from infra.template import _Loader
from tests.infra.conftest import as_list
from tests.infra.iam_policies import resource_kinds

ROOT = Path(__file__).resolve().parents[2]
# The service of a type of resource, where its policies name it otherwise.
SERVICES = {"cognito": "cognito-idp", "stepfunctions": "states"}
# What would take away what people told us.
LOSING = (
    "dynamodb:DeleteTable",
    "cognito-idp:DeleteUserPool",
    "kms:ScheduleKeyDeletion",
    "secretsmanager:DeleteSecret",
    "cloudformation:DeleteStack",
)

pytestmark = pytest.mark.promise("deploy-trusted")


@pytest.fixture(scope="module")
def deployer() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load((ROOT / "infra" / "deployer.yaml").read_text(), _Loader)
    return loaded["Resources"]


@pytest.fixture(scope="module")
def workflow() -> dict[str, Any]:
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text()
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def statements(deployer: dict[str, Any], effect: str) -> list[dict[str, Any]]:
    return [
        one
        for policy in deployer.values()
        if policy["Type"] == "AWS::IAM::ManagedPolicy"
        for one in policy["Properties"]["PolicyDocument"]["Statement"]
        if one["Effect"] == effect
    ]


def actions(deployer: dict[str, Any], effect: str) -> list[str]:
    return [a for one in statements(deployer, effect) for a in as_list(one["Action"])]


def test_every_service_of_the_template_may_be_deployed(
    deployer: dict[str, Any], template: dict[str, Any]
) -> None:
    allowed = {action.partition(":")[0] for action in actions(deployer, "Allow")}
    types = {one["Type"].split("::")[1].lower() for one in template["Resources"].values()}
    assert {SERVICES.get(one, one) for one in types} <= allowed | {"s3"}


def test_every_action_is_one_that_aws_knows(deployer: dict[str, Any]) -> None:
    named = [a for e in ("Allow", "Deny") for a in actions(deployer, e) if not a.endswith(":*")]
    # The names of API Gateway are HTTP's methods.
    unknown = [a for a in named if resource_kinds(a) is None and not a.startswith("apigateway:")]
    assert unknown == []


def test_it_can_take_away_nothing_that_holds_data_and_cannot_raise_itself(
    deployer: dict[str, Any],
) -> None:
    denied = actions(deployer, "Deny")
    assert [one for one in LOSING if one not in denied] == []
    (itself,) = [one for one in statements(deployer, "Deny") if one["Sid"] == "NotItself"]
    assert itself["Resource"]["Fn::Sub"].endswith("role/iecmhc-deployer")
    assert not any(action in ("*", "iam:*") for action in actions(deployer, "Allow"))
    (roles,) = [one for one in statements(deployer, "Allow") if one["Sid"] == "Roles"]
    pattern = roles["Resource"]["Fn::Sub"].rpartition("/")[2]
    assert fnmatchcase("iecmhc-prod-RelayRole-1", pattern)
    assert not fnmatchcase("iecmhc-deployer", pattern)


def test_only_the_protected_environment_of_our_own_repository_takes_the_role(
    deployer: dict[str, Any],
) -> None:
    (trust,) = deployer["Deployer"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    same = trust["Condition"]["StringEquals"]
    issuer = "token.actions.githubusercontent.com"
    assert same[f"{issuer}:aud"] == "sts.amazonaws.com"
    assert same[f"{issuer}:sub"] == {"Fn::Sub": "repo:${Repository}:environment:prod"}


def test_a_policy_fits_into_what_iam_takes(deployer: dict[str, Any]) -> None:
    for name, policy in deployer.items():
        if policy["Type"] == "AWS::IAM::ManagedPolicy":
            text = json.dumps(policy["Properties"]["PolicyDocument"], separators=(",", ":"))
            assert len(text) < 6144, name


def test_the_workflow_deploys_tags_alone_after_the_checks_and_without_a_key(
    workflow: dict[str, Any],
) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    deploy = workflow["jobs"]["deploy"]
    assert deploy["if"] == "startsWith(github.ref, 'refs/tags/v')" and deploy["needs"] == "check"
    assert deploy["environment"] == "prod"
    assert deploy["permissions"] == {"contents": "read", "id-token": "write"}
    assert "permissions" not in workflow["jobs"]["check"]
    assert "secrets." not in json.dumps(workflow)


def test_every_step_is_pinned_and_every_command_is_one_of_ours(workflow: dict[str, Any]) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    for job in workflow["jobs"].values():
        assert re.fullmatch(r"ubuntu-\d\d\.\d\d", job["runs-on"]) and job["timeout-minutes"]
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"]), step
            elif step["run"].startswith("make "):
                assert step["run"].split()[1] in targets
            else:
                assert (ROOT / step["run"]).exists()


# A call of boto3 -> what AWS checks, where the name does not say it. None: it checks nothing.
CHECKED = {
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:UploadFile": "s3:PutObject",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "sts:GetCallerIdentity": None,
}
CALL = re.compile(r"""\b(?:client\("([a-z0-9]+)"\)|(s3|cloudformation|watch))\.([a-z_]+)\(""")


def test_the_role_may_do_what_the_deploy_and_the_smoke_test_call(deployer: dict[str, Any]) -> None:
    allowed = actions(deployer, "Allow")
    names = {"watch": "cloudwatch", "stepfunctions": "states"}
    files = ("deploy.py", "change_set.py", "operations/smoke.py", "target.py", "doctor.py")
    calls = {
        f"{names.get(found[1] or found[2], found[1] or found[2])}:{camel(found[3])}"
        for file in files
        for found in CALL.finditer((ROOT / "infra" / file).read_text())
        if found[3] != "get_paginator"
    }
    assert len(calls) > 12
    needed = {CHECKED.get(call, call) for call in calls} - {None}
    assert [one for one in needed if not any(fnmatchcase(str(one), a) for a in allowed)] == []
