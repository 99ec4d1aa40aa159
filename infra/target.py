"""Which AWS the tools at the command line talk to: the caller's account, or the stack of `make run`."""

from __future__ import annotations

import json
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class NoStack(LookupError):
    """There is no stack to talk to; the message is one line that says what to do."""


def aim(stage: str) -> None:
    """Point boto3 at the stack that runs here where ``stage`` is local. Raises NoStack."""
    if stage != "local" or "AWS_ENDPOINT_URL" in os.environ:
        return
    facts = ROOT / os.environ.get("LOCAL_DIR", ".local") / "run.json"
    if not facts.exists():
        raise NoStack("no local stack runs: start one with `make run`")
    run = json.loads(facts.read_text())
    os.environ |= {
        "AWS_ENDPOINT_URL": run["endpoint"],
        "AWS_ENDPOINT_URL_SESV2": run["mail_endpoint"],
        "AWS_DEFAULT_REGION": run["region"],
        "AWS_ACCESS_KEY_ID": run["account"],
        "AWS_SECRET_ACCESS_KEY": "local",
    }


def outputs_of(stack: str) -> dict[str, str]:
    """The outputs of a stack. Raises NoStack where there is none."""
    import boto3
    from botocore.exceptions import ClientError

    try:
        found = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        if "does not exist" not in str(error):
            raise
        raise NoStack(f"there is no stack {stack}") from None
    return {one["OutputKey"]: one["OutputValue"] for one in found[0].get("Outputs", [])}
