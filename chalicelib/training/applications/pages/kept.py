"""A half-written application: kept for thirty days for the browser that wrote it, and shown there again.

| what                         | pk             | sk      |
|------------------------------|----------------|---------|
| a half-written application   | WRITING#{hash} | WRITING |

The cookie has the secret, the table its hash; nothing of it is sent before it is sent.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Final

from chalicelib.aws import dynamodb, rate_limits
from chalicelib.aws.writes import Key, delete, put
from chalicelib.web.forms import Field, Form, Values
from chalicelib.web.pages import Cookie, current
from chalicelib.web.pages import form as sent_form

ROW: Final = "WRITING"
COOKIE: Final = "application"
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")
KEEP_SECONDS: Final = 30 * 86400
# Characters of all answers together, and how often one network address may keep some in an hour.
LONGEST, MOST = 12_000, 60


@dataclass(frozen=True)
class Kept:
    """``since``: when it was begun; ``until``: when it goes away (UTC seconds)."""

    answers: Values
    since: int
    until: int


def kept(at: int) -> Kept | None:
    """What this browser has half-written."""
    row = dynamodb.get(_key(secret), consistent=True) if (secret := _secret()) else None
    if row is None or int(row["expires_at"]) <= at:
        return None
    return Kept(dict(row["answers"]), int(row["since"]), int(row["expires_at"]))


def keep(asked: Form, at: int) -> Cookie | None:
    """Keep what was typed, and the cookie by which it is found; None where it is too long, or too often."""
    answers = typed(asked)
    too_long = sum(len(str(value)) for value in answers.values()) > LONGEST
    if too_long or not rate_limits.allow("writing", current().source_ip, MOST, 3600, at):
        return None
    before = kept(at)
    secret = _secret() if before else secrets.token_urlsafe(32)
    since = before.since if before else at
    row = {"answers": answers, "since": since, "expires_at": at + KEEP_SECONDS}
    dynamodb.write(put(_key(secret), row))
    return Cookie(COOKIE, secret, KEEP_SECONDS)


def forget() -> list[Cookie]:
    """Delete it, and the cookie with it."""
    if not (secret := _secret()):
        return []
    dynamodb.write(delete(_key(secret)))
    return [Cookie(COOKIE, "", 0)]


def typed(asked: Form) -> Values:
    """What stands in the form that was sent."""
    return {one.name: value for one in asked.fields if (value := _typed(one))}


def _typed(one: Field) -> str | list[str]:
    found = [text for text in sent_form().get(one.name, []) if text.strip()]
    return found if one.kind == "checkboxes" else "".join(found[:1])


def _secret() -> str:
    secret = current().cookies.get(COOKIE, "")
    return secret if SECRET.fullmatch(secret) else ""


def _key(secret: str) -> Key:
    return Key(f"{ROW}#{hashlib.sha256(secret.encode()).hexdigest()}", ROW)
