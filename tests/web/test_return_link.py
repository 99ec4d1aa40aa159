"""A half-written request is found again from another phone, reminded of once, and purged."""

from __future__ import annotations

import re
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.referral.rows import request_drafts
from chalicelib.workflow import scheduler
from chalicelib.workflow.storage import indexes
from tests.world import World

from .conftest import CENTER, Browser, resume_with

pytestmark = pytest.mark.promise("save-and-return")

DAY = 86400


@pytest.fixture
def begun(world: World, browser: Browser) -> Browser:
    """Somebody who stopped at the third page and asked for the way back."""
    browser.get("/start")
    browser.answer(CENTER)
    browser.answer(CENTER)
    browser.answer(CENTER, _go="later")
    assert browser.page.path == "/request/later"
    browser.answer({"return_to": "rosa@example.org"})
    assert "We mailed you the link" in browser.page.text
    return browser


def link_in(world: World) -> str:
    found = re.search(r"/request/back/[a-z0-9-]+", world.mails[-1].text)
    assert found
    return found.group(0)


def minute(world: World) -> None:
    assert scheduler.clock({"time": "", "detail": {}, "source": "", "account": "", "region": "",
                        "resources": [], "version": "0", "id": "1", "detail-type": ""},
                       None)["failed"] == 0  # fmt: skip


@pytest.mark.promise("save-and-return")
def test_another_phone_goes_on_at_the_first_unanswered_page(
    begun: Browser, world: World, client: Client
) -> None:
    assert [m.to for m in world.mails] == ["rosa@example.org"]
    other = Browser(client)
    page = other.get(link_in(world))
    assert page.status == 200 and "draft" not in other.cookies, "a GET gives nothing away"
    other.post(link_in(world), {})
    assert other.page.path == begun.get("/request").path
    other.answer(CENTER)
    assert other.page.path == begun.get("/request").path, "both phones write the same request"


@pytest.mark.promise("looking-writes-nothing", "scanner-looks")
def test_a_scanner_s_visits_change_nothing(
    begun: Browser, world: World, table: Any, client: Client
) -> None:
    before = table.scan()["Items"]
    for _ in range(5):
        Browser(client).get(link_in(world))
    assert table.scan()["Items"] == before


@pytest.mark.promise("mangled-link")
@pytest.mark.parametrize("spoil", [lambda t: t[:-1] + ("a" if t[-1] != "a" else "b"), lambda t: t[:40], lambda t: "/request/back/x"])  # fmt: skip
def test_a_wrong_link_opens_nothing_and_says_what_to_do(
    begun: Browser, world: World, client: Client, spoil: Any
) -> None:
    link = link_in(world)
    other = Browser(client)
    assert other.get(spoil(link)).status in (404, 410)
    other.post(spoil(link), {})
    assert "draft" not in other.cookies


@pytest.mark.promise("mangled-link")
def test_a_mangled_link_still_opens_it(begun: Browser, world: World, client: Client) -> None:
    other = Browser(client)
    assert other.get(link_in(world).replace("back/", "back/3D").replace("3D", "%3D", 1)).status in (200, 410)  # fmt: skip
    assert other.get(link_in(world) + ".").status == 200


def test_one_reminder_after_three_days_and_none_once_it_is_sent(
    begun: Browser, world: World, patient: None
) -> None:
    world.at += 3 * DAY - 60
    minute(world)
    assert len(world.mails) == 1
    world.at += 120
    minute(world)
    minute(world)
    assert len(world.mails) == 2 and "not sent yet" in world.mails[-1].subject
    world.at += 10 * DAY
    minute(world)
    assert len(world.mails) == 2, "we promised to write once more at the most"
    assert not [key for key in indexes.due(2**40) if key[0].startswith("DRAFT#")]


def test_a_request_that_was_sent_is_not_reminded_of(
    browser: Browser, world: World, patient: None
) -> None:
    resume_with(browser, CENTER)
    browser.get("/request/later")
    browser.answer({"return_to": "rosa@example.org"})
    link = link_in(world)
    browser.get("/request/check")
    browser.answer({})
    assert browser.page.path == "/request/sent"
    world.relay()
    before = len(world.mails)
    world.at += 4 * DAY
    minute(world)
    assert not [m for m in world.mails[before:] if "not sent yet" in m.subject]
    assert "This request was sent" in browser.get(link).text


@pytest.mark.promise("expired-row-visible")
def test_after_thirty_days_it_is_gone_even_while_the_row_lingers(
    begun: Browser, world: World, table: Any, client: Client
) -> None:
    (row,) = [r for r in table.scan()["Items"] if r["sk"] == "DRAFT"]
    assert int(row["expires_at"]) == world.at + request_drafts.KEEP == world.at + 30 * DAY
    world.at += 30 * DAY
    assert Browser(client).get(link_in(world)).status == 410
    assert begun.get("/request").path == "/start"


@pytest.mark.promise("few-letters-to-strangers")
def test_an_address_gets_three_of_these_mails_an_hour_and_the_page_says_the_same(
    begun: Browser, world: World
) -> None:
    for _ in range(5):
        begun.get("/request/later")
        begun.answer({"return_to": "Rosa@example.org"})
        assert "We mailed you the link, if that address is right." in begun.page.text
    assert len(world.mails) == 3


def test_without_an_address_the_page_asks_again_and_keeps_what_was_typed(begun: Browser) -> None:
    begun.get("/request/later")
    page = begun.answer({"return_to": "not an address"})
    assert page.status == 422 and page.errors == ["return_to"] and "not an address" in page.body
