"""Report a safety concern: from a consultant's or a staff member's task, and from the case page.

The page begins with whom to call. It asks for no word, keeps none, and holds nobody up.
"""

from __future__ import annotations

import hashlib
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib.kit.door import EVERYBODY, me, staff
from chalicelib.kit.web import FORM, page

bp = Blueprint(__name__)
COOKIE = "task"
NOBODY = ("provider", "system", "")


@bp.route("/t/{link}/safety", methods=["GET"])
@page
def ask_by_link(link: str) -> Response:
    """The page, from the mailed link's first page."""
    return _by_link(link, f"/t/{link}", press=False)


@bp.route("/t/{link}/safety", methods=["POST"], content_types=FORM)
@page
def flag_by_link(link: str) -> Response:
    """The press, from there."""
    return _by_link(link, f"/t/{link}", press=True)


@bp.route("/task/{reference}/{n}/safety", methods=["GET"])
@page
def ask_inside(reference: str, n: str) -> Response:
    """The page, from the task's page with the details."""
    return _inside(reference, n, press=False)


@bp.route("/task/{reference}/{n}/safety", methods=["POST"], content_types=FORM)
@page
def flag_inside(reference: str, n: str) -> Response:
    """The press, from there."""
    return _inside(reference, n, press=True)


@bp.route("/console/referrals/{reference}/safety", methods=["GET"])
@page
@staff(*EVERYBODY)
def ask_staff(reference: str) -> Response:
    """The page, from the case page."""
    return _by_staff(reference, press=False)


@bp.route("/console/referrals/{reference}/safety", methods=["POST"], content_types=FORM)
@page
@staff(*EVERYBODY)
def flag_staff(reference: str) -> Response:
    """The press, from there."""
    return _by_staff(reference, press=True)


def _inside(reference: str, n: str, *, press: bool) -> Response:
    from chalicelib.kit.web import current

    text = current().cookies.get(COOKIE, "")
    return _by_link(text, f"/task/{reference}/{n}", press=press, only=(reference, n))


def _by_link(text: str, back: str, *, press: bool, only: tuple[str, str] | None = None) -> Response:
    """Whoever holds an open task of a consultant or of staff may flag; others see the task's page,
    which tells them what their link is (S8)."""
    from chalicelib.aws import links, store
    from chalicelib.kit.now import now
    from chalicelib.kit.outbox import asked_by
    from chalicelib.kit.web import redirect
    from chalicelib.referral.errors import NotFound

    link = links.read(text)
    if link is None or now() >= link.expires or (only and only != (link.reference, str(link.n))):
        return redirect(back)
    try:
        state = store.load(link.reference, consistent=True)
    except NotFound:
        return redirect(back)
    view = asked_by(state, link.n)
    task = view.task if view is not None else None
    if task is None or task.role in NOBODY or link.number < task.first:
        return redirect(back)
    return _page(state, task.role, back, press=press)


def _by_staff(reference: str, *, press: bool) -> Response:
    from chalicelib.aws import store
    from chalicelib.referral.errors import NotFound
    from chalicelib.referral.ids import normalize_reference

    stored = normalize_reference(reference)
    if stored is None:
        raise NotFound(reference)
    state = store.load(stored, consistent=True)
    return _page(state, me().role, f"/console/referrals/{stored}", press=press, console=True)


def _page(state: Any, role: str, back: str, *, press: bool, console: bool = False) -> Response:
    from chalicelib.aws import links
    from chalicelib.kit.door import show
    from chalicelib.kit.forms import blank, clean
    from chalicelib.kit.now import now
    from chalicelib.kit.web import current, form, redirect, render
    from chalicelib.kit.wire import one
    from chalicelib.safety.flag import flag
    from chalicelib.safety.forms import FLAG

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
