"""How a page is made: its request, its answer, and what a person sees when something is wrong."""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any, ParamSpec
from urllib.parse import quote, urlsplit

from chalice.app import Blueprint, Request, Response

from chalicelib.aws.log import logger
from chalicelib.aws.settings import settings
from chalicelib.domain.errors import AlreadyDone, Invalid, LinkExpired, NotFound, TryAgain
from chalicelib.web import assets
from chalicelib.web.http_input import (
    FORM_TYPE,
    Refused,
    from_here,
    one,
    parse_form,
    security_headers,
)
from chalicelib.web.languages import N_
from chalicelib.web.request_context import (
    Context,
    Cookie,
    absolute_url,
    answering,
    choose_language,
    context_of,
    current,
    form,
    language_link,
    origin,
    prefix,
    url,
)

__all__ = [
    "FORM",
    "Context",
    "Cookie",
    "absolute_url",
    "bp",
    "current",
    "error_page",
    "form",
    "origin",
    "page",
    "prefix",
    "redirect",
    "redirect_to_login",
    "render",
    "url",
]

P = ParamSpec("P")
FORM = [FORM_TYPE]

bp = Blueprint(__name__)


_request: ContextVar[Request | None] = ContextVar("request", default=None)


def _respond(
    body: str, status: int, cookies: Iterable[Cookie], headers: dict[str, str]
) -> Response:
    ctx = answering.get()
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
    from chalicelib.web.render import html

    at = current()
    body = html(
        template,
        at.lang,
        url=url,
        static=assets.static,
        path=at.path,
        language_link=language_link,
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


def page(view: Callable[P, Response]) -> Callable[P, Response]:
    """Make a function a page: put it directly under ``@bp.route``.

    Reads the request strictly, chooses the language, refuses foreign POSTs, and turns every error
    into a page that says what to do. Nothing leaves without the security headers.
    """

    @functools.wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
        request = _request.get()
        if request is None:
            raise RuntimeError("register chalicelib.web.pages.bp with the app")
        ctx = context_of(request)
        token = answering.set(ctx)
        try:
            return _answer(ctx, lambda: view(*args, **kwargs))
        finally:
            answering.reset(token)

    return answer


def _answer(ctx: Context, view: Callable[[], Response]) -> Response:
    try:
        choose_language(ctx)
        if ctx.method == "POST":
            ctx.form = parse_form(ctx.raw_body)
            one(ctx.form, "_switch")
            choose_language(ctx)
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
        "web/error.html",
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
    ctx = context_of(event)
    token = answering.set(ctx)
    try:
        choose_language(ctx)
        return error_page(response.status_code, reason)
    finally:
        answering.reset(token)


bp.register_middleware(_around, "http")
