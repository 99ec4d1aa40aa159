"""A request that begins with what is known of somebody whom another service met: a draft of their own, and its
first page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.aws.send_gate import takes_requests
from chalicelib.referral.intake.draft_cookie import keep, unsent
from chalicelib.referral.rows.request_drafts import LETTERS
from chalicelib.web.forms import Values
from chalicelib.web.pages import redirect, render

if TYPE_CHECKING:
    from chalicelib.workflow.cases import Contact


def begun(who: Contact, lang: str) -> Response:
    """Go on with the request that this browser has begun, or begin one; what it knows already stays."""
    draft = unsent()
    if draft is None and not takes_requests(now()):
        return render("intake/shut.html")
    known: Values = {
        "contact_name": who.name,
        "contact_email": who.email,
        "contact_phone": who.phone,
        LETTERS: lang,
    }
    before = draft.answers if draft else {}
    fresh: Values = {name: text for name, text in known.items() if text and not before.get(name)}
    return redirect("/start", keep(draft, fresh, ""))
