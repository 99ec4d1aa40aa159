"""The answers of a request, as the provider gave them."""

from __future__ import annotations

from chalicelib.aws import dynamodb
from chalicelib.domain.errors import NotFound
from chalicelib.referral.request import Request
from chalicelib.workflow.storage import keys


def answers(reference: str) -> Request:
    """The request behind a referral. Raises NotFound."""
    row = dynamodb.get(keys.request(reference))
    if row is None:
        raise NotFound(reference)
    return Request.model_validate(row["answers"])
