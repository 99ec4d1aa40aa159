"""One press is one referral, however often and however fast it comes."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest
from chalice.config import Config
from chalice.local import LocalGateway

from .conftest import CENTER, FORM, Browser, resume_with


@pytest.fixture
def one_call_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fake table is not safe across threads: calls take turns, everything around them races."""
    from botocore.client import BaseClient

    lock, plain = threading.RLock(), BaseClient._make_api_call

    def take_turns(self: Any, name: str, given: Any) -> Any:
        with lock:
            return plain(self, name, given)

    monkeypatch.setattr(BaseClient, "_make_api_call", take_turns)


def rows(table: Any, sk: str) -> list[dict[str, Any]]:
    return [row for row in table.scan()["Items"] if row["sk"] == sk]


@pytest.mark.promise("double-press")
def test_ten_presses_at_once_make_one_referral(
    browser: Browser, table: Any, patient: None, one_call_at_a_time: None
) -> None:
    from app import app

    resume_with(browser, CENTER)
    body = urlencode(browser.page.hidden).encode()
    headers = {"content-type": FORM, "cookie": f"__Host-draft={browser.cookies['draft']}"}
    (draft,) = rows(table, "DRAFT")
    gateway, start = LocalGateway(app, Config.create()), threading.Barrier(10)

    def press(_: int) -> tuple[int, str]:
        start.wait()
        answer = gateway.handle_request("POST", "/request/check", dict(headers), body)
        return answer["statusCode"], answer["headers"]["Location"]

    with ThreadPoolExecutor(10) as people:
        answers = set(people.map(press, range(10)))
    assert answers == {(303, "/request/sent")}
    (state,) = rows(table, "REFERRAL")
    assert state["pk"] == f"R#{draft['reference']}" and state["version"] == 1
    assert len(rows(table, "REQUEST")) == 1
    page = browser.get("/request/sent")
    assert draft["reference"] in page.text


def test_a_sent_draft_forgets_its_answers_and_stays_sent(
    browser: Browser, table: Any, patient: None
) -> None:
    resume_with(browser, CENTER)
    browser.answer({})
    (draft,) = rows(table, "DRAFT")
    assert draft["answers"] == {} and draft["sent_at"]
    assert browser.get("/request").path == "/start"  # the next request is a new one
    browser.answer(CENTER)
    assert len(rows(table, "DRAFT")) == 2 and len(rows(table, "REFERRAL")) == 1


def test_the_request_is_stored_as_it_was_given_under_the_notice_that_was_shown(
    browser: Browser, table: Any, patient: None
) -> None:
    from chalicelib.referral.intake import notice
    from chalicelib.referral.rows.request_rows import answers

    resume_with(browser, CENTER)
    browser.answer({})
    (state,) = rows(table, "REFERRAL")
    stored = answers(state["pk"].removeprefix("R#"))
    assert stored.contact_name == "Rosa Díaz" and stored.notice_version == notice.VERSION
    assert stored.letters_language == "es" and state["language"] == "es"
