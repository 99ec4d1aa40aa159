"""Sign in and out. Each press is ours, and what comes back must answer what this browser asked."""

from __future__ import annotations

import base64
import hmac
import json
import re
import secrets
from dataclasses import asdict
from urllib.parse import urlsplit

from chalice.app import Response

from chalicelib.aws import cognito
from chalicelib.aws.cognito import Attempt, Identity, LoginRefused, LoginUnreachable
from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.aws.settings import settings
from chalicelib.directory import people
from chalicelib.domain.json_values import Json
from chalicelib.domain.roles import ROLES
from chalicelib.web import links, sessions
from chalicelib.web.http_input import one, security_headers
from chalicelib.web.languages import N_
from chalicelib.web.pages import Cookie, current, form, redirect, redirect_to_login, render
from chalicelib.web.press import nonce, shown_by_us
from chalicelib.web.staff_auth import COOKIE, no_session, nonce_ok, session_cookie, signed_in

# This browser's mark, before anybody signed in: the sign-in form's nonce is bound to it.
VISITOR = "visitor"
ATTEMPT = "signin"
ATTEMPT_SECONDS = 600
NEXT = re.compile(r"/console(?:[/?][A-Za-z0-9/?=&%._~+-]{0,300})?")

STALE = N_("The sign-in took too long, or began in another window. Please try again.")
REASONS = {
    "stale": STALE,
    "refused": N_("The sign-in was not accepted. Please try again."),
    "cancelled": N_("You did not finish signing in. You can try again."),
    "unreachable": N_("The sign-in service does not answer right now. Please try again soon."),
    "stranger": N_("This account has no access to the console. Please ask your supervisor."),
}


def show_login() -> Response:
    """The sign-in page. Whoever is signed in goes on to the console."""
    if signed_in() is not None:
        return redirect("/console")
    return _page()


def start_login() -> Response:
    """Begin an attempt and go to the hosted login."""
    visitor = current().cookies.get(VISITOR, "")
    if not visitor or not shown_by_us(_subject(visitor)):
        return _page(STALE, 403)
    if not settings().login_url:
        return _page(REASONS["unreachable"], 400)
    attempt = cognito.new_attempt()
    kept = {**asdict(attempt), "at": now(), "next": _next(one(form(), "next"))}
    text = base64.urlsafe_b64encode(json.dumps(kept).encode()).rstrip(b"=").decode()
    cookie = Cookie(ATTEMPT, links.sign("signin", text), ATTEMPT_SECONDS)
    return redirect_to_login(cognito.authorize_url(attempt, current().lang), cookies=[cookie])


def finish_login() -> Response:
    """Where the hosted login sends the browser: check all of it, then begin a session."""
    kept = _attempt()
    if kept is None:
        return _refuse("stale")
    attempt = Attempt(kept["state"], kept["nonce"], kept["verifier"])
    if not hmac.compare_digest(_query("state").encode(), attempt.state.encode()):
        return _refuse("stale")
    if _query("error"):
        return _refuse("cancelled")
    try:
        identity = cognito.identify(cognito.exchange(_query("code"), attempt), attempt.nonce)
    except LoginUnreachable as error:
        return _refuse("unreachable", str(error))
    except LoginRefused as error:
        return _refuse("refused", str(error))
    found = _member(identity)
    if not found:
        return _refuse("stranger")
    sessions.end(current().cookies.get(COOKIE, ""))  # a session never outlives a new sign-in
    token = sessions.begin(found, now())
    logger().info("signed in", extra={"staff": found})
    cookies = [session_cookie(token), Cookie(ATTEMPT, "", 0), Cookie(VISITOR, "", 0)]
    return redirect(kept["next"], cookies=cookies)


def sign_out() -> Response:
    """End the session here, then the one of the hosted login."""
    who = signed_in()
    if who is not None and not nonce_ok(who):
        return redirect("/console")
    sessions.end(current().cookies.get(COOKIE, ""))
    if who is not None:
        logger().info("signed out", extra={"staff": who.id})
    if who is not None and settings().login_url:
        return redirect_to_login(cognito.logout_url(), cookies=[no_session()])
    return redirect("/", cookies=[no_session()])


def _page(notice: str = "", status: int = 200) -> Response:
    known = current().cookies.get(VISITOR, "")
    visitor = known or secrets.token_urlsafe(16)
    response = render(
        "console/login.html",
        status,
        cookies=[] if known else [Cookie(VISITOR, visitor, 3600)],
        nonce=nonce(_subject(visitor)),
        next=_next(_query("next") or one(form(), "next")),
        notice=notice,
    )
    # Its form ends at the hosted login, and browsers hold form-action against that redirect too.
    parts = urlsplit(settings().login_url)
    target = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    response.headers.update(security_headers(target))
    return response


def _subject(visitor: str) -> str:
    return f"login|{visitor[:64]}"


def _query(name: str) -> str:
    return (current().query.get(name) or [""])[0]


def _next(wanted: str) -> str:
    """Where to go after signing in: a page of the console, and nothing else."""
    return wanted if NEXT.fullmatch(wanted) and "//" not in wanted else "/console"


def _attempt() -> Json | None:
    """This browser's own attempt, or None: none, forged, or older than ten minutes."""
    text = links.unsign("signin", current().cookies.get(ATTEMPT, ""))
    if text is None:
        return None
    kept: Json = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return kept if now() - ATTEMPT_SECONDS <= int(kept["at"]) <= now() else None


def _member(identity: Identity) -> str:
    """The staff id of who signed in; "" for anybody who is not active staff in a group of staff. What
    they may do is in their row, and looked up at each request."""
    same = [r for r in people.staff() if str(r.get("email", "")).casefold() == identity.email]
    if not set(ROLES) & set(identity.groups) or len(same) != 1:
        return ""
    fits = same[0].get("active") is True and same[0].get("role") in ROLES
    return str(same[0]["id"]) if fits else ""


def _refuse(reason: str, why: str = "") -> Response:
    """A plain page with a way to try again. What failed goes to the log, never a token or name."""
    logger().warning("sign-in refused", extra={"reason": reason, "why": why})
    response = _page(REASONS[reason], 403 if reason in ("refused", "stranger") else 400)
    gone = Cookie(ATTEMPT, "", 0).header()
    jar = response.headers.get("Set-Cookie", [])
    response.headers["Set-Cookie"] = [*([jar] if isinstance(jar, str) else jar), gone]
    return response
