"""Report a safety concern: from a consultant's or a staff member's task, and from the case page.

The page begins with whom to call. It asks for no word, keeps none, and holds nobody up.
"""

from __future__ import annotations

import hashlib
from typing import Any

from chalice.app import Response

from chalicelib.web.staff_auth import current_staff

COOKIE = "task"
NOBODY = ("provider", "system", "")


def ask_by_link(link: str) -> Response:
    """The page, from the mailed link's first page."""
    return _by_link(link, f"/t/{link}", press=False)


def flag_by_link(link: str) -> Response:
    """The press, from there."""
    return _by_link(link, f"/t/{link}", press=True)


def ask_inside(reference: str, n: str) -> Response:
    """The page, from the task's page with the details."""
    return _inside(reference, n, press=False)


def flag_inside(reference: str, n: str) -> Response:
    """The press, from there."""
    return _inside(reference, n, press=True)


def ask_staff(reference: str) -> Response:
    """The page, from the case page."""
    return _by_staff(reference, press=False)


def flag_staff(reference: str) -> Response:
    """The press, from there."""
    return _by_staff(reference, press=True)


def _inside(reference: str, n: str, *, press: bool) -> Response:
    from chalicelib.web.pages import current

    text = current().cookies.get(COOKIE, "")
    return _by_link(text, f"/task/{reference}/{n}", press=press, only=(reference, n))


def _by_link(text: str, back: str, *, press: bool, only: tuple[str, str] | None = None) -> Response:
    """Whoever holds an open task of a consultant or of staff may flag; others see the task's page,
    which tells them what their link is (S8)."""
    from chalicelib.aws.now import now
    from chalicelib.domain.errors import NotFound
    from chalicelib.mail.outbox import asked_by
    from chalicelib.web import links
    from chalicelib.web.pages import redirect
    from chalicelib.workflow import store

    link = links.read(text)
    if link is None or now() >= link.expires or (only and only != (link.reference, str(link.n))):
        return redirect(back)
    try:
        state = store.load(link.reference, consistent=True)
    except NotFound:
        return redirect(back)
    view = asked_by(state, link.n)
    task = view.task if view is not None else None
    if task is None or task.role in NOBODY or link.number < task.first_valid_link:
        return redirect(back)
    return _page(state, task.role, back, press=press)


def _by_staff(reference: str, *, press: bool) -> Response:
    from chalicelib.domain.errors import NotFound
    from chalicelib.domain.ids import normalize_reference
    from chalicelib.workflow import store

    stored = normalize_reference(reference)
    if stored is None:
        raise NotFound(reference)
    state = store.load(stored, consistent=True)
    return _page(
        state, current_staff().role, f"/console/referrals/{stored}", press=press, console=True
    )


def _page(state: Any, role: str, back: str, *, press: bool, console: bool = False) -> Response:
    from chalicelib.aws.now import now
    from chalicelib.referral.safety.flag import flag
    from chalicelib.referral.safety.forms import FLAG
    from chalicelib.web import links
    from chalicelib.web.forms import blank, clean
    from chalicelib.web.http_input import one
    from chalicelib.web.pages import current, form, redirect, render
    from chalicelib.web.staff_auth import show

    subject, cleaned, stale = f"safety|{state.reference}|{role}", blank(FLAG), False
    if press:
        cleaned = clean(FLAG, form(), current().lang)
        nonce = one(form(), "_nonce")
        # The door has looked at a console's nonce.
        stale = cleaned.ok and not console and not links.nonce_ok(nonce, subject, now())
        if cleaned.ok and not stale:
            typed = f"{nonce}|{cleaned.values}"
            command = "s:" + hashlib.sha256(typed.encode()).hexdigest()[:12]
            flag(state.reference, cleaned.values, role, command, now())
            return redirect(f"{back}/safety?recorded=yes")
    facts: dict[str, Any] = {
        "state": state,
        "form": FLAG,
        "cleaned": cleaned,
        "stale": stale,
        "back": back,
        "console": console,
        "recorded": current().query.get("recorded") == ["yes"],
    }
    status = 422 if stale else cleaned.status
    if console:
        return show("safety/report.html", status, **facts)
    return render("safety/report.html", status, nonce=links.nonce(subject, now()), **facts)
