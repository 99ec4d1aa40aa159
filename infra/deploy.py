"""The one deploy command, for AWS and for the emulator (it honours AWS_ENDPOINT_URL).

    python -m infra.deploy --stage prod --param SenderEmail=no-reply@example.org

build -> artifact bucket (made on first use) -> upload -> change set, shown -> execute -> outputs. A stack
without a base URL gets a second update that puts in the API's own address. What would put people's data
out of use is refused, unless ``--yes replace`` says so; a stage that serves them takes only a commit.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from infra.build import ROOT, build
from infra.change_set import DeployError as DeployError
from infra.change_set import Say, look_at, patiently, propose
from infra.concurrency import check_room
from infra.release import Unfit, release
from infra.target import NoStack, aim
from infra.template import BuildError

APP = "iecmhc"
Client = Callable[[str], Any]
_DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")


def stack_name(stage: str) -> str:
    """The stack of a stage."""
    return f"{APP}-{stage}"


def deploy(
    stage: str,
    out: Path,
    client: Client,
    parameters: Mapping[str, str],
    say: Say,
    *,
    may_replace: bool = False,
) -> dict[str, str]:
    """Bring the stack of ``stage`` to the built template in ``out``; returns its outputs.

    Parameters that are not named keep the value they have. ``may_replace``: what holds people's data
    may be replaced by something empty. Raises DeployError.
    """
    bucket = artifact_bucket(client)
    say(f"uploading to {bucket}")
    url = upload(client, bucket, out)
    given = {"ArtifactBucket": bucket, "Stage": stage, **parameters}
    outputs = _change(client, stage, out, url, given, say, may_replace)
    if not given.get("BaseUrl") and not _current(client, stage).get("BaseUrl"):
        say(f"base URL is the API's own: {outputs['ApiUrl']}")
        given["BaseUrl"] = outputs["ApiUrl"]
        outputs = _change(client, stage, out, url, given, say, may_replace)
    # CloudFormation takes this from nobody's template.
    client("cloudformation").update_termination_protection(
        StackName=stack_name(stage), EnableTerminationProtection=True
    )
    return outputs


def artifact_bucket(client: Client) -> str:
    """The account's bucket for zips and templates in this region, made when missing."""
    from botocore.exceptions import ClientError

    s3 = client("s3")
    account = client("sts").get_caller_identity()["Account"]
    region = s3.meta.region_name
    name = f"{APP}-artifacts-{account}-{region}"
    try:
        s3.head_bucket(Bucket=name)
        return name
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
            raise DeployError(f"bucket {name}: {error}") from None
    where = {} if region == "us-east-1" else {"LocationConstraint": region}
    s3.create_bucket(Bucket=name, **({"CreateBucketConfiguration": where} if where else {}))
    closed = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(
        Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(closed, True)
    )
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
    return name


def upload(client: Client, bucket: str, out: Path) -> str:
    """Upload what is not there yet (names follow from content) and return the template's URL."""
    from botocore.exceptions import ClientError

    s3 = client("s3")
    for path in sorted(out.glob("*.zip")):
        try:
            s3.head_object(Bucket=bucket, Key=path.name)
        except ClientError:
            s3.upload_file(str(path), bucket, path.name)
    key = f"template-{(out / 'fingerprint').read_text()[:32]}.json"
    s3.upload_file(str(out / "template.json"), bucket, key)
    return f"{s3.meta.endpoint_url.rstrip('/')}/{bucket}/{key}"


def _change(
    client: Client,
    stage: str,
    out: Path,
    url: str,
    given: Mapping[str, str],
    say: Say,
    may_replace: bool,
) -> dict[str, str]:
    cloudformation, name = client("cloudformation"), stack_name(stage)
    known = _current(client, stage)
    kind = "UPDATE" if known is not _NOTHING else "CREATE"
    template = json.loads((out / "template.json").read_text())
    declared = template["Parameters"]
    if unknown := sorted(set(given) - set(declared)):
        raise DeployError(f"the template has no parameter {', '.join(unknown)}")
    if kind == "CREATE":
        check_room(client, template, given)
    parameters: list[dict[str, Any]] = [
        {"ParameterKey": k, "ParameterValue": v} for k, v in given.items()
    ]
    parameters += [
        {"ParameterKey": k, "UsePreviousValue": True}
        for k in declared
        if k in known and k not in given
    ]
    change = propose(
        cloudformation,
        name,
        ChangeSetType=kind,
        TemplateURL=url,
        Parameters=parameters,
        Tags=[{"Key": "app", "Value": APP}, {"Key": "stage", "Value": stage}],
    )
    if not change:
        say("nothing to change")
        return _outputs(cloudformation, name)
    look_at(cloudformation, change, name, say, may_replace)
    say(f"{kind.lower()[:-1]}ing {name}")
    cloudformation.execute_change_set(ChangeSetName=change, StackName=name)
    for _ in patiently(f"the stack {name}", 3600):
        status = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        if status in _DONE:
            return _outputs(cloudformation, name)
        if not status.endswith("_IN_PROGRESS") or status.startswith("ROLLBACK"):
            raise DeployError(f"{name} is {status}: {_first_failure(cloudformation, name)}")
    raise AssertionError("unreachable")


_NOTHING: dict[str, str] = {}


def _current(client: Client, stage: str) -> dict[str, str]:
    """The parameters of the stack as it is; ``_NOTHING`` itself when there is none yet."""
    from botocore.exceptions import ClientError

    try:
        stacks = client("cloudformation").describe_stacks(StackName=stack_name(stage))["Stacks"]
    except ClientError as error:
        if "does not exist" not in str(error):
            raise DeployError(str(error)) from None
        return _NOTHING
    stack = stacks[0]
    if stack["StackStatus"] == "REVIEW_IN_PROGRESS":
        return _NOTHING
    if stack["StackStatus"] == "ROLLBACK_COMPLETE":
        raise DeployError(
            f"{stack_name(stage)} failed at its first deploy: delete that stack, then try again"
        )
    return {p["ParameterKey"]: p["ParameterValue"] for p in stack.get("Parameters", [])}


def _outputs(cloudformation: Any, name: str) -> dict[str, str]:
    stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    return {o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", [])}


def _first_failure(cloudformation: Any, name: str) -> str:
    pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=name)
    events = [event for page in pages for event in page["StackEvents"]]
    failed = [e for e in events if e.get("ResourceStatus", "").endswith("_FAILED")]
    for event in reversed(failed):
        if "cancelled" not in event.get("ResourceStatusReason", "").lower():
            return f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
    return "see its events"


def main() -> int:
    """Command line: build, deploy, print the outputs."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    parser = argparse.ArgumentParser(description="Build and deploy a stage.")
    parser.add_argument("--stage", required=True)
    parser.add_argument("--param", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--yes", choices=["replace"], help="what holds data may be replaced")
    args = parser.parse_args()
    pairs = [text.partition("=") for text in args.param]
    if wrong := [
        text for text, (_, equals, _) in zip(args.param, pairs, strict=True) if not equals
    ]:
        parser.error(f"--param wants NAME=VALUE, not {wrong[0]}")

    def say(line: str) -> None:
        print(f"  {line}", flush=True)

    try:
        named = release(ROOT, args.stage)
        aim(args.stage)
        out = build(args.stage, say=say)
        clients: dict[str, Any] = {}
        outputs = deploy(
            args.stage,
            out,
            lambda name: clients.setdefault(name, boto3.client(name)),
            {**named.parameters(), **{name: value for name, _, value in pairs}},
            say,
            may_replace=args.yes == "replace",
        )
    except (BuildError, DeployError, NoStack, Unfit, BotoCoreError, ClientError) as error:
        print(f"deploy: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    for name, value in sorted(outputs.items()):
        print(f"{name} = {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
