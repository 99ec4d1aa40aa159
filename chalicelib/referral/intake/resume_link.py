"""The way back to a half-written request from another phone: a mailed link, a reminder, no password."""

from __future__ import annotations

from dataclasses import replace

from chalice.app import Response

from chalicelib.aws import rate_limits
from chalicelib.aws.now import now, scaled
from chalicelib.aws.settings import settings
from chalicelib.directory import mail_choices
from chalicelib.domain.errors import TryAgain
from chalicelib.mail.choices.holding import held_until
from chalicelib.mail.mail_priority import LANES
from chalicelib.mail.send_now import send_now
from chalicelib.referral.intake.draft_cookie import jar, secret, unsent
from chalicelib.referral.intake.question_pages import summary
from chalicelib.referral.rows import request_drafts
from chalicelib.web import links
from chalicelib.web.forms import Cleaned, Field, Form, blank, clean
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_
from chalicelib.web.pages import current, form, redirect, render
from chalicelib.workflow.storage import indexes

PURPOSE = "return"

WHERE = Form(
    Field(
        "return_to",
        "email",
        N_("Where should we mail the link?"),
        hint=N_("With the link you can go on from any phone or computer."),
        autocomplete="email",
    )
)


def later() -> Response:
    """How to come back, and how to leave no trace on a shared phone."""
    draft = unsent()
    if draft is None:
        return redirect("/start")
    return _show(draft)


def mail_the_way_back() -> Response:
    """Mail the link to go on with, and remember where to, for one reminder."""
    draft = unsent()
    if draft is None:
        return redirect("/start")
    cleaned = clean(WHERE, form(), current().lang)
    if not cleaned.ok or one(form(), "_nonce") != draft.nonce:
        return _show(draft, cleaned)
    own, email = secret(), str(cleaned.values["return_to"])
    request_drafts.mail_to(own, email, scaled(now(), now() + request_drafts.REMIND_AFTER))
    key = request_drafts.key_of(own)
    own = key if came_back_to(email, draft) else ""
    if rate_limits.mail_to("draft", email, now(), own=own, source=current().source_ip):
        _mail(replace(draft, return_to=email, lang=current().lang), key)
    return redirect("/request/later?mailed=yes")


def came_back_to(email: str, draft: request_drafts.Draft) -> bool:
    """Whether this browser has the draft by the link that was mailed to ``email``: its owner's."""
    same = email.strip().casefold() == draft.return_to.strip().casefold()
    return same and email != "" and request_drafts.is_handle(secret())


def come_back(link: str) -> Response:
    """The page behind the mailed link. Nothing happens before the press."""
    return _door(link)


def _door(link: str) -> Response:
    key = links.read_ticket(PURPOSE, link, now())
    draft = request_drafts.by_key(key, now()) if key else None
    if draft is None or draft.sent_at:
        sent = draft is not None
        return render("intake/back.html", 200 if sent else 410, found=False, sent=sent, link="")
    return render("intake/back.html", found=True, sent=False, link=links.mended(link))


def go_on(link: str) -> Response:
    """Give this browser the draft, and go to the first question without an answer."""
    key = links.read_ticket(PURPOSE, link, now())
    draft = request_drafts.by_key(key, now()) if key else None
    if key is None or draft is None or draft.sent_at or current().switching:
        return _door(link)
    return redirect("/request", [jar(request_drafts.handle(key), request_drafts.KEEP)])


def _show(draft: request_drafts.Draft, cleaned: Cleaned | None = None) -> Response:
    known = draft.return_to or draft.answers.get("contact_email")
    return render(
        "intake/later.html",
        cleaned.status if cleaned else 200,
        expires=draft.expires_at,
        nonce=draft.nonce,
        so_far=[row for _part, rows in summary(draft.answers) for row in rows if row[1]],
        form=WHERE,
        cleaned=cleaned or blank(WHERE, {"return_to": known}),
        mailed=current().query.get("mailed") == ["yes"],
    )


def remind(pk: str, sk: str, at: int) -> None:
    """One reminder, three days after the last time that the link was asked for; the clock calls."""
    key = pk.removeprefix(request_drafts.PREFIX)
    draft = request_drafts.by_key(key, at)
    waiting = draft if draft is not None and draft.return_to and not draft.sent_at else None
    if waiting is not None and (held := _held(waiting.return_to, at)):
        indexes.wake_later(pk, sk, held)
        return
    if waiting is not None and not _mail(waiting, key, reminder=True):
        raise TryAgain("the reminder did not leave")  # the clock looks again
    request_drafts.remind_no_more(pk)


def _held(email: str, at: int) -> int | None:
    """Until when the reminder waits for its reader's morning."""
    chosen = mail_choices.of(mail_choices.mark_of(email))
    return held_until(LANES.index("reminder"), at, at, chosen, works_here=False)


def _mail(draft: request_drafts.Draft, key: str, *, reminder: bool = False) -> bool:
    """Send the link; it ends when the draft does."""
    link = f"{settings().base_url}/request/back/{links.ticket(PURPOSE, key, draft.expires_at)}"
    to, lang, end = draft.return_to, draft.lang, draft.expires_at
    return send_now("intake/return", to, lang, link=link, expires=end, reminder=reminder)
