"""Every route, with anything that a stranger sends: an answer below 500, strict headers, and no word
of how it is built."""

from __future__ import annotations

import os
import re
from typing import Any
from urllib.parse import quote

import pytest
from chalice.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.ids import new_reference
from tests.web.conftest import FORM, Browser, Page, the_app
from tests.web.staff import signed_in
from tests.world import World

STRICT = {
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
# More in the long run: FUZZ=200 python -m pytest tests/security
EXAMPLES = int(os.environ.get("FUZZ") or 4)
INSIDE = ("Traceback", "chalicelib", "botocore", "ClientError", "dynamodb", "KeyError", ".py")


def routes() -> list[tuple[str, str]]:
    found = [(path, method) for path, methods in the_app().routes.items() for method in methods]
    return sorted(found)


def filled(path: str, values: list[str]) -> str:
    """A route's path with something in each of its places."""
    left = list(values) or ["x"]
    return re.sub(
        r"\{\w+\}", lambda _: quote(left[0] if len(left) == 1 else left.pop(0), safe=""), path
    )


def proper(page: Page) -> None:
    """What holds for whatever answer to whatever request."""
    assert page.status < 500, page.text[:300]
    if "/static/" in page.path:
        return
    for name, value in STRICT.items():
        assert page.headers.get(name) == value, name
    policy = str(page.headers["Content-Security-Policy"])
    assert (
        "unsafe" not in policy
        and "default-src 'none'" in policy
        and "frame-ancestors 'none'" in policy
    )
    for word in INSIDE:
        assert word not in page.body, word
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", page.body), "a script without a file"
    assert not re.search(r"""<[^>]+\s(?:style|on\w+)\s*=\s*["']""", page.body), (
        "inline style or code"
    )
    # A link may lead to the 988 Lifeline; nothing may be loaded from, or sent to, anybody else.
    own = page.body.replace("https://network.test", "")
    assert not re.search(r"""(?:src|action)=["']?(?:https?:)?//""", own)
    assert not re.search(r"""<link[^>]+href=["']?(?:https?:)?//""", own)


@pytest.mark.promise("strict-pages", "no-trace-shown")
def test_a_plain_visit_of_a_stranger_is_answered_properly(client: Client, world: World) -> None:
    for path, method in routes():
        visit(Browser(client), path, method)


def visit(visitor: Browser, path: str, method: str) -> None:
    target = filled(path, ["0123-4567-8", "x"])
    page = (
        visitor.post(target, {}, follow=False) if method == "POST" else visitor.send(method, target)
    )
    assert method != "HEAD" or page.body == ""
    proper(page)
    if path.startswith("/console"):
        assert page.status == 303 and "/login" in page.headers["Location"], "deny by default"


BODIES = {
    "too large": (b"a=" + b"x" * 70_000, FORM, {413}),
    "too many fields": (b"&".join(b"f%d=1" % n for n in range(300)), FORM, {400}),
    "no utf-8": (b"a=%ff%fe\xff", FORM, {400}),
    "a lone surrogate": (b"a=%ed%a0%80", FORM, {400}),
    "json instead": (b'{"a": 1}', "application/json", {415, 400}),
}


@pytest.mark.promise("bodies-bounded")
@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_no_form_sends_is_refused_with_a_page(
    client: Client, world: World, what: str
) -> None:
    for path in [p for p, m in routes() if m == "POST" and "console" not in p]:
        refused(Browser(client), path, *BODIES[what])


def refused(visitor: Browser, path: str, body: bytes, kind: str, expected: set[int]) -> None:
    sent = {"content-type": kind, "sec-fetch-site": "same-origin"}
    page = visitor.send("POST", filled(path, ["x"]), body, sent)
    assert page.status in expected, path
    if page.status != 415:  # the framework's own, before any page of ours
        proper(page)
        assert re.search(r"[0-9a-f]{8}-[0-9a-f]{4}", page.text), "an error page names its request"


NASTY = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["..", "%00", "\u202e", "a" * 3000, "0123-4567-8", "{", "R#x", "'", "<b>", "-" * 80]
    ),
)
FIELDS = (
    "decision",
    "reference",
    "code",
    "_nonce",
    "_code",
    "mine",
    "n",
    "kind",
    "_switch",
    "lang",
    "setting",
    "county",
    "return_to",
    "twin",
    "_go",
    "_change",
    "note",
    "day",
    "reason",
    "_keep",
    "consultant",
    "until",
)


@pytest.mark.promise("no-trace-shown", "text-kept-or-refused")
@pytest.mark.parametrize("role", ["nobody", "admin"])
def test_no_input_of_any_kind_gives_a_5xx_or_a_trace(
    client: Client, world: World, role: str
) -> None:
    fuzzed(
        [
            (
                Browser(client) if role == "nobody" else signed_in(world, client, role),
                path,
                method,
            )
            for path, method in routes()
            if role == "nobody" or path.startswith("/console")
        ]
    )


def fuzzed(visits: list[tuple[Browser, str, str]]) -> None:
    """Anything in every place, field and header of every route. What is sent is thought of once for all."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        print_blob=True,
        derandomize=EXAMPLES == 4,  # the quick run tries the same each time
        suppress_health_check=list(HealthCheck),
    )
    @given(
        places=st.lists(NASTY.filter(bool), min_size=1, max_size=3),
        fields=st.dictionaries(st.sampled_from(FIELDS), NASTY, max_size=5),
        headers=st.dictionaries(
            st.sampled_from(["accept-language", "cookie", "origin"]),
            st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
            max_size=2,
        ),
    )
    def fuzz(places: list[str], fields: dict[str, str], headers: dict[str, str]) -> None:
        sent = "&".join(f"{k}={quote(v.encode('utf-8', 'replace'))}" for k, v in fields.items())
        for visitor, path, method in visits:
            target = filled(path, places)
            if method == "GET":
                page = visitor.send("GET", f"{target}?{sent}", headers=headers)
            else:
                kind = {"content-type": FORM, "sec-fetch-site": "same-origin", **headers}
                page = visitor.send("POST", target, sent.encode(), kind)
            assert page.status < 500, (method, path)
            for word in INSIDE:
                assert word not in page.body, (method, path, word)
            assert "set-cookie: x" not in str(page.headers).lower(), (method, path)

    fuzz()


@pytest.mark.promise("redirects-stay-home")
def test_a_redirect_never_leaves_for_a_foreign_site(client: Client, world: World) -> None:
    visitor = Browser(client)
    for wish in ("//evil.test", "https://evil.test", "/\\evil.test", "/console/..//evil.test"):
        for path in ("/login?next=", "/status?reference=", "/?lang="):
            page = visitor.get(path + quote(wish, safe=""), follow=False)
            assert "evil.test" not in str(page.headers.get("Location", ""))


@pytest.mark.promise("bodies-bounded")
def test_duplicate_parameters_are_refused_and_unknown_ones_ignored(
    client: Client, world: World
) -> None:
    visitor = Browser(client)
    sent: dict[str, Any] = {"content-type": FORM, "sec-fetch-site": "same-origin"}
    page = visitor.send("POST", "/status", b"reference=a&reference=b", sent)
    assert page.status in (400, 422)
    page = visitor.send(
        "POST", "/status", f"reference={new_reference()}&admin=1&role=admin".encode(), sent
    )
    assert page.status == 303
