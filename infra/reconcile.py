"""Compare the table with the runs now, on a deployed or the local stack, and print what was found.

    python -m infra.reconcile [--stage prod] [--deep] [--reason "table restored"]

Without ``--stage`` it is the stack that ``make run`` serves (LOCAL_DIR). ``--deep`` compares the tokens
of all referrals as well: after a table was restored. It goes on until nothing is left to look at.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.deploy import stack_name
from infra.emulator import StackError
from infra.furnish import scheduled

Invoke = Callable[[dict[str, Any]], dict[str, Any]]


def rounds(invoke: Invoke, say: Callable[[str], None], reason: str, deep: bool) -> int:
    """Play rounds until one is whole; returns how many findings there were."""
    after, found = "", 0
    while True:
        answer = invoke(scheduled("reconcile", reason=reason, deep=deep, after=after))
        for one in answer["findings"]:
            say(f"{one['reference']}  {one['finding']:18} {one['repair'] or 'moving again'}")
        found += len(answer["findings"])
        say(
            f"{answer['referrals']} referrals, {answer['runs']} runs, {answer['looked']} looked at, "
            f"{answer['started']} started, {answer['stopped']} ended, {answer['handed']} handed to a "
            f"person, {answer['failed']} failed"
        )
        if not answer["next"]:
            return found
        after = answer["next"]


def local(folder: Path) -> Invoke:
    """The function of the stack that runs here. Raises StackError."""
    import boto3

    try:
        run = json.loads((folder / "run.json").read_text())
    except OSError:
        raise StackError(f"no stack runs in {folder}: `make run`, or name a STAGE=") from None
    client = boto3.client(
        "lambda",
        endpoint_url=run["endpoint"],
        region_name=run["region"],
        aws_access_key_id=run["account"],
        aws_secret_access_key="local",
    )
    return _caller(client, run["functions"]["reconcile"])


def deployed(stage: str) -> Invoke:
    """The function of a stage on AWS, with the caller's own credentials. Raises StackError."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        stacks = boto3.client("cloudformation").describe_stacks(StackName=stack_name(stage))
    except (BotoCoreError, ClientError) as error:
        raise StackError(f"{stack_name(stage)}: {error}") from None
    outputs = {o["OutputKey"]: o["OutputValue"] for o in stacks["Stacks"][0]["Outputs"]}
    client = boto3.client("lambda", config=Config(read_timeout=320, retries={"max_attempts": 0}))
    return _caller(client, outputs["ReconcileName"])


def _caller(client: Any, name: str) -> Invoke:
    def invoke(event: dict[str, Any]) -> dict[str, Any]:
        answer = client.invoke(FunctionName=name, Payload=json.dumps(event))
        body = answer["Payload"].read().decode()
        if answer.get("FunctionError"):
            raise StackError(f"{name}: {body[:300]}")
        said: dict[str, Any] = json.loads(body)
        return said

    return invoke


def main() -> int:
    """The command. 1 and one line when there is no such stack or the round failed."""
    parser = argparse.ArgumentParser(prog="make reconcile")
    parser.add_argument("--stage", default="")
    parser.add_argument("--deep", action="store_true")
    parser.add_argument("--reason", default="by hand")
    asked = parser.parse_args()
    try:
        folder = Path(os.environ.get("LOCAL_DIR") or ".local")
        invoke = deployed(asked.stage) if asked.stage else local(folder)
        rounds(invoke, print, asked.reason, asked.deep)
    except StackError as error:
        print(f"make reconcile: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
