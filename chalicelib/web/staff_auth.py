"""Who may use the console: somebody with a live session who is staff today, in a role of the route's,
and whose counties have what the page is about.

Every press carries a nonce that was shown to this very session.
"""

from __future__ import annotations

import time
from contextvars import ContextVar
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from chalice.app import Response

from chalicelib.aws import refusals, send_gate
from chalicelib.aws.entry_points import load
from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.aws.settings import settings
from chalicelib.directory import people
from chalicelib.domain.errors import NotFound
from chalicelib.domain.plain.values import frozen
from chalicelib.domain.roles import NO_COUNTY, ROLE_WORDS, ROLES, Scope
from chalicelib.web import routing, sessions
from chalicelib.web.http_input import Refused
from chalicelib.web.languages import N_
from chalicelib.web.pages import Cookie, current, redirect, render
from chalicelib.web.press import STALE, nonce, shown_by_us
from chalicelib.web.routing import Route, may

COOKIE = "staff"


@frozen
class Staff:
    """The member of staff at the console. ``session`` is the hash that names the session's row;
    ``scope`` the counties whose cases they see and work on, none unless said."""

    id: str
    name: str
    role: str
    session: str
    scope: Scope = NO_COUNTY

    @property
    def actor(self) -> str:
        """How a log entry names them."""
        return f"staff:{self.id}"


_current: ContextVar[Staff | None] = ContextVar("staff", default=None)


def current_staff() -> Staff:
    """Who is signed in. Raises RuntimeError outside of a page of the console."""
    found = _current.get()
    if found is None:
        raise RuntimeError("nobody is signed in here")
    return found


def let_in(route: Route, places: dict[str, str]) -> Response:
    """The page of a route of the console, for staff whose role may use it. What is in none of their
    counties looks as if it were not there."""
    who = signed_in()
    if who is None:
        return redirect(_sign_in_first(), cookies=[no_session()])
    if who.role not in route.who.roles:
        raise Refused(403, N_("Your role does not include this page."))
    if current().method == "POST" and not nonce_ok(who):
        raise Refused(403, STALE)
    if who.scope.counties is not None:  # who works for all of California needs no look-up
        of_it = routing.counties(places)
        if of_it is not None and not who.scope.covers(*of_it):
            raise NotFound(route.path)
    token = _current.set(who)
    try:
        page: Response = load(route.view)(**places)
        return page
    finally:
        _current.reset(token)


def signed_in() -> Staff | None:
    """The member of staff behind the request's cookie. Their row is read afresh each time: a role or
    counties that were taken away, and a leave, count from the next request."""
    session = sessions.find(current().cookies.get(COOKIE, ""), now())
    row = people.staff_now(session.staff) if session is not None else None
    if session is None or not row or row.get("active") is not True or row.get("role") not in ROLES:
        return None
    name = str(row.get("name") or session.staff)
    return Staff(session.staff, name, row["role"], session.key, people.scope_of(row))


def _sign_in_first() -> str:
    """The sign-in page, which leads back to where a GET wanted to go."""
    at = current()
    if at.method != "GET":
        return "/login"
    query = urlencode([(k, v) for k, values in at.query.items() for v in values])
    target = at.path + (f"?{query}" if query else "")
    return "/login" if target == "/console" else f"/login?next={quote(target, safe='')}"


def session_cookie(token: str) -> Cookie:
    """The cookie of a session that begins."""
    return Cookie(COOKIE, token, sessions.SESSION_SECONDS)


def no_session() -> Cookie:
    """The same cookie, taken away."""
    return Cookie(COOKIE, "", 0)


def _subject(who: Staff) -> str:
    return f"console|{who.session}"


def nonce_ok(who: Staff) -> bool:
    """Whether the posted form was shown by us to this session."""
    return shown_by_us(_subject(who))


def utc(instant: int) -> str:
    """An instant without any doubt, for titles and print: "2026-05-07 16:30 UTC"."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(instant))


class _Release(NamedTuple):
    """What runs here: the commit, and when it was deployed (UTC seconds)."""

    commit: str
    at: float


def _release() -> _Release:
    here = settings()
    at = datetime.fromisoformat(here.deployed_at).timestamp() if here.deployed_at else 0
    return _Release(here.commit, at)


def show(template: str, status: int = 200, *, version: int = 0, **ctx: Any) -> Response:
    """A page of the console: with who looks at it, and the nonce of its forms; ``version``: of the
    case that it shows."""
    who = current_staff()
    return render(
        template,
        status,
        me=who,
        may=partial(may, who.role),
        role_word=ROLE_WORDS[who.role],
        nonce=nonce(_subject(who), version),
        now=now(),
        utc=utc,
        release=_release(),
        outage=refusals.outage(send_gate.health(now()), now()),
        **ctx,
    )


def note_look(reference: str) -> None:
    """Write down who looked at contact data of a case."""
    who = current_staff().actor
    logger().info("contact viewed", extra={"referral": reference, "actor": who})
