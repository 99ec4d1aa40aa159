"""In the area of a declared emergency the request form is short, online and on the phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from chalice.test import Client

from chalicelib.directory import emergencies
from chalicelib.directory.emergencies import Emergency
from chalicelib.domain.calendar import local
from chalicelib.referral.matching.match_request import need_from
from chalicelib.referral.model import Referral
from chalicelib.referral.request import Request
from chalicelib.referral.rows import request_rows
from chalicelib.workflow.storage import store
from tests.web.conftest import CENTER, FFN, HOME, Answers, Browser, fill_in
from tests.web.staff import signed_in
from tests.world import World

SHORT = ["/start", "/request/setting", "/request/care", "/request/contact", "/request/check"]


def declared(world: World, *zips: str) -> Emergency:
    until = (local(world.at) + timedelta(days=3)).date().isoformat()
    one = Emergency(("los_angeles",), world.at, until, "wildfire", "staff:x", zips=zips)
    emergencies.declare(one)
    return one


def sent(browser: Browser) -> Referral:
    """The request of the summary at hand, once it is sent."""
    browser.answer({})
    found = next(word for word in browser.page.text.split() if word.count("-") == 2)
    return store.look_up(found, Referral)


@pytest.mark.promise("emergency-short-form")
@pytest.mark.parametrize("answers", [CENTER, HOME, FFN], ids=["center", "home", "ffn"])
def test_the_form_has_five_screens_and_its_request_is_decided_like_any_other(
    world: World, client: Client, patient: None, answers: Answers
) -> None:
    one, browser = declared(world), Browser(client)
    assert fill_in(browser, answers) == SHORT
    state = sent(browser)
    assert state.incident == one.id
    kept = request_rows.answers(state.reference)
    assert kept.incident == one.id and kept.city and not kept.support_wanted
    assert world.step("decide_eligibility", state.reference) == "eligible"


@pytest.mark.promise("emergency-short-form")
def test_a_zip_code_outside_of_the_area_brings_the_usual_form_back(
    world: World, client: Client, patient: None
) -> None:
    declared(world, "91")
    browser = Browser(client)
    screens = fill_in(browser, CENTER)
    assert screens[:3] == SHORT[:3] and len(screens) > 8
    assert sent(browser).incident == ""


@pytest.mark.promise("emergency-short-form")
def test_staff_ask_a_caller_of_the_area_the_short_questions_in_other_words(
    world: World, client: Client
) -> None:
    nina = signed_in(world, client, "specialist")
    assert "short form" not in nina.get("/console/new").text
    one = declared(world)
    assert "use the short form" in nina.get("/console/new").text
    page = nina.get(f"/console/new?setting=center&incident={one.id}")
    assert "There is an emergency where you are" in page.text
    assert "city" in page.names and "support_wanted" not in page.names
    page = nina.answer({**CENTER, "came_by": "phone", "county": "kern"})
    assert page.errors == ["county"]
    page = nina.answer({**CENTER, "came_by": "phone"})
    assert store.look_up(page.path.rpartition("/")[2], Referral).incident == one.id
    page = nina.get("/console/new?setting=center&incident=kern-1")
    assert "support_wanted" in page.names, "one that was not declared makes no form short"


def test_who_was_not_asked_for_a_language_is_matched_by_that_of_their_letters() -> None:
    asked = need_from(Request(letters_language="es"), "emergency", "stat")
    assert (asked.language, asked.language_required) == ("es", True)
    assert not need_from(Request(letters_language="en"), "emergency", "stat").language_required
