"""The answers of a request, as the provider gave them."""

from __future__ import annotations

from collections.abc import Iterable

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


def answers_of(references: Iterable[str]) -> dict[str, Request]:
    """The requests behind many referrals, 100 a call; unknown ones are left out."""
    rows = dynamodb.batch_get([keys.request(reference) for reference in references])
    return {
        keys.reference_of(str(row["pk"])): Request.model_validate(row["answers"]) for row in rows
    }
