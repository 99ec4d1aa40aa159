"""The draft of the person at hand: found by a cookie that no script and no link can read."""

from __future__ import annotations

from chalicelib.aws.now import now
from chalicelib.referral.rows import request_drafts
from chalicelib.referral.rows.request_drafts import LETTERS, Draft
from chalicelib.web.forms import Answers
from chalicelib.web.pages import Cookie, current
from chalicelib.web.request_context import LANG_COOKIE

COOKIE = "draft"


def mine() -> Draft | None:
    """The draft of this browser, sent or not; None if there is none."""
    secret = current().cookies.get(COOKIE, "")
    return request_drafts.get(secret, now()) if secret else None


def unsent() -> Draft | None:
    """The draft of this browser if it was not sent yet."""
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
        secret, draft = request_drafts.begin(lang, now())
        draft.answers = dict(answers)
        draft.seen = [page] if page else []
        request_drafts.create(secret, draft)
    else:
        secret = current().cookies[COOKIE]
        request_drafts.save(secret, answers, page, lang, now())
    return [Cookie(COOKIE, secret, request_drafts.KEEP)]
