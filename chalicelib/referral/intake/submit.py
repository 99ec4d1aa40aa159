"""The last page of the form: check your answers, and send once."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.aws.entry_points import load
from chalicelib.aws.now import now
from chalicelib.aws.settings import settings
from chalicelib.referral import questions
from chalicelib.referral.earlier_request import earlier_here
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.intake import duplicates, flow, notice
from chalicelib.referral.intake.create_referral import submit
from chalicelib.referral.intake.draft_cookie import jar, secret, unsent
from chalicelib.referral.intake.question_pages import CHECK, address, summary
from chalicelib.referral.intake.resume_link import came_back_to
from chalicelib.referral.request import Request
from chalicelib.referral.rows import request_drafts, sites
from chalicelib.web.forms import words_of
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_
from chalicelib.web.pages import current, form, redirect, render

# Nobody reads and answers the whole form in less; the demo's clock runs faster.
QUICKEST = 5
TRAP = "website"


def check() -> Response:
    """Every answer with a link to change it."""
    draft = unsent()
    if draft is None:
        return redirect("/request/sent")
    missing = flow.first_open(draft.answers, draft.seen)
    return redirect(address(missing)) if missing else _summary(draft)


def send() -> Response:
    """The one press. However often it comes, it makes one request."""
    draft = unsent()
    if draft is None:
        return redirect("/request/sent")
    if current().switching:
        return _summary(draft)
    missing = flow.first_open(draft.answers, draft.seen)
    if missing:
        return redirect(address(missing))
    own_secret = secret()
    answers = questions.kept(draft.answers)
    answers["notice_version"] = notice.VERSION
    request = Request.from_answers(answers)
    # Someone in danger passes every limit.
    danger = request.safety_now == "yes"
    if words := _hindered(draft, own_secret, danger):
        return _summary(draft, words)
    before = sites.others(request, draft.reference)
    own = came_back_to(request.contact_email or "", draft)
    if not own and not danger:
        source, incident = current().source_ip, request.incident or ""
        if duplicates.too_many(before, source, now(), incident):
            return _summary(draft, duplicates.TOO_MANY)
    told: ReferralPayload = {}
    if open_now := sites.still_open(before):
        if page_ := duplicates.ask(open_now, draft.nonce, theirs=own):
            return page_
        told = {"others": [one.reference for one in open_now], "warned": True}
    if earlier := earlier_here():
        told["earlier"] = earlier  # the closed request that this one follows
    submit(draft.reference, request, str(answers["letters_language"]), told=told)
    request_drafts.finish(own_secret, now())
    return redirect("/request/sent", [jar(own_secret, request_drafts.KEEP_SENT)])


def _hindered(draft: request_drafts.Draft, own: str, danger: bool) -> str:
    """Why the press does not count yet: a stale page, a machine, or a very quick hand; "" for nothing."""
    if one(form(), "_nonce") != draft.nonce:
        return N_("Your answers have changed. Please look at them, then send.")
    if one(form(), TRAP):
        return N_("Please leave the box at the end of this page empty, then send.")
    quick = now() - draft.created_at < QUICKEST / settings().time_scale
    if quick and not draft.looked and not danger:
        request_drafts.ask_again(own)
        return N_("That was quick. Please look at your answers, then send.")
    return ""


def forget() -> Response:
    """Delete the draft of this browser."""
    draft = unsent()
    if draft is not None:
        if one(form(), "_nonce") != draft.nonce:
            return redirect("/request/later")
        request_drafts.forget(secret())
        load("referral.intake.unsent_danger:draft_deleted")(draft.reference, now())
    return redirect("/", [jar(secret(), 0)])


def _summary(draft: request_drafts.Draft, notice_words: str = "") -> Response:
    answers, lang = draft.answers, current().lang
    gone = [(q.listed, words_of(q, value, lang)) for q, value in questions.dropped(answers)]
    return render(
        "intake/check.html",
        422 if notice_words else 200,
        sections=summary(answers),
        reach=answers.get("contact_email") or answers.get("contact_phone"),
        gone=gone,
        nonce=draft.nonce,
        words=notice_words,
        trap=TRAP,
        action=CHECK,
    )
