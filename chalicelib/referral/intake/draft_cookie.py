"""The draft of the person at hand: found by a cookie that no script and no link can read.

A browser may hold a few, begun in several tabs: then each page's address says by a mark which one it is
about, and a form finds its own by the nonce.
"""

from __future__ import annotations

from typing import Final

from chalicelib.aws.now import now
from chalicelib.referral.rows import request_drafts
from chalicelib.referral.rows.request_drafts import LETTERS, Draft
from chalicelib.web.forms import Answers
from chalicelib.web.http_input import one
from chalicelib.web.pages import Cookie, current, form
from chalicelib.web.request_context import LANG_COOKIE

COOKIE = "draft"
# The query that says which draft a page is about; with this word it is about none of them.
MARK: Final = "draft"
NEW: Final = "new"
BETWEEN: Final = "~"
MOST: Final = 4
PAGES: Final = ("/start", "/request")


def _held() -> list[str]:
    """The secrets of this browser's drafts, the one that was begun last at the end."""
    kept = current().cookies.get(COOKIE, "").split(BETWEEN)
    return [one for one in kept if request_drafts.key_of(one)][-MOST:]


def _mark(secret: str) -> str:
    return request_drafts.key_of(secret)[:8]


def secret() -> str:
    """The secret of the draft that the page at hand is about; "" for none."""
    held, wanted = _held(), (current().query.get(MARK) or [""])[0]
    if wanted == NEW:
        return ""
    found = next((one for one in held if _mark(one) == wanted), "") or _by_nonce(held)
    if len(held) > 1:
        _carry(found)
    return found


def _by_nonce(held: list[str]) -> str:
    """The draft whose form was sent, or the newest."""
    nonce = one(form(), "_nonce") if len(held) > 1 else ""
    drafts = ((secret, request_drafts.get(secret, now())) for secret in held if nonce)
    mine = (secret for secret, draft in drafts if draft is not None and draft.nonce == nonce)
    return next(mine, held[-1] if held else "")


def _carry(secret: str) -> None:
    current().carried = (PAGES, f"{MARK}={_mark(secret)}")


def jar(secret: str, seconds: int) -> Cookie:
    """The cookie that keeps a draft beside the others; for 0 ``seconds`` it keeps the others."""
    others = [other for other in _held() if _mark(other) != _mark(secret)]
    held = [*others, secret][-MOST:] if seconds else others
    if len(held) > 1 and seconds:
        _carry(secret)
    return Cookie(COOKIE, BETWEEN.join(held), request_drafts.KEEP if others else seconds)


def mine() -> Draft | None:
    """The draft of the page at hand, sent or not; None if there is none."""
    found = secret()
    return request_drafts.get(found, now()) if found else None


def unsent() -> Draft | None:
    """The same, if it was not sent yet."""
    draft = mine()
    return None if draft is None or draft.sent_at else draft


def _chosen(draft: Draft | None) -> bool:
    """Whether the person chose the language of these pages, and has not said another for our messages."""
    ctx = current()
    if LANG_COOKIE not in ctx.cookies and not ctx.new_cookies:
        return False
    before = draft.answers.get(LETTERS) if draft else None
    return before is None or (draft is not None and before == draft.lang != ctx.lang)


def keep(draft: Draft | None, answers: Answers, page: str) -> list[Cookie]:
    """Save the answers of a page; ``page`` is "" while some are still missing.

    Begins a draft if there is none, and returns the cookie to set. Raises NotFound when it was
    sent meanwhile.
    """
    lang = current().lang
    if _chosen(draft) and LETTERS not in answers:
        answers = {**answers, LETTERS: lang}
    if draft is None:
        own, draft = request_drafts.begin(lang, now())
        draft.answers = dict(answers)
        draft.seen = [page] if page else []
        request_drafts.create(own, draft)
    else:
        own = secret()
        request_drafts.save(own, answers, page, lang, now())
    return [jar(own, request_drafts.KEEP)]
