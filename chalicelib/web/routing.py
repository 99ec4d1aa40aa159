"""Which function answers which request, and who may ask it.

A view knows the module of its function by name only and imports it at the route's first request, so
that a process loads what it is asked for and nothing else. For the same reason nothing that takes time is
imported here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, NamedTuple

from chalice.app import Chalice, Request, Response

from chalicelib.aws.entry_points import load
from chalicelib.domain.roles import ROLES

GET, POST = "GET", "POST"
FORM_TYPE = "application/x-www-form-urlencoded"
CONSOLE = "/console"


class Holder(Enum):
    """Who may use a page outside of the console. The page itself looks at what they hold."""

    NOTHING = "anybody"
    DRAFT = "the browser that began a request"
    CODE = "the browser that showed the code of a request"
    LINK = "whoever holds a mailed link, or the cookie that it gave"


class Route(NamedTuple):
    """One page. ``who``: what a visitor must hold, or the roles of staff that may use it;
    ``view``: "room.module:function" within chalicelib, called with the places of the path."""

    method: str
    path: str
    who: Holder | tuple[str, ...]
    view: str

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles of staff that may use it; empty outside of the console."""
        return self.who if isinstance(self.who, tuple) else ()


_roles: dict[tuple[str, str], tuple[str, ...]] = {}


def register(app: Chalice, routes: Iterable[Route]) -> None:
    """Give the app its pages.

    Raises ValueError for a page of the console that names no role, or one that is not known.
    """
    app.register_middleware(_around, "http")
    for route in routes:
        console = route.path == CONSOLE or route.path.startswith(CONSOLE + "/")
        if console != bool(route.roles) or set(route.roles) - set(ROLES):
            raise ValueError(f"a page of the console names the roles that may use it: {route.path}")
        _roles[route.method, route.path] = route.roles
        # One function a method: a route that takes a form answers a GET with 415.
        takes = {"content_types": [FORM_TYPE]} if route.method == POST else {}
        name = route.view.rpartition(":")[2]
        app.route(route.path, methods=[route.method], name=name, **takes)(_view(route))


def may(role: str, path: str, method: str = GET) -> bool:
    """Whether staff of ``role`` may use a route, by its path as it is registered."""
    return role in _roles[method, path]


def _view(route: Route) -> Callable[..., Response]:
    def view(**places: str) -> Response:
        answer: Response = load("web.answering:answer")(route, places)
        return answer

    return view


def _around(event: Request, get_response: Callable[[Any], Response]) -> Response:
    response: Response = load("web.answering:around")(event, get_response)
    return response
