"""The draft of the person at hand: found by a cookie that no script and no link can read."""

from __future__ import annotations

from chalicelib.aws.now import now
from chalicelib.referral.rows import request_drafts
from chalicelib.referral.rows.request_drafts import Draft
from chalicelib.web.forms import Answers
from chalicelib.web.pages import Cookie, current

COOKIE = "draft"


def mine() -> Draft | None:
    """The draft of this browser, sent or not; None if there is none."""
    secret = current().cookies.get(COOKIE, "")
    return request_drafts.get(secret, now()) if secret else None


def unsent() -> Draft | None:
    """The draft of this browser if it was not sent yet."""
    draft = mine()
    return None if draft is None or draft.sent_at else draft


def keep(draft: Draft | None, answers: Answers, page: str) -> list[Cookie]:
    """Save the answers of a page; ``page`` is "" while some are still missing.

    Begins a draft if there is none, and returns the cookie to set. Raises NotFound when it was
    sent meanwhile.
    """
    lang = current().lang
    if draft is None:
        secret, draft = request_drafts.begin(lang, now())
        draft.answers = dict(answers)
        draft.seen = [page] if page else []
        request_drafts.create(secret, draft)
    else:
        secret = current().cookies[COOKIE]
        request_drafts.save(secret, answers, page, lang, now())
    return [Cookie(COOKIE, secret, request_drafts.KEEP)]
