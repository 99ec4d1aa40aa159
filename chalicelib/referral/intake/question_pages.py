"""The request form: one page after the other, each saved as it is sent."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.aws.entry_points import load
from chalicelib.aws.now import now
from chalicelib.aws.send_gate import takes_requests
from chalicelib.directory import emergencies
from chalicelib.domain.errors import NotFound
from chalicelib.referral.intake import exits, flow
from chalicelib.referral.intake.draft_cookie import MARK, NEW, keep, unsent
from chalicelib.referral.question import INCIDENT
from chalicelib.referral.rows.request_drafts import Draft
from chalicelib.web.forms import Cleaned, Values, blank, words, words_of
from chalicelib.web.http_input import one
from chalicelib.web.languages import translator
from chalicelib.web.pages import current, form, redirect, render, url

CHECK = "/request/check"


def address(target: flow.Page | None) -> str:
    """The path of a page; of the check page for None."""
    if target is None:
        return CHECK
    return "/start" if target.slug == "start" else f"/request/{target.slug}"


def summary(answers: Values) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The answers by part: label and words in the reader's language, and the link that changes them."""
    lang = current().lang
    _ = translator(lang)
    sections: list[tuple[str, list[tuple[str, str, str]]]] = []
    for asked in flow.path(answers):
        rows = [
            (
                _(question.listed),
                words_of(question, answers.get(question.name), lang),
                url(f"{address(asked)}?change=1#{question.name}"),
            )
            for question in asked.asked(answers)
        ]
        if asked.part:
            sections.append((asked.part, []))
        sections[-1][1].extend(rows)
    return sections


def _shut() -> bool:
    """Whether nobody new begins: our letters do not arrive. Who has begun may go on."""
    return unsent() is None and not takes_requests(now())


def start() -> Response:
    """Three questions that decide whether we are the right place."""
    if _shut():
        return render("intake/shut.html")
    return _show(flow.BY_SLUG["start"], unsent())


def start_answered() -> Response:
    """The three answers: on to the form, or to where else to turn."""
    if _shut():
        return render("intake/shut.html")
    return _take(flow.BY_SLUG["start"], unsent())


def resume() -> Response:
    """Go on where the answers end."""
    draft = unsent()
    if draft is None:
        return redirect("/start")
    return redirect(address(flow.first_open(draft.answers, draft.seen)))


def question(slug: str) -> Response:
    """One page of the form."""
    asked, draft = _page(slug), unsent()
    if draft is None:
        return redirect("/start")
    if not asked.asked(draft.answers):
        return redirect("/request")
    return _show(asked, draft)


def answered(slug: str) -> Response:
    """The answers of one page."""
    asked, draft = _page(slug), unsent()
    if draft is None or not asked.asked(draft.answers):
        return redirect("/request")
    return _take(asked, draft)


def _page(slug: str) -> flow.Page:
    if slug not in flow.BY_SLUG:
        raise NotFound(slug)
    return flow.BY_SLUG[slug]


def _answers(draft: Draft | None) -> Values:
    return draft.answers if draft else {}


def _show(
    asked: flow.Page,
    draft: Draft | None,
    typed: Cleaned | None = None,
    stale: bool = False,
) -> Response:
    answers = _answers(draft)
    changing = bool(current().query.get("change") or form().get("_change"))
    questions = flow.form_of(asked, answers, changing)
    cleaned = typed or blank(questions, answers)
    back = None if changing else flow.before(asked, answers)
    return render(
        "intake/question.html",
        409 if stale else cleaned.status,
        page=asked,
        questions=questions,
        cleaned=cleaned,
        minutes=flow.minutes_left(asked, answers),
        action=address(asked),
        back=CHECK if changing else address(back) if back else "/",
        changing=changing,
        nonce=draft.nonce if draft else None,
        stale=stale,
        emergencies=emergencies.shown(words(answers, "county"), words(answers, "zip")),
        another=_another(asked, draft, stale),
    )


def _another(asked: flow.Page, draft: Draft | None, stale: bool) -> str:
    """Where another request begins, for who has begun one and is at the first page again."""
    back = asked.slug == "start" and draft is not None and (stale or len(draft.seen) > 1)
    return f"/start?{MARK}={NEW}" if back else ""


def _take(asked: flow.Page, draft: Draft | None) -> Response:
    answers = _answers(draft)
    cleaned = flow.read(asked, answers, form(), current().lang)
    if cleaned.switching:
        return _show(asked, draft, cleaned)
    if draft is not None and _of_another(asked, draft, cleaned):
        # A tab of another draft: show what was typed there, but do not mix the two in silence.
        return _show(asked, draft, cleaned, stale=True)
    if draft is not None and cleaned.values.get("safety_now") == "yes":
        # Hardly anybody needs its module, which would slow down every first page.
        load("referral.intake.danger:tell")(draft, cleaned.values)
        if answers.get("safety_now") != "yes":
            # Whom to call comes before all else; what this page still lacks is asked afterwards.
            cookies = keep(draft, cleaned.values, "" if cleaned.errors else asked.slug)
            return redirect("/request/danger", cookies)
    if one(form(), "_go") == "later" and not cleaned.unsure:
        cookies = keep(draft, cleaned.values, "" if cleaned.errors else asked.slug)
        return redirect("/request/later", cookies)
    if cleaned.errors:
        return _show(asked, draft, cleaned)
    cleaned.values |= _incident(answers, cleaned.values)
    cookies = keep(draft, cleaned.values, asked.slug)
    return redirect(_next(asked, draft, cleaned), cookies)


def _of_another(asked: flow.Page, draft: Draft, cleaned: Cleaned) -> bool:
    """Whether a page was shown of another draft. The first page, shown before there was any, is of this
    one where it says the same: it was pressed twice."""
    nonce = one(form(), "_nonce")
    if nonce == draft.nonce:
        return False
    same = all(draft.answers.get(name) == value for name, value in cleaned.values.items())
    return asked.slug != "start" or bool(nonce) or not same


def _incident(before: Values, given: Values) -> Values:
    """The declared emergency in whose area the care is given, looked up where a page says the place:
    from then on the form is the short one. A ZIP code outside of its area brings the usual form back."""
    if not {"county", "zip"} & given.keys():
        return {}
    answers = {**before, **given}
    here = emergencies.shown(words(answers, "county"), words(answers, "zip"))
    if not here and not answers.get(INCIDENT):
        return {}
    return {INCIDENT: here[0].id if here else None}


def _next(asked: flow.Page, draft: Draft | None, cleaned: Cleaned) -> str:
    """Where to go: an exit, the summary after a change, or the next page."""
    answers = {**_answers(draft), **cleaned.values}
    seen = [*(draft.seen if draft else []), asked.slug]
    reason = exits.reason_for(cleaned.values)
    if reason is not None:
        exits.log_universal_contact(reason, answers, current().lang)
        return f"/help/{reason}"
    target = flow.after(asked, answers)
    if form().get("_change"):
        target = flow.first_open(answers, seen)
    return address(target)
