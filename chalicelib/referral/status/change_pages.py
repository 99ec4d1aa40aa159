"""The pages on which a provider changes what they told us: choose a page, see it, change it."""

from __future__ import annotations

import hashlib
import json

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain.errors import NotFound
from chalicelib.referral import questions
from chalicelib.referral.model import Referral
from chalicelib.referral.question import SECTIONS, SectionSlug
from chalicelib.referral.request import Request
from chalicelib.referral.request_rows import answers
from chalicelib.referral.status import change
from chalicelib.referral.status.who import state_here
from chalicelib.web import links
from chalicelib.web.forms import Cleaned, blank, words_of
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_
from chalicelib.web.pages import current, form, redirect, render
from chalicelib.workflow import store

STALE = N_("This page was open for a long time. Please look at your answers, then send again.")
CHANGED = N_("Something changed since you opened this page. Please look at the answers again.")
BRANCHED = N_(
    "What you changed affects other answers. Please look at this page again, then send it."
)


def choose() -> Response:
    """Which part of the request?"""
    state = state_here()
    if state is None or not state.open:
        return redirect("/status")
    return render(
        "status/change.html",
        state=state,
        sections=SECTIONS,
        unanswered=change.unanswered(answers(state.reference)),
        more=current().query.get("more") == ["yes"],
    )


def ask(slug: str) -> Response:
    """A part of the request with today's answers."""
    part, state = _section(slug), _state()
    if state is None:
        return redirect("/status")
    return _show(state, part, answers(state.reference))


def take(slug: str) -> Response:
    """The changed answers: one press, one command, a nonce."""
    part, state = _section(slug), _state()
    if state is None:
        return redirect("/status")
    request = answers(state.reference)
    posted = change.read(part, request, form(), current().lang)
    cleaned = posted.cleaned
    if not cleaned.ok:
        return _show(state, part, request, posted)
    nonce = one(form(), "_nonce")
    command = _command(nonce, cleaned)
    if change.done_before(state, command):
        return redirect("/status/view")
    if one(form(), "_seen") != change.seen(request):
        return _show(state, part, request, notice=CHANGED)
    if one(form(), "_branch") != change.branch(part, request, posted.here):
        return _show(state, part, request, posted, BRANCHED)
    if not links.nonce_ok(nonce, _subject(state, slug), now()):
        return _show(state, part, request, posted, STALE)
    try:
        change.change(state.reference, cleaned.values, command)
    except store.Refused:
        return _show(state, part, answers(state.reference), notice=CHANGED)
    return redirect(
        "/status/change?more=yes" if _calls_for_more(request, posted) else "/status/view"
    )


def _calls_for_more(before: Request, posted: change.Posted) -> bool:
    """Whether the change brings up questions that stand on other pages."""
    after = Request.from_answers({**before.as_dict(), **posted.cleaned.values})
    known = {one.name for found in change.unanswered(before).values() for one in found}
    opened = {one.name for found in change.unanswered(after).values() for one in found}
    return bool(opened - known)


def _section(slug: str) -> SectionSlug:
    """The section of that name. Raises NotFound."""
    for known in SECTIONS:
        if known == slug:
            return known
    raise NotFound(slug)


def _state() -> Referral | None:
    """The referral that this browser may change, or None."""
    state = state_here()
    return state if state is not None and state.open else None


def _show(
    state: Referral,
    slug: SectionSlug,
    request: Request,
    posted: change.Posted | None = None,
    notice: str = "",
) -> Response:
    here = posted.here if posted else request.situation
    asked = posted.form if posted else change.form_of(slug, request)
    shown: Cleaned = posted.cleaned if posted else blank(asked, request.as_dict())
    known, lang = request.as_dict(), current().lang
    return render(
        "status/change_page.html",
        409 if notice else shown.status,
        state=state,
        slug=slug,
        title=SECTIONS[slug].title,
        form=asked,
        cleaned=shown,
        notice=notice,
        seen=change.seen(request),
        branch=change.branch(slug, request, here),
        gone=[
            (lost.listed, words_of(lost, known[lost.name], lang))
            for lost in questions.called_off(known, here)
        ],
        nonce=links.nonce(_subject(state, slug), now()),
        texts=any(field.watched for field in asked.fields),
    )


def _subject(state: Referral, slug: str) -> str:
    return f"change|{state.reference}|{slug}"


def _command(nonce: str, cleaned: Cleaned) -> str:
    typed = json.dumps(cleaned.values, sort_keys=True, default=str)
    return "am:" + hashlib.sha256(f"{nonce}|{typed}".encode()).hexdigest()[:20]
