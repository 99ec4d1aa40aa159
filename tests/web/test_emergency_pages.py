"""The open requests of a county stand on the pages of its emergency, before it is declared and during."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from chalice.test import Client

from chalicelib.directory import emergencies
from chalicelib.directory.emergencies import Emergency
from chalicelib.domain import vocabulary
from chalicelib.domain.calendar import local
from chalicelib.referral.status.withdraw import withdraw
from chalicelib.web.languages import translator
from chalicelib.workflow import board
from chalicelib.workflow.storage import store
from tests.web.conftest import Browser, Page
from tests.web.staff import press, signed_in
from tests.world import World

WHY = "The county is on fire, they told us."


def day(world: World, days: int) -> str:
    return (local(world.at) + timedelta(days=days)).date().isoformat()


def rows_of(page: Page) -> dict[str, str]:
    """Reference -> the words of its row."""
    found = re.findall(r"<tr>(.*?)</tr>", page.body, re.S)
    told = [re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", row)).strip() for row in found]
    return {row.split()[0]: row for row in told if re.match(r"[0-9A-Z]{4}-[0-9A-Z]{4}-.", row)}


@pytest.mark.promise("emergency-declared", "emergency-lists-requests")
@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_open_requests_of_the_county_are_listed_before_and_during(
    world: World, client: Client, lang: str
) -> None:
    here = world.matched()
    world.step("ask_first_contact", here)
    over, elsewhere = world.submit(), world.submit(county="kern")
    withdraw(over, "", "w:1")
    world.at += 3 * 86400
    browser = signed_in(world, client, "supervisor", lang)
    page = browser.get("/console/emergencies")
    assert rows_of(page) == {}
    page = browser.get("/console/emergencies?county=los_angeles")
    (row,) = rows_of(page).values()
    assert here in row and elsewhere not in page.text and over not in page.text
    for said in ("Consultant", "to make the first contact", vocabulary.TIERS["intensive"]):
        assert translator(lang)(said) in row
    assert "3 d" in row
    assert f"/console/referrals/{here}" in page.links
    assert '<option value="los_angeles" selected>' in page.body
    since = world.at
    page = press(
        browser, "/console/emergencies", counties="los_angeles", reason="disaster",
        until=day(world, 3), note=WHY,
    )  # fmt: skip
    assert page.path == f"/console/emergencies/los_angeles-{since}"
    world.at += 3600
    new = world.submit()
    page = browser.get(page.path)
    found = rows_of(page)
    assert set(found) == {here, new}
    assert translator(lang)("after it was declared") in found[new]
    assert translator(lang)("after it was declared") not in found[here]


@pytest.mark.promise("emergency-lists-requests")
def test_many_requests_of_a_county_come_page_by_page(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "PAGE", 2)
    made = []
    for _ in range(5):
        made.append(world.submit())
        world.at += 60
    emergencies.declare(
        Emergency(("los_angeles",), world.at, day(world, 2), "disaster", "staff:x", WHY)
    )
    browser = signed_in(world, client, "admin")
    for first in (
        "/console/emergencies?county=los_angeles",
        f"/console/emergencies/los_angeles-{world.at}",
    ):
        seen, page = [], browser.get(first)
        for number in range(3):
            seen += rows_of(page)
            more = [link for link in page.links if "from=" in link]
            assert bool(more) == (number < 2)
            page = browser.get(more[0]) if more else page
        assert seen == made


def test_a_county_without_open_requests_or_that_does_not_exist_lists_none(
    world: World, client: Client
) -> None:
    world.submit()
    browser = signed_in(world, client, "admin")
    page = browser.get("/console/emergencies?county=kern")
    assert rows_of(page) == {} and "No request is open there." in page.text
    page = browser.get("/console/emergencies?county=%3Cscript%3E&from=x")
    assert page.status == 200 and rows_of(page) == {} and "No request is open" not in page.text


AREA = {"counties": ["butte", "plumas"], "reason": "wildfire", "note": WHY}


@pytest.mark.promise("emergency-declared")
def test_one_is_declared_for_several_counties_with_public_words_for_later(
    world: World, client: Client
) -> None:
    browser, visitor = signed_in(world, client, "admin"), Browser(client, "es")
    browser.get("/console/emergencies")
    asked = {
        **AREA, "since": day(world, 1), "until": day(world, 9), "name": "Creek Fire", "zips": "959",
        "words_en": "We help at the shelters.", "words_es": "Ayudamos en los albergues.",
    }  # fmt: skip
    page = press(browser, "/console/emergencies", **asked)
    assert "Emergency: Creek Fire" in page.text and "Butte, Plumas" in page.text
    (one,) = emergencies.all_of_them()
    assert (one.zips, one.counties) == (("959",), ("butte", "plumas"))
    assert "albergues" not in visitor.get("/").text
    page = browser.get("/console/emergencies")
    assert "Declared for later" in page.text and "No emergency is declared." in page.text
    world.at += 86400
    emergencies.forget()
    shown = visitor.get("/").text
    assert "Ayudamos en los albergues." in shown and "en partes de: Butte, Plumas" in shown


def test_what_does_not_go_together_is_said_beside_its_field(world: World, client: Client) -> None:
    browser = signed_in(world, client, "admin")
    browser.get("/console/emergencies")
    asked = {**AREA, "since": day(world, 5), "until": day(world, 2), "words_en": "Only English."}
    page = press(browser, "/console/emergencies", **asked)
    assert set(page.errors) == {"until", "words_es"}
    page = press(browser, "/console/emergencies", **AREA, until=day(world, 2), zips="Paradise")
    assert page.errors == ["zips"]


@pytest.mark.promise("emergency-tagged")
def test_requests_of_the_area_are_tagged_from_the_first_moment_and_counted(
    world: World, client: Client
) -> None:
    before = world.submit()
    one = Emergency(
        ("los_angeles",), world.at, day(world, 2), "wildfire", "staff:x", name="Creek Fire"
    )
    emergencies.declare(one)
    tagged, elsewhere = world.submit(), world.submit(county="kern")
    assert store.load(tagged).model_dump()["incident"] == one.id
    browser = signed_in(world, client, "admin")
    page = browser.get(f"/console?incident={one.id}")
    assert tagged in page.text and "1 in all" in page.text
    assert before not in page.text and elsewhere not in page.text
    assert "Creek Fire" in page.text
    assert "Creek Fire" in browser.get(f"/console/referrals/{tagged}").text
    assert "Creek Fire" not in browser.get(f"/console/referrals/{elsewhere}").text


@pytest.mark.promise("emergency-tagged")
@pytest.mark.parametrize(
    "asked", ["butte-1", "butte-12345?recorded=yes", "x", "%22%3E%3Cscript%3E"]
)
def test_of_an_emergency_that_nobody_knows_nothing_is_found(
    world: World, client: Client, asked: str
) -> None:
    there = world.submit()
    page = signed_in(world, client, "admin").get(f"/console?incident={asked}")
    assert there not in page.text and "No request fits these filters." in page.text
    assert "An emergency that we do not know" in page.text and "Clear all filters" in page.text
