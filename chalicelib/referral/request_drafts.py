"""Half-written requests: kept for 30 days behind a secret that only the person's browser holds.

The cookie carries the secret; the table knows its hash (S1). A browser that came by a mailed link
has a signed handle instead, because the secret is not kept. A draft reserves its reference when it
begins, so that however often it is sent, it becomes one referral (A5).
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.aws.clients import table
from chalicelib.aws.dynamodb import get as read
from chalicelib.aws.dynamodb import retrying
from chalicelib.aws.rate_limits import conditionally
from chalicelib.domain.errors import NotFound
from chalicelib.domain.ids import new_reference
from chalicelib.web import links
from chalicelib.workflow.keys import WAKE_PARTITION

Draft = dict[str, Any]

KEEP = 30 * 24 * 3600
KEEP_SENT = 7 * 24 * 3600
REMIND_AFTER = 3 * 24 * 3600
PREFIX = "DRAFT#"
SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_PURPOSE = "draft"


def key_of(secret: str) -> str:
    """The key behind a cookie's secret or handle; "" for what is neither."""
    if SECRET.fullmatch(secret):
        return hashlib.sha256(secret.encode()).hexdigest()
    return links.unsign(_PURPOSE, secret) or "" if "." in secret else ""


def handle(key: str) -> str:
    """A cookie's value for a browser that came by the mailed link."""
    return links.sign(_PURPOSE, key)


def _pk(secret: str) -> str:
    return PREFIX + key_of(secret)


def begin(lang: str, now: int) -> tuple[str, Draft]:
    """A new draft that is not in the table yet, and the secret for its cookie.

    A draft has ``reference``, ``answers`` by field name, ``seen`` (pages answered), ``nonce``,
    ``lang``, ``created_at``, ``expires_at``, and ``sent_at`` once it is a request.
    """
    draft: Draft = {
        "reference": new_reference(),
        "nonce": secrets.token_urlsafe(16),
        "answers": {},
        "seen": [],
        "lang": lang,
        "created_at": now,
        "expires_at": now + KEEP,
    }
    return secrets.token_urlsafe(32), draft


def create(secret: str, draft: Draft) -> None:
    """Keep a new draft. Raises TryAgain."""
    answers = {name: value for name, value in draft["answers"].items() if value not in (None, [])}
    item = {**draft, "pk": _pk(secret), "sk": "DRAFT", "answers": answers}
    retrying(lambda: table().put_item(Item=item))


def get(secret: str, now: int) -> Draft | None:
    """The draft behind a cookie; None if there is none or its 30 days are over (F32)."""
    key = key_of(secret)
    return by_key(key, now) if key else None


def by_key(key: str, now: int) -> Draft | None:
    """The draft of a key, as a mailed link names it; None as above."""
    row = read(PREFIX + key, "DRAFT", consistent=True)
    if row is None or row["expires_at"] <= now:
        return None
    return row


def mail_to(secret: str, email: str, remind_at: int) -> None:
    """Keep where the way back is mailed to, and when to remind of it. Raises NotFound, TryAgain."""
    values = {":email": email, ":wpk": WAKE_PARTITION, ":at": remind_at}
    _update(secret, "SET return_to = :email, wpk = :wpk, wake_at = :at", [], {}, values)


def remind_no_more(pk: str) -> None:
    """Take a draft off the clock's index; one that is gone stays gone."""
    conditionally(
        lambda: table().update_item(
            Key={"pk": pk, "sk": "DRAFT"},
            UpdateExpression="REMOVE wpk, wake_at",
            ConditionExpression="attribute_exists(pk)",
        )
    )


def save(secret: str, answers: Mapping[str, Any], page: str, lang: str, now: int) -> None:
    """Keep the answers of one page, each on its own, so that two tabs lose nothing.

    ``page`` is "" while some of its answers are missing.
    None and [] mean: not answered any more. Raises NotFound when the draft is gone or was sent.
    """
    names = {"#a": "answers"} if answers else {}
    values: dict[str, Any] = {":lang": lang, ":end": now + KEEP}
    put, drop = ["lang = :lang", "expires_at = :end"], []
    for number, (name, value) in enumerate(answers.items()):
        names[f"#f{number}"] = name
        if value is None or value == []:
            drop.append(f"#a.#f{number}")
        else:
            values[f":v{number}"] = value
            put.append(f"#a.#f{number} = :v{number}")
    if page:
        values |= {":page": [page], ":none": []}
        put.append("seen = list_append(if_not_exists(seen, :none), :page)")
    _update(secret, "SET " + ", ".join(put), drop, names, values)


def ask_again(secret: str) -> None:
    """Note that a very fast sender was asked to look once more (S44)."""
    _update(secret, "SET looked = :yes", [], {}, {":yes": True})


def finish(secret: str, now: int) -> None:
    """Mark a draft as sent and forget its answers; its reference stays for a week."""
    values = {":now": now, ":end": now + KEEP_SENT, ":none": {}}
    change = "SET sent_at = :now, expires_at = :end, #a = :none"
    try:
        _update(secret, change, ["return_to", "wpk", "wake_at"], {"#a": "answers"}, values)
    except NotFound:
        return  # another press of the same button was here first


def forget(secret: str) -> None:
    """Delete a draft now."""
    if key_of(secret):
        retrying(lambda: table().delete_item(Key={"pk": _pk(secret), "sk": "DRAFT"}))


def _update(
    secret: str,
    change: str,
    drop: Sequence[str],
    names: Mapping[str, str],
    values: Mapping[str, Any],
) -> None:
    from botocore.exceptions import ClientError

    call: dict[str, Any] = {
        "Key": {"pk": _pk(secret), "sk": "DRAFT"},
        "UpdateExpression": change + (" REMOVE " + ", ".join(drop) if drop else ""),
        "ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(sent_at)",
        "ExpressionAttributeValues": dict(values),
    }
    if names:
        call["ExpressionAttributeNames"] = dict(names)
    try:
        retrying(lambda: table().update_item(**call))
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            raise NotFound("draft") from error
        raise
