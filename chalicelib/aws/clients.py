"""boto3 clients, made when first needed: nothing is built at import (P1)."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from chalicelib.aws.settings import settings


@cache
def client(name: str) -> Any:
    """A low-level client of an AWS service, with bounded retries and short timeouts."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        name,
        config=Config(
            connect_timeout=3,
            read_timeout=15,
            retries={"mode": "standard", "total_max_attempts": 3},
        ),
    )


@lru_cache(maxsize=1)
def table() -> Any:
    """The one table, as a resource: plain Python values in and out."""
    import boto3
    from botocore.config import Config

    resource = boto3.resource(
        "dynamodb",
        config=Config(
            connect_timeout=3,
            read_timeout=10,
            retries={"mode": "standard", "total_max_attempts": 3},
        ),
    )
    return resource.Table(settings().table_name)


# What AWS says when the very request is wrong: the same request fails again.
_WRONG = {
    "BadRequestException",
    "InvalidArn",
    "InvalidExecutionInput",
    "InvalidName",
    "InvalidParameterValue",
    "MessageRejected",
    "StateMachineDoesNotExist",
    "ValidationException",
}


def is_transient(error: Exception) -> bool:
    """True when AWS was not to be reached or said no for now: trying again later helps (F24, F35)."""
    from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

    from chalicelib.domain.errors import TryAgain

    if isinstance(error, ClientError):
        return error.response["Error"]["Code"] not in _WRONG
    if isinstance(error, ParamValidationError):
        return False
    return isinstance(error, TryAgain | BotoCoreError | ConnectionError | TimeoutError)


def forget() -> None:
    """Drop every client and the settings (tests, and nothing else)."""
    client.cache_clear()
    table.cache_clear()
    settings.cache_clear()
