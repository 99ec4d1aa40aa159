"""How a page is made: its request, its answer, and what a person sees when something is wrong."""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ParamSpec
from urllib.parse import quote, urlsplit
from uuid import uuid4

from chalice.app import Blueprint, Request, Response

from chalicelib.aws.settings import settings
from chalicelib.kit import assets, words
from chalicelib.kit.log import logger
from chalicelib.kit.wire import (
    FORM_TYPE,
    Refused,
    Values,
    from_here,
    one,
    parse_cookies,
    parse_form,
    security_headers,
)
from chalicelib.kit.words import N_
from chalicelib.referral.errors import AlreadyDone, Invalid, LinkExpired, NotFound, TryAgain

P = ParamSpec("P")
FORM = [FORM_TYPE]
LANG_COOKIE = "lang"
YEAR = 365 * 24 * 3600

bp = Blueprint(__name__)


@dataclass
class Cookie:
    """A cookie of ours: HttpOnly, SameSite=Lax, Secure on https. ``max_age`` seconds, 0 deletes."""

    name: str
    value: str
    max_age: int | None = None

    def header(self) -> str:
        """The Set-Cookie value."""
        parts = [f"{self.name}={self.value}", f"Path={prefix() or '/'}", "HttpOnly", "SameSite=Lax"]
        if self.max_age is not None:
            parts.append(f"Max-Age={self.max_age}")
        if settings().base_url.startswith("https:"):
            parts.append("Secure")
        return "; ".join(parts)


@dataclass
class Context:
    """The request at hand. Header names are lower case; query values are lists."""

    method: str
    path: str
    query: Values
    headers: dict[str, str]
    cookies: dict[str, str]
    source_ip: str
    request_id: str
    raw_body: bytes = b""
    lang: str = words.DEFAULT
    form: Values = field(default_factory=dict)
    new_cookies: list[Cookie] = field(default_factory=list)

    @property
    def switching(self) -> bool:
        """Whether this press only changes the language (Q2): keep what is typed, decide nothing."""
        return bool(self.form.get("_switch"))


_request: ContextVar[Request | None] = ContextVar("request", default=None)
_current: ContextVar[Context | None] = ContextVar("current", default=None)


def current() -> Context:
    """The request being answered. Raises RuntimeError outside of a ``@page``."""
    found = _current.get()
    if found is None:
        raise RuntimeError("no page is being answered")
    return found


def form() -> Values:
    """The posted form: each name with its values, strictly UTF-8, at most 200 of them."""
    return current().form


def prefix() -> str:
    """The path that every link of ours begins with ("" or as "/api")."""
    return urlsplit(settings().base_url).path.rstrip("/")


def origin() -> str:
    """Our own origin, as "https://host"."""
    parts = urlsplit(settings().base_url)
    return f"{parts.scheme}://{parts.netloc}"


def url(path: str) -> str:
    """A link to one of our own paths ("/request"), with the prefix of this deployment."""
    if not path.startswith("/") or path.startswith("//") or "\\" in path:
        raise ValueError("links go to our own paths only (S13)")
    return prefix() + path


def absolute_url(path: str) -> str:
    """The same with the origin, for letters."""
    return origin() + url(path)


def _respond(
    body: str, status: int, cookies: Iterable[Cookie], headers: dict[str, str]
) -> Response:
    ctx = _current.get()
    jar = [*(ctx.new_cookies if ctx else []), *cookies]
    # The console's forms end at the hosted sign-in, and browsers hold form-action against that too.
    target = settings().login_url if ctx and ctx.path.startswith("/console") else ""
    parts = urlsplit(target)
    targets = f"{parts.scheme}://{parts.netloc}" if target else ""
    sent: dict[str, Any] = {**security_headers(targets), **headers}
    if jar:
        sent["Set-Cookie"] = [cookie.header() for cookie in jar]
    return Response(body=body, status_code=status, headers=sent)


def render(
    template: str, status: int = 200, cookies: Iterable[Cookie] = (), **ctx: Any
) -> Response:
    """A page from ``room/name.html`` in the reader's language, with every security header."""
    from chalicelib.kit.render import html

    at = current()
    body = html(
        template,
        at.lang,
        url=url,
        static=assets.static,
        path=at.path,
        language_link=_language_link,
        **ctx,
    )
    return _respond(body, status, cookies, {"Content-Type": "text/html; charset=utf-8"})


def redirect(path: str, cookies: Iterable[Cookie] = ()) -> Response:
    """303 to one of our own paths (S13)."""
    target = quote(url(path), safe="/?&=#%-_.~:,+")
    return _respond("", 303, cookies, {"Location": target, "Content-Type": "text/plain"})


def redirect_to_login(address: str, cookies: Iterable[Cookie] = ()) -> Response:
    """303 to the hosted sign-in, the one foreign address there is."""
    if not settings().login_url or not address.startswith(settings().login_url):
        raise ValueError("not the sign-in of this deployment")
    return _respond("", 303, cookies, {"Location": address, "Content-Type": "text/plain"})


def _language_link(lang: str) -> str:
    query = [
        f"{quote(name)}={quote(value)}"
        for name, values in current().query.items()
        for value in values
        if name != "lang"
    ]
    return "?" + "&".join([*query, f"lang={lang}"])


def _context(request: Request) -> Context:
    event: dict[str, Any] = request.to_original_event()
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    several = event.get("multiValueHeaders") or {}
    cookie = "; ".join(
        value for name, values in several.items() if name.lower() == "cookie" for value in values
    )
    outer = event.get("requestContext") or {}
    raw = request.raw_body
    return Context(
        method=request.method,
        path=_own_path(request),
        query={n: list(v) for n, v in (event.get("multiValueQueryStringParameters") or {}).items()},
        headers=headers,
        cookies=parse_cookies(cookie or headers.get("cookie", "")),
        source_ip=str((outer.get("identity") or {}).get("sourceIp") or ""),
        request_id=str(outer.get("requestId") or uuid4()),
        raw_body=raw.encode("utf-8", "replace") if isinstance(raw, str) else raw or b"",
    )


def _own_path(request: Request) -> str:
    """The path as our routes know it, without the stage."""
    path = request.path
    for name, value in (request.uri_params or {}).items():
        path = path.replace("{" + name + "}", value)
    return path


def _choose_language(ctx: Context) -> None:
    asked = (ctx.query.get("lang") or [""])[0]
    pressed = (ctx.form.get("_switch") or [""])[0]
    kept = ctx.cookies.get(LANG_COOKIE, "")
    ctx.lang = words.pick_language(pressed, asked, kept, ctx.headers.get("accept-language"))
    if (pressed or asked) and ctx.lang != kept:
        ctx.new_cookies.append(Cookie(LANG_COOKIE, ctx.lang, YEAR))


def page(view: Callable[P, Response]) -> Callable[P, Response]:
    """Make a function a page: put it directly under ``@bp.route``.

    Reads the request strictly, chooses the language, refuses foreign POSTs, and turns every error
    into a page that says what to do. Nothing leaves without the security headers.
    """

    @functools.wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
        request = _request.get()
        if request is None:
            raise RuntimeError("register chalicelib.kit.web.bp with the app")
        ctx = _context(request)
        token = _current.set(ctx)
        try:
            return _answer(ctx, lambda: view(*args, **kwargs))
        finally:
            _current.reset(token)

    return answer


def _answer(ctx: Context, view: Callable[[], Response]) -> Response:
    try:
        _choose_language(ctx)
        if ctx.method == "POST":
            ctx.form = parse_form(ctx.raw_body)
            one(ctx.form, "_switch")
            _choose_language(ctx)
            if not from_here(ctx.headers, origin()):
                raise Refused(403, N_("This page was opened from another site. Please start here."))
        return view()
    except Refused as error:
        return error_page(error.status, error.reason)
    except Invalid as error:
        return error_page(422, N_("Please look at these answers again."), error.errors)
    except NotFound:
        return error_page(404, N_("We could not find that page."))
    except AlreadyDone:
        return error_page(200, N_("This was already answered. There is nothing left to do."))
    except LinkExpired:
        return error_page(410, N_("This link is no longer good."))
    except TryAgain:
        return error_page(503, N_("We are very busy right now. Nothing was lost."))
    except Exception as error:  # the last door: a person never sees a trace (S16)
        _note(ctx, error)
        return error_page(500, N_("Something went wrong on our side."))


def _note(ctx: Context, error: Exception) -> None:
    """Log where it broke, never the message: it may hold what somebody typed (S28)."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    logger().error(
        "page failed",
        extra={
            "request_id": ctx.request_id,
            "error": type(error).__name__,
            "at": [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames],
        },
    )


def error_page(status: int, reason: str, errors: dict[str, str] | None = None) -> Response:
    """The one error page: what happened, what to do, whom to call, and the request's id."""
    response = render(
        "kit/error.html",
        status,
        reason=reason,
        code=status,
        errors=list((errors or {}).values()),
        request_id=current().request_id,
    )
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


@bp.route("/static/{name}")
def static_file(name: str) -> Response:
    """The stylesheet and the few scripts, by a name that holds their hash: cached for good."""
    found = assets.read(name)
    headers: dict[str, Any] = security_headers()
    if found is None:
        return Response(body="", status_code=404, headers={**headers, "Content-Type": "text/plain"})
    headers["Content-Type"] = found.content_type
    headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if found.exact else "public, max-age=60"
    )
    return Response(body=found.text, headers=headers)


def _around(event: Request, get_response: Callable[[Any], Response]) -> Response:
    """Middleware of every HTTP call: remembers the request, makes Chalice's own refusals pages.

    HEAD is answered as its GET without the body, so that a mail scanner meets no error (F12).
    """
    token = _request.set(event)
    context = event.to_original_event()["requestContext"]
    head = context["httpMethod"] == "HEAD"
    if head:
        context["httpMethod"] = "GET"
    try:
        response = get_response(event)
        if "Content-Security-Policy" not in response.headers:
            response = _as_page(event, response)
    finally:
        _request.reset(token)
    if head:
        response.body = ""
    return response


def _as_page(event: Request, response: Response) -> Response:
    """Chalice's own JSON refusals (405, 415, 500) as our page, its headers added to the rest."""
    if response.status_code < 400:
        response.headers = {**security_headers(), **response.headers}
        return response
    reason = N_("That page cannot be used that way.")
    if response.status_code >= 500:
        reason = N_("Something went wrong on our side.")
    ctx = _context(event)
    token = _current.set(ctx)
    try:
        _choose_language(ctx)
        return error_page(response.status_code, reason)
    finally:
        _current.reset(token)


bp.register_middleware(_around, "http")
