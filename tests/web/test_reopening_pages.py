"""Opening a closed request again, by the provider and by staff; a new one is linked after 90 days."""

from __future__ import annotations

import re

import pytest
from chalice.test import Client

from chalicelib.web.languages import translator
from chalicelib.workflow.storage import store
from tests import episode
from tests.web.conftest import CENTER, Browser, resume_with
from tests.web.staff import press, signed_in
from tests.web.test_status_pages import enter
from tests.world import World

pytestmark = pytest.mark.promise("reopen-with-history")

DAY = 86400


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_provider_opens_it_again_with_a_reason(world: World, client: Client, lang: str) -> None:
    _ = translator(lang)
    reference = episode.closed(world)
    browser = Browser(client, lang)
    assert _("Open my request again") in enter(world, browser, reference).text
    page = browser.get("/status/reopen")
    assert page.lang == lang and "checked" not in page.body
    assert set(browser.answer({"decision": "yes"}).errors) == {"reason"}
    browser.get("/status/reopen")
    assert browser.answer({"decision": "no"}).path == "/status/view"
    assert not world.state(reference).open
    browser.get("/status/reopen")
    page = browser.answer({"decision": "yes", "reason": "not_finished"})
    assert page.path == "/status/view" and page.heading == _("Matching")
    assert _("Your request was opened again.") in page.text
    entry = store.log(world.state(reference))[-1]
    assert (entry.event, entry.reason, entry.actor) == ("reopened", "not_finished", "provider")


@pytest.mark.parametrize("lang", ["en", "es"])
def test_while_the_survey_waits_it_is_the_main_thing_and_opening_again_is_not(
    world: World, client: Client, lang: str
) -> None:
    _ = translator(lang)
    reference = episode.walk(world, to="survey")
    page = enter(world, Browser(client, lang), reference)
    main = re.findall(r'class="button"[^>]*>([^<]+)<', page.body)
    assert main == [_("Mail me the link again")]
    assert _("Open my request again") in page.text


def test_after_ninety_days_a_new_request_is_linked_to_the_old_one(
    world: World, client: Client
) -> None:
    reference = episode.closed(world)
    world.at += 91 * DAY
    browser = Browser(client)
    page = enter(world, browser, reference)
    assert "Open my request again" not in page.text and "Ask for support again" in page.text
    assert browser.get("/status/reopen").path == "/status/view"
    assert browser.post("/status/again", {}).path == "/"
    resume_with(browser, CENTER)
    browser.get("/request/check")
    world.at += 60
    browser.answer({})
    rows = world.table.scan()["Items"]
    told = [dict(row.get("pending_entry") or row).get("payload", {}) for row in rows]
    assert reference in [data.get("earlier") for data in told if isinstance(data, dict)]


def test_an_open_request_has_no_such_pages(world: World, client: Client) -> None:
    reference = world.offered()
    browser = Browser(client)
    assert "Open my request again" not in enter(world, browser, reference).text
    assert browser.get("/status/reopen").path == "/status/view"
    page = browser.post("/status/again", {}, follow=False)
    assert page.headers["Location"].endswith("/status")
    assert "earlier" not in browser.cookies


@pytest.mark.parametrize("role", ["specialist", "coordinator", "supervisor", "admin"])
def test_staff_open_it_again_from_the_case_page(world: World, client: Client, role: str) -> None:
    reference = episode.closed(world)
    browser = signed_in(world, client, role)
    path = f"/console/referrals/{reference}/reopen"
    ways = f"/console/referrals/{reference}" + ("" if role == "admin" else "/act")
    assert path in browser.get(ways).links
    browser.get(path)
    assert press(browser, path).status == 422
    browser.get(path)
    page = press(browser, path, reason="closed_by_mistake")
    assert page.path == f"/console/referrals/{reference}" and "opened again" in page.text
    assert "It was closed by mistake" in page.text
    state = world.state(reference)
    assert state.open and store.log(state)[-1].actor.startswith("staff:")
