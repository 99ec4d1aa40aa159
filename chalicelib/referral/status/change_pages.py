"""The pages on which a provider changes what they told us: choose a page, see it, change it (B3)."""

from __future__ import annotations

import hashlib
import json

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain.errors import NotFound
from chalicelib.referral.request import Request
from chalicelib.referral.request_rows import answers
from chalicelib.referral.status import change
from chalicelib.referral.status.who import state_here
from chalicelib.web import links
from chalicelib.web.forms import Cleaned, blank, clean
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import current, form, redirect, render
from chalicelib.workflow import store
from chalicelib.workflow.cases import Referral

STALE = N_("This page was open for a long time. Please look at your answers, then send again.")
CHANGED = N_("Something changed since you opened this page. Please look at the answers again.")


def choose() -> Response:
    """Which part of the request?"""
    state = state_here()
    if state is None or not state.open:
        return redirect("/status")
    return render("status/change.html", state=state, pages=change.PAGES)


def ask(slug: str) -> Response:
    """A part of the request with today's answers."""
    state = _state(slug)
    if state is None:
        return redirect("/status")
    return _show(state, slug, answers(state.reference))


def take(slug: str) -> Response:
    """The changed answers: one press, one command, a nonce (law 5, F11)."""
    state = _state(slug)
    if state is None:
        return redirect("/status")
    request = answers(state.reference)
    asked = change.form_of(slug, request)
    cleaned = clean(asked, form(), current().lang, known=request.as_dict())
    if not cleaned.errors and not cleaned.switching:
        _ = translator(current().lang)
        cleaned.errors = {name: _(text) for name, text in change.wrong(cleaned.values).items()}
    if not cleaned.ok:
        return _show(state, slug, request, cleaned)
    nonce = one(form(), "_nonce")
    command = _command(nonce, cleaned)
    if change.done_before(state, command):
        return redirect("/status/view")
    if one(form(), "_seen") != change.seen(request):
        return _show(state, slug, request, notice=CHANGED)
    if not links.nonce_ok(nonce, _subject(state, slug), now()):
        return _show(state, slug, request, cleaned, STALE)
    try:
        change.change(state.reference, cleaned.values, command)
    except store.Refused:
        return _show(state, slug, answers(state.reference), notice=CHANGED)
    return redirect("/status/view")


def _state(slug: str) -> Referral | None:
    """The referral that this browser may change, or None. Raises NotFound for no page of ours."""
    if slug not in change.PAGES:
        raise NotFound(slug)
    state = state_here()
    return state if state is not None and state.open else None


def _show(
    state: Referral, slug: str, request: Request, cleaned: Cleaned | None = None, notice: str = ""
) -> Response:
    asked = change.form_of(slug, request)
    shown = cleaned or blank(asked, request.as_dict())
    return render(
        "status/change_page.html",
        409 if notice else shown.status,
        state=state,
        slug=slug,
        title=change.PAGES[slug][0],
        form=asked,
        cleaned=shown,
        notice=notice,
        seen=change.seen(request),
        nonce=links.nonce(_subject(state, slug), now()),
        texts=any(field.watched for field in asked.fields),
    )


def _subject(state: Referral, slug: str) -> str:
    return f"change|{state.reference}|{slug}"


def _command(nonce: str, cleaned: Cleaned) -> str:
    typed = json.dumps(cleaned.values, sort_keys=True, default=str)
    return "am:" + hashlib.sha256(f"{nonce}|{typed}".encode()).hexdigest()[:20]
