"""Which function answers which request, and who may ask it.

A view knows the module of its function by name only and imports it at the route's first request, so
that a process loads what it is asked for and nothing else. For the same reason nothing that takes time is
imported here. Who may see a page of the console is decided here and in ``web.staff_auth``: by role,
and by the county of what the path names.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from chalice.app import Chalice, Request, Response

from chalicelib.aws.entry_points import load
from chalicelib.domain.roles import ROLES

GET, POST = "GET", "POST"
FORM_TYPE = "application/x-www-form-urlencoded"
# What a program posts as a form besides (RFC 7578).
PARTS_TYPE = "multipart/form-data"
CONSOLE = "/console"


class Who(NamedTuple):
    """Who may use a page, in words; ``roles`` of staff in the console.

    ``guard``: the function that lets a visitor in, called with the route and the places of its path.
    It calls the page with ``gives`` besides. Without one the page looks at its visitor itself.
    """

    words: str
    guard: str = ""
    gives: str = ""
    roles: tuple[str, ...] = ()


def staff(*roles: str) -> Who:
    """Staff in one of these roles, with a live session."""
    return Who("staff", guard="web.staff_auth:let_in", roles=roles)


class Route(NamedTuple):
    """One page. ``view``: "room.module:function" within chalicelib, called with the places of the
    path. ``takes``: what a POST may bring."""

    method: str
    path: str
    who: Who
    view: str
    takes: tuple[str, ...] = (FORM_TYPE,)


def form(path: str, who: Who, view: str) -> tuple[Route, Route]:
    """A page with a form, which one function shows and takes (``web.press.FormPage.answer``)."""
    return Route(GET, path, who, view), Route(POST, path, who, view)


_roles: dict[tuple[str, str], tuple[str, ...]] = {}
_counties_of: dict[str, str] = {}


def register(
    app: Chalice, routes: Iterable[Route], counties_of: Mapping[str, str] | None = None
) -> None:
    """Give the app its pages. ``counties_of``: the function that knows the counties of what a place in
    a path of the console names, by the name of the place.

    Raises ValueError for a page of the console that names no role, or one that is not known, and for
    one whose path names something of which no county can be told.
    """
    app.register_middleware(_around, "http")
    _counties_of.update(counties_of or {})
    told, known = tuple(f"{{{name}}}" for name in _counties_of), frozenset(ROLES)
    for route in routes:
        console = route.path == CONSOLE or route.path.startswith(CONSOLE + "/")
        roles = route.who.roles
        if console != bool(roles) or not known.issuperset(roles):
            raise ValueError(f"a page of the console names the roles that may use it: {route.path}")
        if console and "{" in route.path and not any(place in route.path for place in told):
            raise ValueError(f"a page of the console tells its counties: {route.path}")
        _roles[route.method, route.path] = roles
        # One function a method: a route that takes a form answers a GET with 415.
        takes = {"content_types": list(route.takes)} if route.method == POST else {}
        # API Gateway refuses a HEAD by itself where no method of that name stands.
        methods = [POST] if route.method == POST else [GET, "HEAD"]
        name = route.view.rpartition(":")[2]
        app.route(route.path, methods=methods, name=name, **takes)(_view(route))


def may(role: str, path: str, method: str = GET) -> bool:
    """Whether staff of ``role`` may use a route, by its path as it is registered."""
    return role in _roles[method, path]


def may_open(role: str, path: str) -> bool:
    """Whether staff of ``role`` may open a page by its path as it is asked for."""
    return role in (_shown(path) or ())


def shown_at(path: str) -> str:
    """The address of the page that a path shows; of one that only takes a press, the nearest above it."""
    while path and _shown(path) is None:
        path = path.rpartition("/")[0]
    return path or "/"


def _shown(path: str) -> tuple[str, ...] | None:
    """The roles that may see the page at a path as it is asked for; None where no page is."""
    parts = path.partition("?")[0].split("/")
    for (method, route), roles in _roles.items():
        known = route.split("/")
        fits = len(known) == len(parts) and all(
            one == given or (one.startswith("{") and given)
            for one, given in zip(known, parts, strict=True)
        )
        if fits and method == GET:
            return roles
    return None


def counties(places: Mapping[str, str]) -> Collection[str] | None:
    """The counties of what the places of a path name; None for a page of nothing in particular.

    Raises NotFound for what is not there.
    """
    told = [
        load(_counties_of[name])(place) for name, place in places.items() if name in _counties_of
    ]
    return told[0] if told else None


def _view(route: Route) -> Callable[..., Response]:
    def view(**places: str) -> Response:
        answer: Response = load("web.answering:answer")(route, places)
        return answer

    return view


def _around(event: Request, get_response: Callable[[Request], Response]) -> Response:
    response: Response = load("web.answering:around")(event, get_response)
    return response
