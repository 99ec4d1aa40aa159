"""Nobody is lost at a bad moment: whatever else is in the jar, on the page or on somebody's mind."""

from __future__ import annotations

import re
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.domain import addresses
from chalicelib.referral.rows import request_rows
from chalicelib.web.http_input import parse_cookies
from tests.world import START, World

from .conftest import CENTER, FFN, Answers, Browser, Page, fill_in, keep_draft, resume_with

pytestmark = pytest.mark.promise("nobody-lost")
FOREIGN = ['g_state={"i_l":0}', "broken", "=x", "a,b=c", "__Host-other=1", "ü=1", "; ;"]


@pytest.mark.parametrize("foreign", FOREIGN)
def test_a_cookie_of_somebody_else_costs_none_of_ours(browser: Browser, foreign: str) -> None:
    resume_with(browser, CENTER)
    ours = f"__Host-draft={browser.cookies.pop('draft')}"
    for jar in (f"{foreign}; {ours}", f"{ours}; {foreign}"):
        page = browser.send("GET", "/request/check", headers={"cookie": jar})
        assert page.status == 200 and "Rosa Díaz" in page.text, jar


def test_no_number_of_cookies_cuts_ours_off() -> None:
    many = "; ".join(f"c{n}=v" for n in range(500))
    assert parse_cookies(f"{many}; draft=ours")["draft"] == "ours"


def test_a_cookie_that_another_site_of_the_domain_set_is_not_ours(browser: Browser) -> None:
    resume_with(browser, CENTER)
    secret = browser.cookies.pop("draft")
    assert (
        browser.send("GET", "/request/check", headers={"cookie": f"draft={secret}"}).status == 303
    )


def test_all_that_is_wrong_on_a_page_is_said_in_one_round(browser: Browser) -> None:
    keep_draft(browser, {**CENTER, "contact_name": "", "contact_email": "", "contact_phone": ""})
    browser.get("/request/contact")
    page = browser.answer({"contact_by": "email", "letters_language": "en"})
    assert set(page.errors) == {"contact_name", "contact_email"}


SLIPS = {
    "rosa@gmial.com": "rosa@gmail.com",
    "rosa@gmail.con": "rosa@gmail.com",
    "Rosa.D@hotnail.com": "Rosa.D@hotmail.com",
    "rosa@yaho.com": "rosa@yahoo.com",
    "rosa@outlook.comm": "rosa@outlook.com",
}
RIGHT = [
    "rosa@gmail.com",
    "rosa@mail.com",
    "rosa@ymail.com",
    "rosa@mac.com",
    "r@lausd.net",
    "r@example.org",
]


def test_a_slip_in_an_address_is_asked_about_and_a_right_one_is_not() -> None:
    assert {typed: addresses.suggested(typed) for typed in SLIPS} == SLIPS
    assert not any(addresses.suggested(one) for one in RIGHT)


def test_a_mistyped_address_is_asked_about_once_and_read_back(browser: Browser) -> None:
    resume_with(browser, CENTER)
    browser.get("/request/contact?change=1")
    typed = {**CENTER, "contact_email": "rosa@gmial.com"}
    page = browser.answer(typed)
    assert page.errors == ["contact_email"] and "rosa@gmail.com" in page.text
    browser.answer({**typed, "contact_email-looked": "rosa@gmial.com"})
    assert browser.page.path == "/request/check"
    assert "This is where we will reach you: rosa@gmial.com" in browser.page.text


@pytest.mark.parametrize("reason", ["outside", "parent"])
def test_who_is_not_ours_is_offered_only_what_is_for_them(browser: Browser, reason: str) -> None:
    keep_draft(browser, {"county": "outside"})
    main = browser.get(f"/help/{reason}").body.partition("<main")[2].partition("</main>")[0]
    assert "Open-Door" not in main and "1-877-524-2422" not in main and "/request" not in main
    assert ("childcare.gov" in main) == (reason == "outside")
    assert ("1-800-543-7793" in main) == (reason == "parent")


def test_who_comes_back_later_sees_what_is_answered(browser: Browser) -> None:
    keep_draft(browser, {"county": "kern", "setting": "ffn"})
    text = browser.get("/request/later").text
    assert "Kern" in text and "family" in text.lower() and "Not answered" not in text


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (START, "Open now, until 5:00 PM."),
        (START - 2 * 3600, "Closed now. It opens Tuesday, October 20 at 8:00 AM."),
        (START + 10 * 3600, "Closed now. It opens Wednesday, October 21 at 8:00 AM."),
    ],
)
def test_the_landing_page_knows_whether_somebody_answers_the_helpline(
    world: World, client: Client, at: int, words: str
) -> None:
    world.at = at
    assert words in Browser(client).get("/").text


@pytest.mark.parametrize("path", ["/", "/start", "/status", "/peers", "/privacy"])
@pytest.mark.parametrize("lang", ["en", "es"])
def test_911_and_988_stand_before_everything_else(client: Client, path: str, lang: str) -> None:
    top = Browser(client, lang).get(path).body.partition("<main")[0]
    assert 'href="tel:911"' in top and 'href="tel:988"' in top


def test_a_language_that_is_chosen_is_not_asked_again_and_may_be_changed(
    browser: Browser, table: Any, patient: None
) -> None:
    browser.get("/?lang=es")
    fill_in(browser, {**FFN, "letters_language": "en"})
    assert "Mensajes en Español" in browser.page.text, "what was chosen, not what nobody asked"
    asked = browser.get("/request/contact?change=1")
    assert "letters_language" in asked.names
    browser.get("/request/contact")
    assert "letters_language" not in browser.page.names
    browser.get("/request/check")
    assert browser.answer({}).path == "/request/sent"
    (state,) = [row for row in table.scan()["Items"] if row["sk"] == "REFERRAL"]
    assert state["language"] == "es"


def test_who_never_chose_a_language_is_asked_for_it_once(browser: Browser, patient: None) -> None:
    screens = fill_in(browser, {**FFN, "letters_language": "es"})
    assert "/request/contact" in screens and "Spanish" in browser.page.text


def test_two_requests_begun_side_by_side_in_one_browser_stay_two(
    world: World, client: Client, patient: None
) -> None:
    """Both tabs showed the first page before either was sent."""
    browser = Browser(client)
    first, second = browser.get("/start"), browser.get("/start")
    sunny, acorns = {**CENTER, "site_name": "Sunny Days"}, {**FFN, "contact_name": "Ben Ito"}
    tab = browser.post("/start", {**first.hidden, **only(first, sunny)})
    asked = browser.post(
        "/start", {**second.hidden, **only(second, {**acorns, "county": "fresno"})}
    )
    assert asked.status == 409 and "another request" in asked.text, "nothing is mixed in silence"
    (other,) = re.findall(r'formaction="([^"]+)"', asked.body)
    page = browser.post(other, {**asked.hidden, **only(asked, {**acorns, "county": "fresno"})})
    assert "draft=" in page.path
    tabs = {"a": (tab, sunny), "b": (page, {**acorns, "county": "fresno"})}
    for _ in range(15):  # in turn, a page here and a page there
        for name, (at, answers) in tabs.items():
            if at.path.startswith("/request/sent"):
                continue
            action = re.findall(r'<form id="form" method="post" action="([^"]+)"', at.body)[0]
            tabs[name] = browser.post(action, {**at.hidden, **only(at, answers)}), answers
            assert tabs[name][0].status == 200, tabs[name][0].text[:300]
    shown = [browser.get(at.path) for at, _answers in tabs.values()]
    sent = [
        re.findall(r"<strong>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z])</strong>", p.body) for p in shown
    ]
    (one,), (two,) = sent  # each tab still shows its own number
    center, ffn = request_rows.answers(one), request_rows.answers(two)
    assert (center.setting, center.site_name, center.county) == (
        "center",
        "Sunny Days",
        "los_angeles",
    )
    assert (ffn.setting, ffn.contact_name, ffn.county) == ("ffn", "Ben Ito", "fresno")


def only(page: Page, answers: Answers) -> dict[str, str | list[str]]:
    """Those of the answers that a page asks for."""
    return {name: value for name, value in answers.items() if name in page.names}
