"""Whose status page this browser may see: a reference whose code it has shown, for half an hour."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.aws.entry_points import load
from chalicelib.aws.now import now
from chalicelib.domain.errors import NotFound
from chalicelib.referral.model import Referral
from chalicelib.web import links
from chalicelib.web.pages import Cookie, current, redirect
from chalicelib.web.routing import Route
from chalicelib.workflow.storage import store

COOKIE, COOKIE_SECONDS = "status", 30 * 60


def cookie(reference: str) -> Cookie:
    """The cookie after a right code."""
    value = links.sign(COOKIE, f"{reference}:{now() + COOKIE_SECONDS}")
    return Cookie(COOKIE, value, COOKIE_SECONDS)


def whose() -> str:
    """The reference whose code this browser has shown, while that counts; else empty."""
    text = links.unsign(COOKIE, current().cookies.get(COOKIE, "")) or ""
    reference, _, until = text.partition(":")
    return reference if until.isdigit() and int(until) > now() else ""


def let_in(route: Route, places: dict[str, str]) -> Response:
    """The page of a route, given the ``state`` of the request that this browser may see."""
    state = state_here()
    if state is None:
        return redirect("/status")
    page: Response = load(route.view)(state=state, **places)
    return page


def state_here() -> Referral | None:
    """The referral that this browser may see, or None."""
    reference = whose()
    try:
        # Consistent: who has just pressed a button must see what it did.
        return store.load(reference, Referral, consistent=True) if reference else None
    except NotFound:
        return None
