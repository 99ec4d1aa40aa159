"""A half-written application: kept for thirty days for the browser that wrote it, and shown there again; and the way
back to it from another one, by a mailed link.

| what                         | pk             | sk      |
|------------------------------|----------------|---------|
| a half-written application   | WRITING#{hash} | WRITING |

Nothing of it is sent before it is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chalice.app import Response

from chalicelib.aws import dynamodb, rate_limits
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.now import now
from chalicelib.aws.settings import settings
from chalicelib.aws.writes import Key, delete, put
from chalicelib.mail.send_now import send_now
from chalicelib.web import half_written, links
from chalicelib.web.forms import Field, Form, Values, clean, words
from chalicelib.web.pages import Cookie, current, redirect, render
from chalicelib.web.pages import form as sent_form

ROW: Final = "WRITING"
COOKIE: Final = "application"
# Of its cookie where it came by a link, and of that link.
PURPOSE: Final = "writing"
KEEP_SECONDS: Final = half_written.KEEP
# Characters of all answers together, and how often one network address may keep some in an hour.
LONGEST, MOST = 12_000, 60
HERE: Final = "/training"


@dataclass(frozen=True)
class Kept:
    """``since``: when it was begun; ``until``: when it goes away (UTC seconds). ``mailed``: the address that has the
    link to it, "" for none."""

    answers: Values
    since: int
    until: int
    mailed: str = ""


def kept(at: int) -> Kept | None:
    """What this browser has half-written."""
    return _by_key(_mine(), at)


def keep(asked: Form, at: int) -> Cookie | None:
    """Keep what was typed, and the cookie by which it is found; None where it is too long, or too often. Who typed an
    address gets the link to it there."""
    answers = typed(asked)
    too_long = sum(len(str(value)) for value in answers.values()) > LONGEST
    if too_long or not rate_limits.allow("writing", current().source_ip, MOST, 3600, at):
        return None
    before = kept(at)
    cookie = current().cookies.get(COOKIE, "") if before else half_written.new_secret()
    key, until = half_written.key_of(PURPOSE, cookie), at + KEEP_SECONDS
    row: Item = {"answers": answers, "since": before.since if before else at, "expires_at": until}
    row["mailed"] = _mailed(asked, key, before, at, until)
    dynamodb.write(put(_key(key), row))
    return Cookie(COOKIE, cookie, KEEP_SECONDS)


def forget() -> list[Cookie]:
    """Delete it, and the cookie with it."""
    if not (key := _mine()):
        return []
    dynamodb.write(delete(_key(key)))
    return [Cookie(COOKIE, "", 0)]


def typed(asked: Form) -> Values:
    """What stands in the form that was sent."""
    return {one.name: value for one in asked.fields if (value := _typed(one))}


# -- the way back ------------------------------------------------------------------------------------
def come_back(link: str) -> Response:
    """The page behind the mailed link. Nothing happens before the press."""
    at = now()
    found = _by_key(links.read_ticket(PURPOSE, link, at) or "", at)
    return render(
        "applications/back.html", 200 if found else 410, link=links.mended(link), found=found
    )


def go_on(link: str) -> Response:
    """Give this browser what was half-written, and show it."""
    at = now()
    key = links.read_ticket(PURPOSE, link, at) or ""
    if _by_key(key, at) is None or current().switching:
        return come_back(link)
    jar = Cookie(COOKIE, half_written.handle(PURPOSE, key), KEEP_SECONDS)
    return redirect(HERE, [jar])


def _mailed(asked: Form, key: str, before: Kept | None, at: int, until: int) -> str:
    """Mail the link to an address that was typed and does not have it; the address that has it now."""
    had = before.mailed if before else ""
    one = next((each for each in asked.fields if each.name == "email"), None)
    checked = clean(Form(one), sent_form(), current().lang) if one else None
    to = words(checked.values, "email") if checked and checked.ok else ""
    if not to or to == had:
        return had
    if not rate_limits.mail_to("writing", to, at, source=current().source_ip):
        return had
    link = f"{settings().base_url}{HERE}/back/{links.ticket(PURPOSE, key, until)}"
    return (
        to if send_now("applications/return", to, current().lang, link=link, expires=until) else had
    )


def _typed(one: Field) -> str | list[str]:
    found = [text for text in sent_form().get(one.name, []) if text.strip()]
    return found if one.kind == "checkboxes" else "".join(found[:1])


def _mine() -> str:
    return half_written.key_of(PURPOSE, current().cookies.get(COOKIE, ""))


def _by_key(key: str, at: int) -> Kept | None:
    row = dynamodb.get(_key(key), consistent=True) if key else None
    if row is None or int(row["expires_at"]) <= at:
        return None
    until, mailed = int(row["expires_at"]), str(row.get("mailed", ""))
    return Kept(dict(row["answers"]), int(row["since"]), until, mailed)


def _key(key: str) -> Key:
    return Key(f"{ROW}#{key}", ROW)
