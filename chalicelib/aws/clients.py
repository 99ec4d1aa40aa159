"""Clients of AWS's services, made when first needed, and the one way to call them.

They are botocore's own: boto3's session and resources would add a fifth to a cold start.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import Any

from chalicelib.aws.errors import AwsError
from chalicelib.aws.log import logger
from chalicelib.aws.metrics import Metric, count
from chalicelib.aws.settings import settings

_READ_SECONDS = {"dynamodb": 10}


@cache
def _session() -> Any:
    # Half a second that the first page of a request form does not pay.
    import botocore.session

    # It loads botocore too.
    from chalicelib.aws.plain_answers import PlainParsers

    session = botocore.session.Session()
    session.register_component("response_parser_factory", PlainParsers())
    return session


@cache
def client(name: str) -> Any:
    """A low-level client of an AWS service, with bounded retries and short timeouts."""
    # With the session, not before it.
    from botocore.config import Config

    config = Config(
        connect_timeout=3,
        read_timeout=_READ_SECONDS.get(name, 15),
        retries={"mode": "standard", "total_max_attempts": 3},
        # What the table is asked is built in one place (aws/writes.py): to look through every value
        # of a row again is an eighth of a write.
        parameter_validation=name != "dynamodb",
    )
    return _session().create_client(name, config=config)


def make_ready() -> None:
    """On Lambda make the table's client now, while the function starts and has a whole processor.

    Elsewhere (tests, the packager) nothing is made before it is needed.
    """
    if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
        client("dynamodb")


def call(method: Callable[..., Any], **arguments: object) -> Any:
    """The answer of a client's method. Raises AwsError, and no error of botocore's."""
    # Loaded by now, with the client whose method this is.
    from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

    try:
        return method(**arguments)
    except ClientError as error:
        said = error.response.get("Error", {})
        reasons = error.response.get("CancellationReasons", [])
        failed = [n for n, one in enumerate(reasons) if one.get("Code") == "ConditionalCheckFailed"]
        raise _told(AwsError(
            str(said.get("Code", "")),
            str(said.get("Message", "")),
            error.operation_name,
            refused_members=tuple(failed),
            reason=str(error.response.get("Reason", "")),
            fields=tuple(str(one.get("Name")) for one in error.response.get("Fields", [])),
        )) from error  # fmt: skip
    except BotoCoreError as error:
        said_by_us = isinstance(error, ParamValidationError)
        raise _told(AwsError(type(error).__name__, str(error), reached=said_by_us)) from error


def _told(error: AwsError) -> AwsError:
    """A refusal is counted and said aloud, whoever catches it."""
    if error.refused:
        count(Metric.CALLS_REFUSED)
        # AWS's message may name an address.
        logger().error("refused by aws", extra={"operation": error.operation, "code": error.code})
    return error


def forget() -> None:
    """Drop every client and the settings (tests, and nothing else)."""
    client.cache_clear()
    settings.cache_clear()
