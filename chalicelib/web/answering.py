"""What happens around every page: its request is read strictly, its visitor let in or not, and every
error becomes a page that says what to do. Nothing leaves without the security headers."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from chalice.app import Request, Response

from chalicelib.aws.entry_points import load
from chalicelib.aws.errors import is_refused
from chalicelib.aws.log import logger
from chalicelib.domain.errors import AlreadyDone, Invalid, LinkExpired, NotFound, TryAgain
from chalicelib.web.http_input import Refused, from_here, one, parse_form, security_headers
from chalicelib.web.languages import N_
from chalicelib.web.pages import error_page
from chalicelib.web.request_context import (
    Context,
    answering,
    choose_language,
    context_of,
    current,
    origin,
)
from chalicelib.web.routing import Route


def around(event: Request, get_response: Callable[[Request], Response]) -> Response:
    """Answer one HTTP call: remember its request, and make Chalice's own refusals pages.

    HEAD is answered as its GET without the body, so that a mail scanner meets no error.
    """
    token = answering.set(context_of(event))
    outer = event.to_original_event()["requestContext"]
    head = outer["httpMethod"] == "HEAD"
    if head:
        outer["httpMethod"] = "GET"
    try:
        response = get_response(event)
        if "Content-Security-Policy" not in response.headers:
            response = _as_page(response)
    finally:
        answering.reset(token)
    if head:
        response.body = ""
    return response


def answer(route: Route, places: dict[str, str]) -> Response:
    """The page of a route. A form is parsed, and one that another site sent is refused."""
    ctx = current()
    try:
        choose_language(ctx)
        if ctx.method == "POST":
            ctx.form = parse_form(ctx.raw_body, ctx.headers.get("content-type", ""))
            one(ctx.form, "_switch")
            choose_language(ctx)
            if not from_here(ctx.headers, origin()):
                raise Refused(403, N_("This page was opened from another site. Please start here."))
        if route.who.guard:
            response: Response = load(route.who.guard)(route, places)
        else:
            response = load(route.view)(**places)
        return response
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
    except Exception as error:  # the last door: a person never sees a trace
        _note(ctx, error)
        if is_refused(error):
            return error_page(
                503, N_("Something of ours is broken, and we were told. Nothing was lost.")
            )
        return error_page(500, N_("Something went wrong on our side."))


def _note(ctx: Context, error: Exception) -> None:
    """Log where it broke, never the message: it may hold what somebody typed."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    logger().error(
        "page failed",
        extra={
            "request_id": ctx.request_id,
            "error": type(error).__name__,
            "at": [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames],
        },
    )


def _as_page(response: Response) -> Response:
    """Chalice's own JSON refusals (405, 415, 500) as our page, its headers added to the rest."""
    if response.status_code < 400:
        response.headers = {**security_headers(), **response.headers}
        return response
    reason = N_("That page cannot be used that way.")
    if response.status_code >= 500:
        reason = N_("Something went wrong on our side.")
    choose_language(current())
    return error_page(response.status_code, reason)
