"""Secrets Manager: a secret that holds names and values."""

from __future__ import annotations

import json

from chalicelib.aws.clients import client
from chalicelib.aws.dynamodb import retrying
from chalicelib.aws.refusals import call


def read(secret: str) -> dict[str, str]:
    """The values of a secret by name. Raises TryAgain while it is throttled."""
    answer = retrying(lambda: call(client("secretsmanager").get_secret_value, SecretId=secret))
    values: dict[str, str] = json.loads(answer["SecretString"])
    return values
