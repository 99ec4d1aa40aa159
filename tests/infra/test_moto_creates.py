"""Another engine creates the template, minus the types that it lacks: references, order and values hold."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

pytestmark = [pytest.mark.long, pytest.mark.promise("local-is-production")]

BUCKET = "artifacts-of-the-test"
# It reads no API from its document, and deploys none that has no method.
NOT_WHOLE = {"AWS::ApiGateway::Deployment"}
# Should moto know less one day, this test would say less.
ESSENTIAL = {
    f"AWS::{one}"
    for one in (
        "ApiGateway::RestApi", "DynamoDB::Table", "Events::Rule", "IAM::Role", "KMS::Key",
        "Lambda::EventSourceMapping", "Lambda::Function", "Lambda::LayerVersion", "Logs::LogGroup",
        "SNS::Topic", "SQS::Queue", "StepFunctions::StateMachine",
    )
}  # fmt: skip


def known(template: dict[str, Any]) -> dict[str, Any]:
    """The template without the resources that moto lacks; what names one of them names nobody."""
    # Half of moto, for this test alone.
    from moto.cloudformation.parsing import resource_class_from_type

    gone = {
        name
        for name, one in template["Resources"].items()
        if resource_class_from_type(one["Type"]) is None or one["Type"] in NOT_WHOLE
    }

    def without(value: Any) -> Any:
        if isinstance(value, list):
            return [without(one) for one in value]
        if isinstance(value, str):
            return re.sub(
                r"\$\{(\w+)(\.\w+)?\}", lambda m: "nobody" if m[1] in gone else m[0], value
            )
        if not isinstance(value, dict):
            return value
        if value.get("Ref") in gone or (value.get("Fn::GetAtt") or [""])[0] in gone:
            return "nobody"
        return {key: without(one) for key, one in value.items()}

    kept = {name: one for name, one in template["Resources"].items() if name not in gone}
    for one in kept.values():
        waits = one.pop("DependsOn", [])
        waits = [waits] if isinstance(waits, str) else waits
        one["DependsOn"] = [name for name in waits if name not in gone]
    made: dict[str, Any] = without({**template, "Resources": kept})
    return made


def test_moto_creates_all_that_it_knows(prod: Path) -> None:
    template = known(json.loads((prod / "template.json").read_text()))
    types = {one["Type"] for one in template["Resources"].values()}
    assert types >= ESSENTIAL
    with mock_aws():
        s3, cloudformation = boto3.client("s3"), boto3.client("cloudformation")
        where = {"LocationConstraint": "us-west-2"}
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
        for path in prod.glob("*.zip"):
            s3.upload_file(str(path), BUCKET, path.name)
        s3.put_object(Bucket=BUCKET, Key="template.json", Body=json.dumps(template))
        cloudformation.create_stack(
            StackName="iecmhc-test",
            TemplateURL=f"https://{BUCKET}.s3.us-west-2.amazonaws.com/template.json",
            Capabilities=["CAPABILITY_IAM"],
            Parameters=[{"ParameterKey": "ArtifactBucket", "ParameterValue": BUCKET}],
        )
        (stack,) = cloudformation.describe_stacks(StackName="iecmhc-test")["Stacks"]
        assert stack["StackStatus"] == "CREATE_COMPLETE"
        pages = cloudformation.get_paginator("list_stack_resources").paginate(
            StackName="iecmhc-test"
        )
        made = {
            one["LogicalResourceId"] for page in pages for one in page["StackResourceSummaries"]
        }
        outputs = {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}
    assert made == conditional(template)
    assert set(outputs) == set(template["Outputs"])


def conditional(template: dict[str, Any]) -> set[str]:
    """The resources that are there without any parameter."""
    return {name for name, one in template["Resources"].items() if "Condition" not in one}
