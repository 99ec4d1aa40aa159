"""The pages on which a provider changes what they told us, or staff do for them: choose a page, see it,
change it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from chalice.app import Response

from chalicelib.domain.errors import AlreadyDone, NotFound
from chalicelib.referral import questions
from chalicelib.referral.model import Referral
from chalicelib.referral.question import SECTIONS, Question, SectionSlug
from chalicelib.referral.request import Request
from chalicelib.referral.rows.request_rows import answers
from chalicelib.referral.status import change
from chalicelib.referral.status.acting import THEMSELVES, Acting
from chalicelib.web.forms import NO_CHILD, Cleaned, Field, Form, Values, blank, clean, words_of
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_
from chalicelib.web.pages import current, form, redirect, render
from chalicelib.web.press import SENT_BEFORE, STALE, command_id, nonce, shown_by_us
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.storage import store

CHANGED = N_("Something changed since you opened this page. Please look at the answers again.")
BRANCHED = N_(
    "What you changed affects other answers. Please look at this page again, then send it."
)


@dataclass(frozen=True)
class Place:
    """Where the pages stand, and who acts there. ``base``: their address; ``back``: where a change
    leads to; ``more``: what is asked besides; ``acting``: who it is, by the answers to that.
    ``staff``: the console's pages, whose nonce is their session's."""

    base: str = "/status/change"
    back: str = "/status/view"
    template: str = "status/change"
    draw: Callable[..., Response] = render
    more: tuple[Field, ...] = ()
    acting: Callable[[Values], Acting] = lambda values: THEMSELVES
    staff: bool = False


OWN: Final = Place()


def choose(state: Referral, at: Place = OWN) -> Response:
    """Which part of the request?"""
    if not state.open:
        return redirect(at.back)
    return at.draw(
        f"{at.template}.html",
        state=state,
        sections=SECTIONS,
        unanswered=change.unanswered(answers(state.reference)),
        more=current().query.get("more") == ["yes"],
        base=at.base,
        staff=at.staff,
    )


def ask(state: Referral, slug: str, at: Place = OWN) -> Response:
    """A part of the request with today's answers."""
    part = _section(slug)
    if not _may(state, part, at):
        return redirect(at.back)
    return _show(at, state, part, answers(state.reference))


def take(state: Referral, slug: str, at: Place = OWN) -> Response:
    """The changed answers: one press, one command, a nonce."""
    part = _section(slug)
    if not _may(state, part, at):
        return redirect(at.back)
    request = answers(state.reference)
    posted = change.read(part, request, form(), current().lang)
    more = _besides(at, posted.cleaned)
    if not posted.cleaned.ok:
        return _show(at, state, part, request, posted)
    if not at.staff and not shown_by_us(_subject(state, slug)):
        return _show(at, state, part, request, posted, STALE)
    command = command_id()
    try:
        if store.recorded(state, command):
            return redirect(at.back)
    except AlreadyDone:
        return _show(at, state, part, request, posted, SENT_BEFORE)
    if one(form(), "_seen") != change.seen(request):
        return _show(at, state, part, request, notice=CHANGED)
    if one(form(), "_branch") != change.branch(part, request, posted.here):
        return _show(at, state, part, request, posted, BRANCHED)
    try:
        change.change(state.reference, posted.cleaned.values, command, at.acting(more))
    except store.Refused:
        return _show(at, state, part, answers(state.reference), notice=CHANGED)
    return redirect(f"{at.base}?more=yes" if _calls_for_more(request, posted) else at.back)


def _may(state: Referral, slug: SectionSlug, at: Place) -> bool:
    """Whether the section may be changed here; what has ended, by staff alone."""
    return change.may_change(state, slug) and (state.open or at.staff)


def _besides(at: Place, cleaned: Cleaned) -> Values:
    """What is asked besides the section; its mistakes are shown with the others."""
    more = clean(Form(*at.more), form(), current().lang)
    cleaned.errors |= more.errors
    cleaned.raw |= more.raw
    return more.values


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
    at: Place,
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
    own: TemplateValues = {"version": state.version}
    if not at.staff:
        own = {"nonce": nonce(_subject(state, slug), state.version)}
    return at.draw(
        f"{at.template}_page.html",
        409 if notice else shown.status,
        state=state,
        slug=slug,
        title=SECTIONS[slug].title,
        form=Form(*(_for_staff(asked) if at.staff else asked.fields), *at.more),
        cleaned=shown,
        notice=notice,
        seen=change.seen(request),
        branch=change.branch(slug, request, here),
        gone=[
            (lost.listed, words_of(lost, known[lost.name], lang))
            for lost in questions.called_off(known, here)
        ],
        texts=any(field.watched for field in asked.fields),
        **own,
    )


def _for_staff(asked: Form) -> list[Field]:
    """The questions by their names for staff; the hints of the form are for who fills it in."""
    return [
        replace(one, label=one.for_staff, hint=NO_CHILD if one.watched else "")
        if isinstance(one, Question)
        else one
        for one in asked.fields
    ]


def _subject(state: Referral, slug: str) -> str:
    return f"change|{state.reference}|{slug}"
