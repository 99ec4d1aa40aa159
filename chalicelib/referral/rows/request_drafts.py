"""Half-written requests: kept for 30 days behind a secret that only the person's browser holds.

The cookie carries the secret; the table knows its hash. A browser that came by a mailed link
has a signed handle instead, because the secret is not kept. A draft reserves its reference when it
begins, so that however often it is sent, it becomes one referral.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from dataclasses import field as default

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import known_fields
from chalicelib.aws.writes import Key, Update, delete, field, put, update
from chalicelib.domain.errors import NotFound
from chalicelib.domain.ids import new_reference
from chalicelib.web import half_written
from chalicelib.web.forms import Answers, Values
from chalicelib.workflow.storage.keys import WAKE_PARTITION

KEEP = half_written.KEEP
KEEP_SENT = 7 * 24 * 3600
REMIND_AFTER = 3 * 24 * 3600
PREFIX, SK = "DRAFT#", "DRAFT"
_PURPOSE = "draft"
# The answer that says in which language we write.
LETTERS = "letters_language"


@dataclass
class Draft:
    """A half-written request. ``answers`` by field name; ``seen``: pages that were answered;
    ``sent_at``: when it became a request, else 0; ``looked``: its sender was asked to look again.

    No pydantic model, whose import would be a third of the first page of a cold start.
    """

    reference: str
    nonce: str
    lang: str
    created_at: int
    expires_at: int
    answers: Values = default(default_factory=dict)
    seen: list[str] = default(default_factory=list)
    sent_at: int = 0
    return_to: str = ""
    looked: bool = False


# What a new draft's row does not have yet.
_LATER = frozenset({"sent_at", "return_to", "looked"})


def key_of(secret: str) -> str:
    """The key behind a cookie's secret or handle; "" for what is neither."""
    return half_written.key_of(_PURPOSE, secret)


def handle(key: str) -> str:
    """A cookie's value for a browser that came by the mailed link."""
    return half_written.handle(_PURPOSE, key)


def is_handle(cookie: str) -> bool:
    """Whether a browser has its draft by a mailed link."""
    return half_written.is_handle(_PURPOSE, cookie)


def _row(secret: str) -> Key:
    return Key(PREFIX + key_of(secret), SK)


def begin(lang: str, now: int) -> tuple[str, Draft]:
    """A new draft that is not in the table yet, and the secret for its cookie."""
    draft = Draft(
        reference=new_reference(),
        nonce=secrets.token_urlsafe(16),
        lang=lang,
        created_at=now,
        expires_at=now + KEEP,
    )
    return half_written.new_secret(), draft


def create(secret: str, draft: Draft) -> None:
    """Keep a new draft. Raises TryAgain."""
    answers = {name: value for name, value in draft.answers.items() if value not in (None, [])}
    row = {name: value for name, value in asdict(draft).items() if name not in _LATER}
    dynamodb.write(put(_row(secret), {**row, "answers": answers}))


def get(secret: str, now: int) -> Draft | None:
    """The draft behind a cookie; None if there is none or its 30 days are over."""
    key = key_of(secret)
    return by_key(key, now) if key else None


def by_key(key: str, now: int) -> Draft | None:
    """The draft of a key, as a mailed link names it; None as above."""
    row = dynamodb.get(Key(PREFIX + key, SK), consistent=True)
    if row is None or row["expires_at"] <= now:
        return None
    return Draft(**known_fields(Draft, row))


def mail_to(secret: str, email: str, remind_at: int) -> None:
    """Keep where the way back is mailed to, and when to remind of it. Raises NotFound, TryAgain."""
    _change(update(_row(secret)).set(return_to=email, wpk=WAKE_PARTITION, wake_at=remind_at))


def remind_no_more(pk: str) -> None:
    """Take a draft off the clock's index; one that is gone stays gone."""
    woken_no_more = update(Key(pk, SK)).remove("wpk", "wake_at")
    dynamodb.write(woken_no_more.only_if(field("pk").exists()))


def save(secret: str, answers: Answers, page: str, lang: str, now: int) -> None:
    """Keep the answers of one page, each on its own, so that two tabs lose nothing.

    ``page`` is "" while some of its answers are missing.
    None and [] mean: not answered anymore. Raises NotFound when the draft is gone or was sent.
    """
    kept = {name: None if value == [] else value for name, value in answers.items()}
    change = update(_row(secret)).set(lang=lang, expires_at=now + KEEP)
    change = change.set_or_remove(kept, under="answers")
    _change(change.append("seen", page) if page else change)


def ask_again(secret: str) -> None:
    """Note that a very fast sender was asked to look once more."""
    _change(update(_row(secret)).set(looked=True))


def finish(secret: str, now: int) -> None:
    """Mark a draft as sent and forget its answers; its reference stays for a week."""
    sent = update(_row(secret)).set(sent_at=now, expires_at=now + KEEP_SENT, answers={})
    with suppress(NotFound):  # another press of the same button was here first
        _change(sent.remove("return_to", "wpk", "wake_at"))


def forget(secret: str) -> None:
    """Delete a draft now."""
    if key_of(secret):
        dynamodb.write(delete(_row(secret)))


def _change(change: Update) -> None:
    if not dynamodb.write(change.only_if(field("pk").exists(), field("sent_at").absent())):
        raise NotFound("draft")
