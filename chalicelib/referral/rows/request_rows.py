"""The answers of a request, as the provider gave them, and what the case is found by."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import Write, field, update
from chalicelib.domain.errors import NotFound
from chalicelib.referral.model import Referral
from chalicelib.referral.request import Request
from chalicelib.workflow.cases import Contact
from chalicelib.workflow.storage import indexes, keys, store


def answers(reference: str) -> Request:
    """The request behind a referral. Raises NotFound."""
    return _read(reference, dynamodb.get(keys.request(reference)))


def request_of(state: Referral) -> Request:
    """The same, without another read where both were read at once. Raises NotFound."""
    key = keys.request(state.reference)
    # A replica may have the one and not yet the other.
    return _read(state.reference, store.neighbor(state, key) or dynamodb.get(key))


def _read(reference: str, row: Item | None) -> Request:
    if row is None:
        raise NotFound(reference)
    return Request.model_validate(row["answers"])


def answers_of(references: Iterable[str]) -> dict[str, Request]:
    """The requests behind many referrals, 100 a call; unknown ones are left out."""
    rows = dynamodb.batch_get([keys.request(reference) for reference in references])
    return {
        keys.reference_of(str(row["pk"])): Request.model_validate(row["answers"]) for row in rows
    }


def no_trainee(reference: str) -> Write:
    """The answer that nobody in training is wanted."""
    row = update(keys.request(reference)).set_at(("answers", "trainee_welcome"), "no")
    return row.only_if(field("pk").exists())


def findable(reference: str, request: Request, contact: Contact, at: int) -> Item:
    """What the request's row holds for the search."""
    return indexes.findable(reference, found_by(request, contact), at)


def found_by(request: Request, contact: Contact) -> indexes.FoundBy:
    """By what a case is found: the person may be reached at an address that is not the one of the answers
    anymore."""
    return indexes.FoundBy(
        county=request.county or "",
        program=request.site_name or "",
        person=contact.name,
        place=request.city or "",
        email=contact.email,
        phone=contact.phone,
        license=request.license_number or "",
    )


def moved(state: Referral, before: Request, after: Request, contact: Contact, at: int) -> Item:
    """The same where a change of answers moves it; empty where it does not."""
    was = findable(state.reference, before, state.contact, at)
    row = findable(state.reference, after, contact, at)
    return {} if row == was else row


def found_again(state: Referral, contact: Contact, at: int) -> list[Write]:
    """The row by which a case is found once its ``contact`` is another, and the answer that says how to reach
    them; none where no answers are kept."""
    try:
        request = answers(state.reference)
    except NotFound:
        return []
    row = update(keys.request(state.reference)).set(findable(state.reference, request, contact, at))
    if contact.by != state.contact.by:
        row = row.set_at(("answers", "contact_by"), contact.by)
    return [row.only_if(field("pk").exists())]
