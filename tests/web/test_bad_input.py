"""No input gives a 5xx; what is refused says how to put it right."""

from __future__ import annotations

import html
import unicodedata
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.referral.request import QUESTIONS

from .conftest import CENTER, FORM, Browser, resume_with, the_app

pytestmark = pytest.mark.promise("malformed-input")

KEPT = {
    "spanish": "Niños y niñas, ¿qué más? ¡Sí!",
    "nfd": unicodedata.normalize("NFD", "Mañana é"),
    "rtl": "שלום עולם \u200fمرحبا",
    "emoji with joiners": "👩🏽‍👧‍👦 👨‍👩‍👧 🏳️‍🌈",
    "chinese": "我們需要幫助",
    "isolates": "\u2068abc\u2069",
    "markup": "<script>alert(1)</script>",
    "attribute": "\"><img src=x onerror=alert(1)> ' onfocus='x",
    "template": "{{ 7*7 }} {% raw %} ${x} #{y} %(z)s %s",
    "sql": "'; DROP TABLE referrals; --",
    "formula": '=HYPERLINK("http://x")',
    "path": "../../etc/passwd",
    "crlf in a mail header": "a\r\nBcc: b@example.org",
    "lines": "one\r\ntwo\r\n\r\nthree",
    "long words": "x" * 1000,
}
REFUSED = {
    "nul": "a\x00b",
    "escape": "a\x1b[31mb",
    "c1": "a\x86b",
    "override": "a\u202eb",
    "replacement": "a\ufffdb",
    "non-character": "a\uffffb",
    "too long": "x" * 1001,
}


@pytest.fixture
def contact(browser: Browser) -> Browser:
    """Somebody at the last page of questions."""
    resume_with(browser, CENTER)
    browser.get("/request/contact?change=1")
    return browser


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT.keys())
def test_text_that_is_taken_comes_back_as_typed(contact: Browser, table: Any, text: str) -> None:
    page = contact.answer({**CENTER, "anything_else": text})
    assert page.path == "/request/check" and page.status == 200
    expected = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    (draft,) = [row for row in table.scan()["Items"] if row["pk"].startswith("DRAFT#")]
    assert draft["answers"]["anything_else"] == expected
    assert html.escape(expected).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in page.body
    page = contact.get("/request/contact")
    assert "<script>" not in page.body and "<img" not in page.body


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_text_that_is_refused_is_shown_again_with_a_reason(contact: Browser, text: str) -> None:
    page = contact.answer({**CENTER, "anything_else": text, "contact_name": "Ana María"})
    assert page.status == 422 and page.errors == ["anything_else"]
    assert 'value="Ana María"' in page.body
    assert "\x00" not in page.body and "\x1b" not in page.body


@pytest.mark.parametrize("name", ["contact_email", "contact_phone", "contact_by", "contact_name"])
def test_no_field_of_a_page_breaks_on_any_text(contact: Browser, name: str) -> None:
    for text in (*KEPT.values(), *REFUSED.values()):
        contact.get("/request/contact?change=1")
        page = contact.answer({**CENTER, name: text})
        assert page.status in (200, 422)
        assert "<script>" not in page.body and "onerror=alert(1)>" not in page.body


def test_no_first_question_breaks_on_any_text(browser: Browser) -> None:
    for text in (*KEPT.values(), *REFUSED.values()):
        page = browser.post("/start", dict.fromkeys(("county", "age_bands", "outside_scope"), text))
        assert page.status == 422
        assert browser.get("/" + "?" + urlencode({"lang": text, "x": text})).status == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"a=" + b"x" * 70_000, 413),
        (b"anything_else=" + b"x" * 1_000_000, 413),
        (b"&".join(b"f%d=1" % n for n in range(201)), 400),
        (b"county=%FF%FE", 400),
        (b"county=%ED%A0%80", 400),  # a lone surrogate, as CESU-8
        (b"county=\xff", 400),
        (b"county=%C0%80", 400),  # NUL, overlong
        (b"_switch=es&_switch=en", 400),
        (b"%ZZ=%&&&==", 422),
        (b"", 422),
        (b"\x00\x01\x02", 422),
    ],
    ids=[
        "70kb",
        "1mb",
        "fields",
        "utf8",
        "surrogate",
        "raw",
        "overlong",
        "twice",
        "odd",
        "none",
        "nul",
    ],
)
def test_a_body_that_no_form_sends_gets_a_page(browser: Browser, body: bytes, status: int) -> None:
    page = browser.send("POST", "/start", body, {"content-type": FORM})
    assert page.status == status and page.heading
    assert "1-877-524-2422" in page.text


def test_a_question_answered_twice_is_asked_again(contact: Browser) -> None:
    page = contact.answer({**CENTER, "contact_email": ["a@example.org", "b@example.org"]})
    assert page.status == 422 and page.errors == ["contact_email"]


def test_two_nonces_are_refused(contact: Browser) -> None:
    nonce = contact.page.hidden["_nonce"]
    page = contact.post("/request/contact", {**CENTER, "_nonce": [nonce, nonce]})
    assert page.status == 400


def test_unknown_fields_are_ignored(contact: Browser, table: Any) -> None:
    contact.answer({**CENTER}, admin="1", tier="emergency", reference="X")
    (draft,) = [row for row in table.scan()["Items"] if row["pk"].startswith("DRAFT#")]
    assert set(draft["answers"]) <= set(QUESTIONS)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "https://network.test.evil.example"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
    ],
)
def test_a_form_on_another_site_is_refused(
    browser: Browser, table: Any, headers: dict[str, str]
) -> None:
    body = urlencode(CENTER, doseq=True).encode()
    page = browser.send("POST", "/start", body, {"content-type": FORM, **headers})
    assert page.status == 403 and not table.scan()["Items"]


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "null", "sec-fetch-site": "same-origin"}, {"origin": "https://network.test"}],
)
def test_our_own_form_is_taken(browser: Browser, headers: dict[str, str]) -> None:
    body = urlencode(CENTER, doseq=True).encode()
    page = browser.send("POST", "/start", body, {"content-type": FORM, **headers})
    assert page.status == 303


@pytest.mark.parametrize(
    "cookie",
    ["draft=", "draft=%00", "draft=" + "x" * 5000, "=;;;", "draft=a; draft=b", "draft=" + "A" * 43],
)
def test_a_mangled_cookie_begins_anew(browser: Browser, cookie: str) -> None:
    for path in ("/", "/start", "/request", "/request/check", "/request/sent"):
        page = browser.send("GET", path, headers={"cookie": cookie})
        assert page.status in (200, 303)


def test_a_mangled_accept_language_is_no_matter(browser: Browser) -> None:
    for value in ("", "*", "xx", ";;;q=", "es-MX,es;q=0.9", "e" * 10_000):
        page = browser.send("GET", "/", headers={"accept-language": value})
        assert page.status == 200
    assert browser.send("GET", "/", headers={"accept-language": "es-MX,en;q=0.5"}).lang == "es"


def test_a_lone_surrogate_from_the_gateway_itself_is_refused(client: Any) -> None:
    event = {
        "requestContext": {"httpMethod": "POST", "resourcePath": "/start", "identity": {}},
        "headers": {"content-type": FORM, "accept-language": "es"},
        "multiValueHeaders": {"Cookie": ["a=1", "draft=x"]},
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": "county=\ud800",
        "isBase64Encoded": False,
    }
    answer = the_app()(event, None)
    assert answer["statusCode"] == 400 and 'lang="es"' in answer["body"]
