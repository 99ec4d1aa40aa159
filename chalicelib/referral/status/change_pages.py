"""The pages on which a provider changes what they told us: choose a page, see it, change it."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.domain.errors import AlreadyDone, NotFound
from chalicelib.referral import questions
from chalicelib.referral.model import Referral
from chalicelib.referral.question import SECTIONS, SectionSlug
from chalicelib.referral.request import Request
from chalicelib.referral.rows.request_rows import answers
from chalicelib.referral.status import change
from chalicelib.web.forms import Cleaned, blank, words_of
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_
from chalicelib.web.pages import current, form, redirect, render
from chalicelib.web.press import SENT_BEFORE, STALE, command_id, nonce, shown_by_us
from chalicelib.workflow.storage import store

CHANGED = N_("Something changed since you opened this page. Please look at the answers again.")
BRANCHED = N_(
    "What you changed affects other answers. Please look at this page again, then send it."
)


def choose(state: Referral) -> Response:
    """Which part of the request?"""
    if not state.open:
        return redirect("/status")
    return render(
        "status/change.html",
        state=state,
        sections=SECTIONS,
        unanswered=change.unanswered(answers(state.reference)),
        more=current().query.get("more") == ["yes"],
    )


def ask(state: Referral, slug: str) -> Response:
    """A part of the request with today's answers."""
    part = _section(slug)
    if not state.open:
        return redirect("/status")
    return _show(state, part, answers(state.reference))


def take(state: Referral, slug: str) -> Response:
    """The changed answers: one press, one command, a nonce."""
    part = _section(slug)
    if not state.open:
        return redirect("/status")
    request = answers(state.reference)
    posted = change.read(part, request, form(), current().lang)
    cleaned = posted.cleaned
    if not cleaned.ok:
        return _show(state, part, request, posted)
    if not shown_by_us(_subject(state, slug)):
        return _show(state, part, request, posted, STALE)
    command = command_id()
    try:
        if store.recorded(state, command):
            return redirect("/status/view")
    except AlreadyDone:
        return _show(state, part, request, posted, SENT_BEFORE)
    if one(form(), "_seen") != change.seen(request):
        return _show(state, part, request, notice=CHANGED)
    if one(form(), "_branch") != change.branch(part, request, posted.here):
        return _show(state, part, request, posted, BRANCHED)
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
        nonce=nonce(_subject(state, slug), state.version),
        texts=any(field.watched for field in asked.fields),
    )


def _subject(state: Referral, slug: str) -> str:
    return f"change|{state.reference}|{slug}"
