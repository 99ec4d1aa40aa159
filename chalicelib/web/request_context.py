"""The request that is being answered, and where we are: the words of a page's code about itself."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit
from uuid import uuid4

from chalice.app import Request

from chalicelib.aws.settings import settings
from chalicelib.domain.json_values import Json
from chalicelib.web import languages, routing
from chalicelib.web.http_input import Values, parse_cookies

LANG_COOKIE = "lang"
YEAR = 365 * 24 * 3600


# Browsers keep a cookie with the one prefix for one host and all its pages, with the other for https.
HOST, SECURE = "__Host-", "__Secure-"


def _secure() -> bool:
    return settings().base_url.startswith("https:")


@dataclass
class Cookie:
    """A cookie of ours: HttpOnly, SameSite=Lax, on https Secure and under a name that browsers take from
    this very host alone. ``max_age`` seconds, 0 deletes.

    ``path``: the page that it is for, with those below it, where each such page has one of its own.
    """

    name: str
    value: str
    max_age: int | None = None
    path: str = ""

    def header(self) -> str:
        """The Set-Cookie value."""
        path = prefix() + self.path or "/"
        name = self.name
        if _secure():
            name = (HOST if path == "/" else SECURE) + name
        parts = [f"{name}={self.value}", f"Path={path}", "HttpOnly", "SameSite=Lax"]
        if self.max_age is not None:
            parts.append(f"Max-Age={self.max_age}")
        if _secure():
            parts.append("Secure")
        return "; ".join(parts)


@dataclass
class Context:
    """The request at hand. Header names are lower case; query values are lists.

    ``version_shown``: of the case, as the pressed form showed it; None until the form is known as ours.
    ``carried``: what links to some paths, by how they begin, take along in their query.
    """

    method: str
    path: str
    query: Values
    headers: dict[str, str]
    cookies: dict[str, str]
    source_ip: str
    request_id: str
    raw_body: bytes = b""
    lang: str = languages.DEFAULT
    form: Values = field(default_factory=dict)
    new_cookies: list[Cookie] = field(default_factory=list)
    version_shown: int | None = None
    carried: tuple[tuple[str, ...], str] = ((), "")

    @property
    def switching(self) -> bool:
        """Whether this press only changes the language: keep what is typed, decide nothing."""
        return bool(self.form.get("_switch"))


answering: ContextVar[Context | None] = ContextVar("current", default=None)


def current() -> Context:
    """The request being answered. Raises RuntimeError outside of a ``@page``."""
    found = answering.get()
    if found is None:
        raise RuntimeError("no page is being answered")
    return found


def reader() -> str:
    """The language of whoever reads the page; English where no page is being answered."""
    found = answering.get()
    return found.lang if found is not None else "en"


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
        raise ValueError("links go to our own paths only")
    found = answering.get()
    below, carried = found.carried if found is not None else ((), "")
    if path.startswith(below) and carried.partition("=")[0] not in path.partition("?")[2]:
        path, sharp, part = path.partition("#")
        path += ("&" if "?" in path else "?") + carried + sharp + part
    return prefix() + path


def language_link(lang: str) -> str:
    """The address that shows the page at hand in another language; what came of a press that has no page of
    its own leads to the page that it was pressed on."""
    at = current()
    there = routing.shown_at(at.path) if at.method == routing.POST else at.path
    query = [
        f"{quote(name)}={quote(value)}"
        for name, values in current().query.items()
        for value in values
        if name != "lang"
    ]
    return ("" if there == at.path else url(there)) + "?" + "&".join([*query, f"lang={lang}"])


def context_of(request: Request) -> Context:
    """What a page needs of Chalice's request. Nothing that came in makes this fail."""
    event: Json = request.to_original_event()
    headers = {name.lower(): value for name, value in _part(event, "headers").items()}
    several = _part(event, "multiValueHeaders")
    cookie = "; ".join(
        value for name, values in several.items() if name.lower() == "cookie" for value in values
    )
    outer = _part(event, "requestContext")
    query = _part(event, "multiValueQueryStringParameters")
    return Context(
        method=request.method,
        path=_own_path(request),
        query={name: list(values) for name, values in query.items()},
        headers=headers,
        cookies=_ours(parse_cookies(cookie or headers.get("cookie", ""))),
        source_ip=str(_part(outer, "identity").get("sourceIp") or ""),
        request_id=str(outer.get("requestId") or uuid4()),
        raw_body=_body(request, event),
    )


def _ours(found: dict[str, str]) -> dict[str, str]:
    """The cookies that we set, by our names; on https no other site of the domain can put one under them."""
    if not _secure():
        return found
    return {
        name.removeprefix(kept): value
        for kept in (SECURE, HOST)
        for name, value in found.items()
        if name.startswith(kept)
    }


def _part(event: Json, name: str) -> Json:
    """A part of what API Gateway sends; it sends null for an empty one."""
    return event.get(name) or {}


def _body(request: Request, event: Json) -> bytes:
    raw: str | bytes = event.get("body") or b""
    if event.get("isBase64Encoded"):
        raw = request.raw_body
    return raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else raw


def _own_path(request: Request) -> str:
    """The path as our routes know it, without the stage."""
    path = request.path
    for name, value in (request.uri_params or {}).items():
        path = path.replace("{" + name + "}", value)
    return path


def choose_language(ctx: Context) -> None:
    """The pressed, then the linked, then the remembered, then the browser's language."""
    asked = (ctx.query.get("lang") or [""])[0]
    pressed = (ctx.form.get("_switch") or [""])[0]
    kept = ctx.cookies.get(LANG_COOKIE, "")
    ctx.lang = languages.pick_language(pressed, asked, kept, ctx.headers.get("accept-language"))
    if (pressed or asked) and ctx.lang != kept:
        ctx.new_cookies.append(Cookie(LANG_COOKIE, ctx.lang, YEAR))
