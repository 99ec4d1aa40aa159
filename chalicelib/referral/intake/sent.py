"""After the press: the reference, what happens next, and for an hour the answers that were sent."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.referral.aim import aim
from chalicelib.referral.intake.draft_cookie import mine
from chalicelib.referral.model import Referral
from chalicelib.referral.papers.shelf import sent
from chalicelib.referral.rows.request_rows import answers
from chalicelib.web.pages import current, redirect, render
from chalicelib.workflow.storage import store

# The browser may be a shared one: later the answers are behind the code of the status page alone.
SHOWN: Final = 3600


def show() -> Response:
    """The reference, what happens next and by when, whom to call, and what was sent."""
    draft = mine()
    if draft is None:
        return redirect("/")
    if not draft.sent_at:
        return redirect("/request")
    state = store.load(draft.reference, Referral, consistent=True)
    expected = aim(state, lambda: store.log(state))
    fresh = now() < draft.sent_at + SHOWN
    told = sent(state, answers(state.reference), current().lang) if fresh else None
    return render(
        "intake/sent.html",
        reference=draft.reference,
        aim=expected,
        danger=expected is not None and expected.today,
        document=told,
        mailed=bool(state.contact.email),
    )
