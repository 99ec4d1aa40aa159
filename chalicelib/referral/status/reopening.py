"""The provider goes on with a closed request, or begins a new one that is linked to it (K6)."""

from __future__ import annotations

import hashlib
from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain.vocabulary import REOPEN_REASONS
from chalicelib.referral.earlier_request import earlier_cookie
from chalicelib.referral.reopen import may_reopen, reopen
from chalicelib.referral.status.who import state_here
from chalicelib.web import links
from chalicelib.web.forms import Cleaned, Field, Form, blank, clean
from chalicelib.web.languages import N_
from chalicelib.web.pages import current, form, redirect, render
from chalicelib.workflow.cases import Referral

YES, NO = "yes", "no"
STALE: Final = N_("This page was open for a long time. Please choose again.")

REOPEN: Final = Form(
    (
        Field(
            "decision",
            "radios",
            N_("Do you want to go on with this request?"),
            options=((YES, N_("Yes, open it again")), (NO, N_("No, leave it closed"))),
        ),
        Field(
            "reason",
            "radios",
            N_("If yes: why?"),
            options=tuple(REOPEN_REASONS.items()),
            when=lambda values: values.get("decision") == YES,
        ),
    )
)


def ask_reopen() -> Response:
    """Ask whether, and why."""
    state = state_here()
    return redirect("/status") if state is None else _ask(state, blank(REOPEN))


def do_reopen() -> Response:
    """Open it again: a chosen option, a press and a nonce (law 5)."""
    state = state_here()
    if state is None:
        return redirect("/status")
    cleaned = clean(REOPEN, form(), current().lang)
    if not cleaned.ok:
        return _ask(state, cleaned)
    if cleaned.values["decision"] == NO:
        return redirect("/status/view")
    nonce = (form().get("_nonce") or [""])[0]
    if not links.nonce_ok(nonce, _subject(state), now()):
        return _ask(state, cleaned, notice=STALE)
    command = "o:" + hashlib.sha256(nonce.encode()).hexdigest()[:20]
    reopen(state.reference, str(cleaned.values["reason"]), "provider", command, now())
    return redirect("/status/view")


def begin_anew() -> Response:
    """A new request, linked to this one: a cookie that the request form looks at when it is sent."""
    state = state_here()
    if state is None or state.open:
        return redirect("/status")
    return redirect("/", cookies=[earlier_cookie(state.reference)])


def _ask(state: Referral, cleaned: Cleaned, notice: str = "") -> Response:
    if not may_reopen(state, now()):
        return redirect("/status/view")
    return render(
        "status/reopen.html",
        422 if notice else cleaned.status,
        state=state,
        form=REOPEN,
        cleaned=cleaned,
        notice=notice,
        nonce=links.nonce(_subject(state), now()),
    )


def _subject(state: Referral) -> str:
    return f"reopen|{state.reference}|{state.version}"
