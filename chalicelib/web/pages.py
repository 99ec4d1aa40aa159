"""How a page is made: its request, its answer, and what a person sees when something is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from chalice.app import Response

from chalicelib.aws.entry_points import load
from chalicelib.aws.settings import settings
from chalicelib.domain.errors import NotFound
from chalicelib.web import assets
from chalicelib.web.http_input import security_headers
from chalicelib.web.request_context import Cookie as Cookie
from chalicelib.web.request_context import answering, language_link
from chalicelib.web.request_context import current as current
from chalicelib.web.request_context import form as form
from chalicelib.web.request_context import url as url


def _respond(
    body: str, status: int, cookies: Iterable[Cookie], headers: dict[str, str]
) -> Response:
    ctx = answering.get()
    jar = [*(ctx.new_cookies if ctx else []), *cookies]
    # The console's forms end at the hosted sign-in, and browsers hold form-action against that too.
    target = settings().login_url if ctx and ctx.path.startswith("/console") else ""
    parts = urlsplit(target)
    targets = f"{parts.scheme}://{parts.netloc}" if target else ""
    sent: dict[str, str | list[str]] = {**security_headers(targets), **headers}
    if jar:
        sent["Set-Cookie"] = [cookie.header() for cookie in jar]
    return Response(body=body, status_code=status, headers=sent)


def render(
    template: str, status: int = 200, cookies: Iterable[Cookie] = (), **ctx: object
) -> Response:
    """A page from ``room/name.html`` in the reader's language, with every security header."""
    # A redirect draws nothing, and Jinja takes long to load.
    from chalicelib.web.render import html

    at = current()
    body = html(
        template,
        at.lang,
        url=url,
        static=assets.static,
        path=at.path,
        language_link=language_link,
        letters_wait=_letters_wait,
        **{"for_staff": at.path.startswith("/console"), **ctx},
    )
    return _respond(body, status, cookies, {"Content-Type": "text/html; charset=utf-8"})


def saved(body: str, content_type: str, name: str) -> Response:
    """A file to keep; ``name`` is of ASCII letters, digits, dots and dashes. Its body is text, because
    API Gateway hands bytes out only to who names their type."""
    headers = {
        "Content-Type": content_type,
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return _respond(body, 200, (), headers)


def _letters_wait() -> bool:
    """Whether no letter leaves right now; only a page that promises one asks."""
    takes = load("aws.send_gate:takes_requests")(load("aws.now:now")())
    return not takes


def redirect(path: str, cookies: Iterable[Cookie] = ()) -> Response:
    """303 to one of our own paths."""
    target = quote(url(path), safe="/?&=#%-_.~:,+")
    return _respond("", 303, cookies, {"Location": target, "Content-Type": "text/plain"})


def redirect_to_login(address: str, cookies: Iterable[Cookie] = ()) -> Response:
    """303 to the hosted sign-in, the one foreign address there is."""
    if not settings().login_url or not address.startswith(settings().login_url):
        raise ValueError("not the sign-in of this deployment")
    return _respond("", 303, cookies, {"Location": address, "Content-Type": "text/plain"})


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


def static_file(name: str) -> Response:
    """The stylesheet and the few scripts, by a name that holds their hash: cached for good. Raises NotFound."""
    found = assets.read(name)
    if found is None:
        raise NotFound(name)
    headers: dict[str, str | list[str]] = {**security_headers()}
    headers["Content-Type"] = found.content_type
    headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if found.exact else "public, max-age=60"
    )
    return Response(body=found.text, headers=headers)
