"""Who may come in: a live session, a member of staff who is active today, and a role that may.

Deny by default: a page of the console names its roles, and every press carries a nonce that was
shown to this very session (S14, S19, S21).
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ParamSpec
from urllib.parse import quote, urlencode

from chalice.app import Response

from chalicelib.aws import dynamodb, send_gate
from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.web import links, sessions
from chalicelib.web.http_input import Refused, one
from chalicelib.web.languages import N_
from chalicelib.web.pages import Cookie, current, form, redirect, render

P = ParamSpec("P")
COOKIE = "staff"

# From the one who sees most to the one who sees least: a token with several groups gets the first.
ROLES = ("admin", "supervisor", "coordinator", "specialist")
ROLE_WORDS = {
    "admin": N_("Administrator"),
    "supervisor": N_("Supervisor"),
    "coordinator": N_("Coordinator"),
    "specialist": N_("Network specialist"),
}
EVERYBODY = ROLES
REPAIRERS = ("admin", "supervisor", "coordinator")


@dataclass(frozen=True)
class Staff:
    """The member of staff at the console. ``session`` is the hash that names the session's row."""

    id: str
    name: str
    role: str
    session: str

    @property
    def actor(self) -> str:
        """How a log entry names them."""
        return f"staff:{self.id}"


_me: ContextVar[Staff | None] = ContextVar("me", default=None)


def me() -> Staff:
    """Who is signed in. Raises RuntimeError outside of a ``@staff`` page."""
    found = _me.get()
    if found is None:
        raise RuntimeError("nobody is signed in here")
    return found


def staff(*roles: str) -> Callable[[Callable[P, Response]], Callable[P, Response]]:
    """Let only these roles in: put it directly under ``@page``. Naming none is a mistake."""
    if not roles or set(roles) - set(ROLES):
        raise ValueError("a page of the console names the roles that may see it")

    def wrap(view: Callable[P, Response]) -> Callable[P, Response]:
        @functools.wraps(view)
        def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
            who = signed_in()
            if who is None:
                return redirect(_sign_in_first(), cookies=[no_session()])
            if who.role not in roles:
                raise Refused(403, N_("Your role does not include this page."))
            if current().method == "POST" and not nonce_ok(who):
                raise Refused(
                    403, N_("This page was open for too long. Please load it again and press anew.")
                )
            token = _me.set(who)
            try:
                return view(*args, **kwargs)
            finally:
                _me.reset(token)

        answer.roles = roles  # type: ignore[attr-defined]
        return answer

    return wrap


def signed_in() -> Staff | None:
    """The member of staff behind the request's cookie. Their row is read afresh each time, so
    that somebody who was made inactive is out with the next request (S19)."""
    session = sessions.find(current().cookies.get(COOKIE, ""), now())
    if session is None or session.role not in ROLES:
        return None
    row = dynamodb.get(people.STAFF, session.staff, consistent=True)
    if row is None or row.get("active") is not True:
        return None
    name = str(row.get("name") or session.staff)
    return Staff(session.staff, name, session.role, session.key)


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
    return links.nonce_ok(one(form(), "_nonce"), _subject(who), now())


def utc(instant: int) -> str:
    """An instant without any doubt, for titles and print: "2026-05-07 16:30 UTC"."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(instant))


def show(template: str, status: int = 200, **ctx: Any) -> Response:
    """A page of the console: with who looks at it, and the nonce of its forms."""
    who = me()
    return render(
        template,
        status,
        me=who,
        role_word=ROLE_WORDS[who.role],
        nonce=links.nonce(_subject(who), now()),
        now=now(),
        utc=utc,
        held_back=bool(send_gate.health(now()).get("closed_since")),
        **ctx,
    )
