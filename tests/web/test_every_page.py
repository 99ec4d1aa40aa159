"""Every page: both languages, every security header, no default behavior of the framework."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.referral.intake import flow
from chalicelib.web import assets

from .conftest import CENTER, FFN, PEOPLE, Browser, fill_in, resume_with

CRISIS = {
    "en": "If someone is in danger now, call 911. For thoughts of suicide or a mental health "
    "crisis, call or text 988. The helpline is not an emergency service.",
    "es": "La línea de ayuda no es un servicio de emergencia.",
}
OPEN = ("/", "/start", "/peers", "/privacy", "/request/danger", "/mine")
EXITS = ("/help/outside", "/help/older", "/help/scope", "/help/parent")
LATE = ("/request/check", "/request/later")


def headers_are_strict(headers: dict[str, Any]) -> None:
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy and "http" not in policy
    assert headers["Strict-Transport-Security"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.promise("strict-pages", "english-and-spanish")
@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("path", [*OPEN, *EXITS])
def test_an_open_page_speaks_both_languages_and_is_strict(
    client: Client, path: str, lang: str
) -> None:
    page = Browser(client, lang).get(path)
    assert page.status == 200 and page.lang == lang
    assert CRISIS[lang] in page.text
    assert "1-877-524-2422" in page.text
    headers_are_strict(page.headers)
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("kind", list(PEOPLE))
def test_every_screen_of_every_branch_speaks_both_languages(
    client: Client, kind: str, lang: str
) -> None:
    browser = Browser(client, lang)
    for path in (*fill_in(browser, PEOPLE[kind]), *LATE):
        page = browser.get(path)
        assert page.path == path and page.status == 200 and page.lang == lang
        assert page.heading and CRISIS[lang] in page.text
        headers_are_strict(page.headers)
        assert len(page.ids) == len(set(page.ids)), path
        english = Browser(client)
        english.cookies = {**browser.cookies, "lang": "en"}
        if lang == "es":
            assert page.heading != english.get(path).heading


def test_every_page_of_the_flow_was_seen_above() -> None:
    seen = {page.slug for answers in PEOPLE.values() for page in flow.path(dict(answers))}
    assert seen == set(flow.BY_SLUG)


@pytest.mark.promise("form-page-weight")
@pytest.mark.parametrize("kind", ["center", "ffn"])
def test_a_form_page_is_light(client: Client, kind: str) -> None:
    browser = Browser(client)
    style = Browser(client).get(assets.static("site.css"))
    weight = len(gzip.compress(style.body.encode()))
    for path in fill_in(browser, PEOPLE[kind]):
        page = browser.get(path)
        assert weight + len(gzip.compress(page.body.encode())) <= 14 * 1024
        assert re.findall(r'(?:src|rel="stylesheet" href)="([^"]+)"', page.body) == [
            assets.static("site.css")
        ]
        assert "<script" not in page.body and "style=" not in page.body


def test_the_stylesheet_is_cached_for_good_under_its_own_name(browser: Browser) -> None:
    page = browser.get(assets.static("site.css"))
    assert page.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert page.headers["Content-Type"] == "text/css; charset=utf-8"
    old = browser.get("/static/site.000000000000.css")
    assert old.status == 200 and "immutable" not in old.headers["Cache-Control"]
    assert browser.get("/static/..%2F..%2Fapp.py").status == 404
    assert browser.get("/static/nothing.css").status == 404


def test_the_language_switch_keeps_what_is_typed_and_judges_nothing(browser: Browser) -> None:
    resume_with(browser, CENTER)
    browser.get("/request/contact?change=1")
    page = browser.answer({"contact_name": "Ana", "contact_email": "not an address"}, _switch="es")
    assert page.status == 200 and page.lang == "es" and not page.errors
    assert 'value="Ana"' in page.body and 'value="not an address"' in page.body
    assert page.hidden["_change"] == "1"
    assert browser.get("/").lang == "es"
    assert "rosa@example.org" in browser.get("/request/check").text


def test_the_language_switch_keeps_errors_that_were_showing(browser: Browser) -> None:
    resume_with(browser, CENTER)
    browser.get("/request/contact")
    page = browser.answer({"contact_name": "Ana", "contact_email": "not an address"})
    assert page.status == 422 and "contact_email" in page.errors
    page = browser.answer({"contact_name": "Ana", "contact_email": "nope"}, _switch="es")
    assert page.lang == "es" and "contact_email" in page.errors
    assert "Escriba un correo electrónico" in page.text and 'value="nope"' in page.body
    page = browser.answer({"contact_name": "Ana", "contact_email": "nope"}, _switch="en")
    assert page.lang == "en" and "Type an email address" in page.text


def test_the_language_switch_of_the_first_page_begins_no_draft(
    browser: Browser, table: Any
) -> None:
    browser.get("/start")
    page = browser.answer({"county": "fresno"}, _switch="es")
    assert page.lang == "es" and '"fresno" selected' in page.body
    assert not table.scan()["Items"]


def test_enter_continues_and_does_not_switch_the_language(browser: Browser) -> None:
    page = browser.get("/start")
    first = re.search(r'<button[^>]*form="form"[^>]*>', page.body)
    assert first and "_switch" not in first[0]


def test_errors_are_summed_up_with_links_to_their_fields(browser: Browser) -> None:
    browser.get("/start")
    page = browser.answer({"age_bands": ["toddler", "none"]})
    assert page.status == 422 and page.body.index('class="errors"') < page.body.index("<form")
    assert 'role="alert" tabindex="-1" autofocus' in page.body
    for link in [link for link in page.links if link.startswith("#") and link != "#main"]:
        assert link[1:] in page.ids
    assert set(page.errors) == {"county", "age_bands", "outside_scope"}
    assert page.body.count(" checked") == 2
    assert "<title>Error:" in page.body


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "/start", {"content-type": "application/json"}, 415),
        ("POST", "/peers", {}, 405),
        ("PUT", "/start", {}, 405),
        ("GET", "/help/nowhere", {}, 404),
        ("GET", "/help/%00", {}, 404),
        ("GET", "/request/forget", {}, 405),
        ("DELETE", "/request/check", {}, 405),
    ],
)
def test_what_cannot_be_done_gets_a_page_with_a_way_on(
    browser: Browser, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    page = browser.send(method, path, b"a=1", headers)
    assert page.status == status
    headers_are_strict(page.headers)
    assert "1-877-524-2422" in page.text and page.heading


@pytest.mark.promise("no-trace-shown")
def test_an_unexpected_error_shows_a_request_id_and_no_trace(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from chalicelib.referral.intake import question_pages

    def broken() -> None:
        raise RuntimeError("rosa@example.org")

    monkeypatch.setattr(question_pages, "unsent", broken)
    page = browser.get("/start")
    assert page.status == 500 and "RuntimeError" not in page.body
    assert "this number helps us find" in page.text
    headers_are_strict(page.headers)
    logged = capsys.readouterr()
    assert "rosa@example.org" not in logged.out + logged.err


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    browser.get("/start")
    page = browser.post("/start", CENTER, follow=False)
    (cookie,) = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-draft=") and "Max-Age=2592000" in cookie
    for part in ("HttpOnly", "SameSite=Lax", "Secure", "Path=/;"):
        assert part in cookie


def test_links_and_cookies_carry_the_path_of_the_deployment(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.aws import clients

    monkeypatch.setenv("BASE_URL", "https://x.execute-api.us-west-2.amazonaws.com/api")
    clients.settings.cache_clear()
    browser = Browser(client)
    page = browser.get("/start")
    assert all(x.startswith(("/api/", "#", "?", "tel:", "https:")) for x in page.links)
    assert 'action="/api/start"' in page.body and 'href="/api/static/' in page.body
    page = browser.post("/start", CENTER, follow=False)
    assert page.headers["Location"] == "/api/request/setting"
    assert "Path=/api" in page.headers["Set-Cookie"][0]


@pytest.mark.promise("scanner-looks")
def test_head_is_answered_like_get_without_a_body(browser: Browser, table: Any) -> None:
    for path in (*OPEN, *EXITS, "/request", "/request/check"):
        page = browser.send("HEAD", path)
        assert page.status in (200, 303) and page.body == ""
    assert not table.scan()["Items"]


def test_a_wish_in_the_address_is_kept_for_the_next_page(browser: Browser) -> None:
    assert browser.get("/?lang=es").lang == "es"
    assert browser.get("/peers").lang == "es"
    assert browser.get("/peers?lang=xx").lang == "es"


def test_ffn_sees_only_its_own_words(browser: Browser) -> None:
    for path in fill_in(browser, FFN):
        text = browser.get(path).text
        assert "classroom" not in text.lower().replace("a new room", ""), path
        assert "License number" not in text
