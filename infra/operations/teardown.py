"""Take a stage down: `make teardown STAGE=`. It asks twice, and says what stays and what that costs.

    python -m infra.operations.teardown --stage staging

What holds people's data is kept by the template and goes only by hand, with the commands that this prints.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from infra.change_set import DeployError, patiently
from infra.deploy import stack_name
from infra.target import aim, outputs_of

Say = Callable[[str], None]
Ask = Callable[[str], str]


class Kept(NamedTuple):
    """What a kept resource costs while it stays (USD, us-west-2), and the command that ends it, if
    it is worth one."""

    costs: str
    ends: str = ""


KEPT = {
    "AWS::DynamoDB::Table": Kept(
        "0.25 a GB and month, and 0.20 a GB for its backups",
        "aws dynamodb update-table --no-deletion-protection-enabled --table-name {0} && "
        "aws dynamodb delete-table --table-name {0}",
    ),
    "AWS::Cognito::UserPool": Kept(
        "nothing while nobody signs in",
        "aws cognito-idp update-user-pool --deletion-protection INACTIVE --user-pool-id {0} && "
        "aws cognito-idp delete-user-pool --user-pool-id {0}",
    ),
    "AWS::KMS::Key": Kept(
        "1.00 a month; without it the table cannot be read, nor its backups",
        "aws kms schedule-key-deletion --key-id {0}",
    ),
    "AWS::SecretsManager::Secret": Kept(
        "0.40 a month", "aws secretsmanager delete-secret --secret-id {0}"
    ),
    "AWS::SES::EmailIdentity": Kept(
        "nothing; the next stack of this sender fails while it is there",
        "aws sesv2 delete-email-identity --email-identity {0}",
    ),
    "AWS::IAM::Role": Kept("nothing; other stages write their logs with it"),
    "AWS::ApiGateway::Account": Kept("nothing; it is the region's"),
    "AWS::Lambda::LayerVersion": Kept("nothing to speak of"),
}


def kept(cloudformation: Any, stack: str) -> list[tuple[str, str]]:
    """What stays when the stack goes, as its deployed template says: type and physical id."""
    body = cloudformation.get_template(StackName=stack)["TemplateBody"]
    template = json.loads(body) if isinstance(body, str) else body
    stay = {
        name: one["Type"]
        for name, one in template["Resources"].items()
        if str(one.get("DeletionPolicy", "")).startswith("Retain")
    }
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    found = [one for page in pages for one in page["StackResourceSummaries"]]
    ids = {one["LogicalResourceId"]: str(one.get("PhysicalResourceId", "")) for one in found}
    return sorted((kind, ids[name]) for name, kind in stay.items() if ids.get(name))


def teardown(stage: str, cloudformation: Any, ask: Ask, say: Say) -> bool:
    """Ask twice and delete the stack; whether it was done. Raises DeployError, NoStack."""
    stack = stack_name(stage)
    outputs_of(stack)
    stays = kept(cloudformation, stack)
    say(f"{stack} goes: pages, functions, runs that are under way, alarms, logs.")
    say("These stay, and cost (USD):")
    for kind, name in stays:
        say(f"  {kind.removeprefix('AWS::')} {name}: {KEPT[kind].costs}")
    say("  the bucket of artifacts: 0.02 a GB and month; other stages use it")
    if ask(f"Type the name of the stack to go on ({stack}): ") != stack:
        return False
    if ask("Nobody can reach the Network by it afterwards. Type DELETE: ") != "DELETE":
        return False
    cloudformation.update_termination_protection(StackName=stack, EnableTerminationProtection=False)
    arn = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackId"]
    cloudformation.delete_stack(StackName=stack)
    for _ in patiently(f"the end of {stack}", 3600):
        # By its id it is still known when it is gone.
        status = cloudformation.describe_stacks(StackName=arn)["Stacks"][0]["StackStatus"]
        if status == "DELETE_COMPLETE":
            break
        if status == "DELETE_FAILED":
            raise DeployError(f"{stack} is not quite gone: see its events")
    say("Gone. What stays ends by hand, the key last:")
    for kind, name in sorted(stays, key=lambda one: one[0] == "AWS::KMS::Key"):
        if KEPT[kind].ends:
            say(f"  {KEPT[kind].ends.format(name)}")
    return True


def main() -> int:
    """Command line: take a stage down."""
    import boto3

    parser = argparse.ArgumentParser(description="Take a stage down.")
    parser.add_argument("--stage", required=True)
    stage = parser.parse_args().stage
    try:
        aim(stage)
        done = teardown(stage, boto3.client("cloudformation"), input, print)
    except (Exception, EOFError) as error:
        print(f"teardown: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    if not done:
        print("teardown: nothing was done", file=sys.stderr)
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
