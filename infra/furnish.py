"""What a fresh emulator must be given before people come: rows, keys and logins of its last life."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.emulator import ACCOUNT, REGION
from infra.journal import Journal, put_back
from infra.lines import Damaged
from infra.seed import logins

Client = Callable[[str], Any]
# What a stream mapping is made of, as the template gave it.
_MAPPING = (
    "BatchSize",
    "MaximumBatchingWindowInSeconds",
    "FilterCriteria",
    "DestinationConfig",
    "FunctionResponseTypes",
    "BisectBatchOnFunctionError",
    "MaximumRetryAttempts",
    "MaximumRecordAgeInSeconds",
    "ParallelizationFactor",
)


def keep_link_keys(client: Client, secret: str, kept: Path) -> None:
    """Keep the keys that sign links in ``kept``: a mailed link outlives a restart."""
    manager = client("secretsmanager")
    if kept.exists():
        manager.put_secret_value(SecretId=secret, SecretString=kept.read_text())
        return
    draft = kept.with_suffix(".draft")
    draft.touch(0o600)
    draft.write_text(manager.get_secret_value(SecretId=secret)["SecretString"])
    draft.replace(kept)


def drain_leftover(folder: Path, say: Callable[[str], None]) -> None:
    """Write down what an emulator that outlived its runner changed since; then it may end.

    What it answered to people was written by its runner; these are the clock's and the runs' own.
    """
    import boto3
    from botocore.config import Config

    journal = Journal(folder / "journal.jsonl", say)
    try:
        facts = json.loads((folder / "emulator.json").read_text())
        if not facts["stream"]:
            return
        streams = boto3.client(
            "dynamodbstreams",
            endpoint_url=facts["endpoint"],
            region_name=REGION,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="local",
            config=Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 1}),
        )
        journal.rows()
        if count := journal.drain(streams, facts["stream"]):
            say(f"{count} changes were still on its stream, and are kept")
    except Damaged:
        raise
    except Exception as error:  # it is gone or busy: what is in the journal counts
        say(f"its last changes could not be read ({type(error).__name__})")
    finally:
        journal.close()


def put_rows_back(client: Client, table: str, relay: str, rows: list[dict[str, Any]]) -> None:
    """Put rows back past the relay, which has seen them in an earlier life.

    Its stream mapping is taken away and made anew behind them.
    """
    functions = client("lambda")
    mapping = functions.list_event_source_mappings(FunctionName=relay)["EventSourceMappings"][0]
    functions.delete_event_source_mapping(UUID=mapping["UUID"])
    put_back(client("dynamodb"), table, rows)
    functions.create_event_source_mapping(
        FunctionName=relay,
        EventSourceArn=mapping["EventSourceArn"],
        StartingPosition="LATEST",
        **{name: mapping[name] for name in _MAPPING if mapping.get(name)},
    )


def sign_up_staff(client: Client, pool: str, table: str) -> None:
    """Make the demo staff's users, each in the group of the role. The pool begins empty each time: the
    clock makes the users of all others who are staff, as their rows wish it."""
    rows = client("dynamodb")
    wishes = rows.query(
        TableName=table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "SIGNINS"}},
    )["Items"]
    for wish in wishes:
        rows.update_item(
            TableName=table,
            Key={name: wish[name] for name in ("pk", "sk")},
            UpdateExpression="SET wpk = :urgent, wake_at = :now",
            ExpressionAttributeValues={":urgent": {"S": "W!"}, ":now": {"N": "1"}},
        )
    cognito = client("cognito-idp")
    for who in logins().values():
        user = {"UserPoolId": pool, "Username": who["email"]}
        cognito.admin_create_user(
            **user,
            TemporaryPassword=who["password"],
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": who["email"]},
                {"Name": "email_verified", "Value": "true"},
            ],
        )
        cognito.admin_set_user_password(**user, Password=who["password"], Permanent=True)
        cognito.admin_add_user_to_group(**user, GroupName=who["group"])


def scheduled(name: str, **more: Any) -> dict[str, Any]:
    """An event as EventBridge's schedules send it, with ``more`` beside."""
    return {
        "version": "0",
        "id": secrets.token_hex(16),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{name}"],
        "detail": {},
        **more,
    }
