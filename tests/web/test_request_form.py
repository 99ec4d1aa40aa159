"""The request form from the first question to the reference."""

from __future__ import annotations

from typing import Any

import pytest
from chalice.test import Client

from chalicelib.referral.intake import exits, flow
from chalicelib.referral.request import QUESTIONS, Request
from tests.faults.fault_injector import FaultInjector

from .conftest import CENTER, FFN, PEOPLE, Browser, fill_in, resume_with

pytestmark = pytest.mark.promise("one-question-a-page")


@pytest.fixture
def requests_sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was handed over as a request."""
    from chalicelib.referral.intake import submit as submit_page

    sent: list[dict[str, Any]] = []
    real = submit_page.submit

    def submit(reference: str, request: Request, lang: str, told: Any) -> None:
        sent.append({"reference": reference, "answers": request.as_dict(), "lang": lang})
        real(reference, request, lang, told=told)

    monkeypatch.setattr(submit_page, "submit", submit)
    return sent


@pytest.mark.parametrize(
    ("kind", "limit"), [("center", 12), ("home", 12), ("exempt", 12), ("ffn", 8)]
)
def test_every_branch_is_short_enough_and_arrives_whole(
    browser: Browser, requests_sent: list[dict[str, Any]], patient: None, kind: str, limit: int
) -> None:
    screens = fill_in(browser, PEOPLE[kind])
    assert len(screens) <= limit
    browser.answer({})
    assert browser.page.path == "/request/sent"
    (sent,) = requests_sent
    assert sent["reference"] in browser.page.text
    asked = {one.name for page in flow.path(sent["answers"]) for one in page.asked(sent["answers"])}
    expected = {n: v for n, v in PEOPLE[kind].items() if n in asked}
    stored = {n: v for n, v in sent["answers"].items() if n != "notice_version"}
    assert stored == {**expected, "children_enrolled": 12, "prior_contacts": 0}
    assert sent["answers"]["notice_version"]
    assert sent["lang"] == "es"


def test_nobody_is_asked_for_a_child_s_name_or_birth_date() -> None:
    assert not [n for n in QUESTIONS if "child_name" in n or "birth" in n or "dob" in n]


def test_an_answer_for_another_setting_is_never_offered(browser: Browser) -> None:
    resume_with(browser, FFN)
    for slug in ("role", "site", "children", "support", "behavior"):
        assert browser.get(f"/request/{slug}").path == "/request/check"
    page = browser.get("/request/meet")
    assert 'value="onsite"' not in page.body


def test_nothing_is_chosen_before_the_person_chooses(browser: Browser) -> None:
    page = browser.get("/start")
    assert " checked" not in page.body and " selected" not in page.body


@pytest.mark.promise("early-exits")
@pytest.mark.parametrize(
    ("change", "exit_name", "must_show"),
    [
        ({"county": "outside"}, "outside", "1-877-524-2422"),
        ({"age_bands": ["none"]}, "older", "1-800-543-7793"),
        ({"outside_scope": ["therapy"]}, "scope", "Monday to Friday, 8 to 5"),
    ],
)
def test_a_not_us_answer_shows_where_else_to_turn_and_is_counted(
    browser: Browser, table: Any, change: dict[str, Any], exit_name: str, must_show: str
) -> None:
    browser.get("/start")
    browser.answer({**CENTER, **change})
    assert browser.page.path == f"/help/{exit_name}"
    assert must_show in browser.page.text
    rows = [r for r in table.scan()["Items"] if r["pk"].startswith("CONTACT#")]
    assert [row["reason"] for row in rows] == [exit_name]
    assert set(rows[0]) == {"pk", "sk", "reason", "county", "language", "at"}
    browser.get("/request")  # "send a request anyway"
    assert browser.page.path == "/request/setting"


@pytest.mark.promise("early-exits", "refused-is-red")
@pytest.mark.parametrize("fault", ["throttle", "refuse"])
def test_an_exit_that_nobody_can_count_is_in_nobodys_way(
    aws: FaultInjector, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.aws.dynamodb.TRIES", 1)
    aws.begin()
    aws.down = {"PutItem": fault}
    exits.log_universal_contact("outside", {}, "en")
    assert aws.injected == [(fault, "PutItem")]


@pytest.mark.promise("early-exits")
def test_a_parent_is_shown_who_helps_families(browser: Browser) -> None:
    browser.get("/start")
    browser.answer(CENTER)
    browser.answer(CENTER)
    browser.answer({"requester_role": "parent"})
    assert browser.page.path == "/help/parent"
    assert "1-800-543-7793" in browser.page.text


def test_danger_now_is_answered_with_whom_to_call_first(browser: Browser) -> None:
    resume_with(browser, CENTER)
    browser.get("/request/safety?change=1")
    browser.answer({**CENTER, "safety_now": "yes"})
    assert browser.page.path == "/request/danger"
    assert "911" in browser.page.text and "988" in browser.page.text
    assert browser.get("/request").path == "/request/check"


@pytest.mark.promise("check-answers")
def test_a_change_comes_back_to_the_summary_after_one_page(browser: Browser) -> None:
    resume_with(browser, CENTER)
    browser.get("/request/meet?change=1")
    browser.answer({**CENTER, "availability": ["weekends"]})
    assert browser.page.path == "/request/check"
    assert "Weekends" in browser.page.text


@pytest.mark.promise("check-answers")
def test_answers_of_a_left_branch_are_shown_as_removed_and_not_sent(
    browser: Browser, requests_sent: list[dict[str, Any]], patient: None
) -> None:
    resume_with(browser, CENTER)
    browser.get("/request/setting?change=1")
    browser.answer({"setting": "ffn"})
    while browser.page.path != "/request/check":
        browser.answer(FFN)
    page = browser.page
    assert "<del>Sunny Days</del>" in page.body and "<del>Room 3</del>" in page.body
    browser.answer({})
    (sent,) = requests_sent
    assert "site_name" not in sent["answers"] and "funding" not in sent["answers"]
    assert sent["answers"]["requester_role"] == "ffn_caregiver"


def test_a_change_that_needs_more_answers_asks_only_for_those(browser: Browser) -> None:
    resume_with(browser, FFN)
    browser.get("/request/setting?change=1")
    browser.answer({"setting": "center"})
    assert browser.page.path == "/request/role"


def test_a_phone_call_needs_a_phone_number(browser: Browser) -> None:
    resume_with(browser, CENTER)
    browser.get("/request/contact?change=1")
    page = browser.answer({**CENTER, "contact_by": "phone"})
    assert page.status == 422 and page.errors == ["contact_phone"]


@pytest.mark.promise("served-without-email")
def test_a_phone_number_alone_is_enough_and_nothing_at_all_is_not(
    browser: Browser, requests_sent: list[dict[str, Any]], patient: None
) -> None:
    resume_with(browser, FFN)
    browser.get("/request/contact?change=1")
    page = browser.answer({**FFN, "contact_email": "", "contact_by": "email"})
    assert page.status == 422 and page.errors == ["contact_email"]
    page = browser.answer({**FFN, "contact_email": "", "contact_by": "phone"})
    assert page.status == 422 and page.errors == ["contact_phone"]
    by_phone = {"contact_email": "", "contact_by": "phone", "contact_phone": "213-555-0147"}
    assert browser.answer({**FFN, **by_phone}).path == "/request/check"
    browser.answer({})
    (sent,) = requests_sent
    assert "contact_email" not in sent["answers"]
    assert browser.page.path == "/request/sent" and "we will call you" in browser.page.text
    for needs_email in ("to your email address", "See where your request stands"):
        assert needs_email not in browser.page.text


def test_who_gave_an_email_is_not_told_that_we_will_call(
    browser: Browser, requests_sent: list[dict[str, Any]], patient: None
) -> None:
    resume_with(browser, FFN)
    browser.answer({})
    assert browser.page.path == "/request/sent" and "to your email address" in browser.page.text
    assert "we will call you" not in browser.page.text


@pytest.mark.promise("ffn-online-only")
def test_family_friend_and_neighbor_care_is_not_asked_how_to_meet(browser: Browser) -> None:
    resume_with(browser, FFN)
    browser.get("/request/meet?change=1")
    assert "modality" not in browser.page.names and "language" in browser.page.names


@pytest.mark.promise("save-and-return")
def test_each_page_is_kept_and_found_again(browser: Browser, client: Client) -> None:
    browser.get("/start")
    browser.answer(CENTER)
    browser.answer(CENTER)
    assert "Go on with your request" in browser.get("/").text
    again = Browser(client)
    again.cookies = dict(browser.cookies)
    assert again.get("/request").path == "/request/role"


def test_save_and_come_back_later_keeps_what_can_be_kept(browser: Browser) -> None:
    browser.get("/start")
    browser.answer(CENTER)
    browser.answer(CENTER)
    browser.answer(CENTER)
    page = browser.answer({"city": "Fresno"}, _go="later")
    assert page.path == "/request/later" and page.status == 200
    assert 'value="Fresno"' in browser.get("/request/site").body
    assert browser.get("/request").path == "/request/site"


def test_leaving_a_page_empty_is_no_reason_not_to_come_back_later(browser: Browser) -> None:
    browser.get("/start")
    browser.answer(CENTER)
    page = browser.answer({}, _go="later")
    assert page.path == "/request/later"
    assert browser.get("/request").path == "/request/setting"


def test_a_shared_phone_can_forget_the_draft(browser: Browser, table: Any) -> None:
    browser.get("/start")
    browser.answer(CENTER)
    browser.get("/request/later")
    browser.post("/request/forget", browser.page.hidden)
    assert browser.page.path == "/"
    assert not table.scan()["Items"]


def test_a_draft_is_over_after_thirty_days(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.referral.intake import draft_cookie

    browser.get("/start")
    browser.answer(CENTER)
    later = draft_cookie.now() + 30 * 24 * 3600 + 1
    monkeypatch.setattr(draft_cookie, "now", lambda: later)
    assert browser.get("/request").path == "/start"


def test_the_cookie_s_secret_is_not_in_the_table(browser: Browser, table: Any) -> None:
    browser.get("/start")
    browser.answer(CENTER)
    assert browser.cookies["draft"] not in str(table.scan()["Items"])


def test_the_confirmation_says_the_reference_what_comes_next_and_whom_to_call(
    browser: Browser, requests_sent: list[dict[str, Any]], patient: None
) -> None:
    resume_with(browser, CENTER)
    page = browser.answer({})
    assert requests_sent[0]["reference"] in page.text
    assert "this page will say by when we aim to call you" in page.text
    assert "1-877-524-2422" in page.text


@pytest.mark.promise("stale-page")
def test_replays_back_button_and_other_tabs_land_on_the_same_confirmation(
    browser: Browser, requests_sent: list[dict[str, Any]], patient: None
) -> None:
    resume_with(browser, CENTER)
    press = dict(browser.page.hidden)
    references = set()
    for _ in range(3):
        page = browser.post("/request/check", press)
        assert page.path == "/request/sent"
        references.add(requests_sent[0]["reference"] in page.text)
    assert references == {True} and len(requests_sent) == 1
    assert browser.get("/request/check").path == "/request/sent"
    browser.get("/request/contact")
    assert browser.page.path in ("/start", "/request/sent")


def test_a_press_from_an_old_tab_sends_nothing(
    browser: Browser, requests_sent: list[dict[str, Any]], patient: None
) -> None:
    resume_with(browser, CENTER)
    page = browser.post("/request/check", {"_nonce": "from-another-draft"})
    assert page.status == 422 and not requests_sent


def test_a_page_of_another_draft_is_shown_again_with_what_was_typed(browser: Browser) -> None:
    browser.get("/start")
    browser.answer(CENTER)
    page = browser.post("/request/setting", {"_nonce": "old", "setting": "ffn"})
    assert page.status == 409 and 'value="ffn" checked' in page.body


@pytest.mark.promise("robots-slowed")
def test_a_filled_trap_is_asked_about_and_not_sent(
    browser: Browser, requests_sent: list[dict[str, Any]], patient: None
) -> None:
    resume_with(browser, CENTER)
    page = browser.answer({"website": "https://spam.example"})
    assert page.status == 422 and not requests_sent


@pytest.mark.promise("robots-slowed")
def test_a_very_fast_sender_is_asked_to_look_once_more(
    browser: Browser, requests_sent: list[dict[str, Any]]
) -> None:
    resume_with(browser, CENTER)
    assert browser.answer({}).status == 422
    assert not requests_sent
    assert browser.answer({}).path == "/request/sent"


def test_an_unfinished_form_cannot_be_sent(
    browser: Browser, requests_sent: list[dict[str, Any]], patient: None
) -> None:
    browser.get("/start")
    browser.answer(CENTER)
    nonce = browser.page.hidden["_nonce"]
    assert browser.post("/request/check", {"_nonce": nonce}).path == "/request/setting"
    assert not requests_sent


def test_a_busy_house_keeps_the_answers(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, patient: None
) -> None:
    from chalicelib.domain.errors import TryAgain
    from chalicelib.referral.intake import submit as submit_page

    def busy(*_: Any, **__: Any) -> None:
        raise TryAgain("busy")

    resume_with(browser, CENTER)
    monkeypatch.setattr(submit_page, "submit", busy)
    page = browser.answer({})
    assert page.status == 503 and page.headers["Retry-After"]
    assert browser.get("/request/check").path == "/request/check"


@pytest.mark.promise("looking-writes-nothing")
def test_reading_pages_writes_nothing(browser: Browser, table: Any) -> None:
    resume_with(browser, CENTER)
    before = table.scan()["Items"]
    for path in ("/", "/start", "/peers", "/privacy", "/help/scope", "/request", "/request/check"):
        browser.get(path)
        browser.send("HEAD", path)
    assert table.scan()["Items"] == before
