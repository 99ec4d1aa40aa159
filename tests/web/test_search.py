"""The search of the console: whoever calls is found by what they say, and nobody else's counties are shown."""

from __future__ import annotations

import logging
import re
from urllib.parse import urlsplit

import pytest
from chalice.test import Client

from chalicelib.console import redact
from chalicelib.directory import people
from chalicelib.referral.status import change
from chalicelib.workflow.lists import search
from chalicelib.workflow.storage import free_text, store
from tests.web.conftest import Browser, Page
from tests.web.staff import becomes, signed_in
from tests.world import World

pytestmark = pytest.mark.promise("caller-found")
GONZALEZ = {
    "site_name": "Sunny Days FCC",
    "city": "Pasadena",
    "contact_name": "María González",
    "contact_email": "maria.g@sunnydays.example",
    "contact_phone": "(626) 555-0134",
    "license_number": "197654321",
}
OTHERS: list[dict[str, str]] = [
    {"site_name": "Little Acorns", "city": "Gonzales", "contact_name": "Ben Ito", "contact_phone": "831 555 0199"},
    {"site_name": "Casa de los Niños", "city": "Fresno", "contact_name": "Zoë Nuñez", "county": "fresno"},
    {"site_name": "O'Brien Preschool", "city": "Los Angeles", "contact_name": "Kathryn O'Brien"},
]  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    people.forget()
    search.forget()


@pytest.fixture
def maria(world: World) -> str:
    for one in OTHERS:
        world.submit(**{"contact_email": "x@other.example", **one})
    return world.submit(**GONZALEZ)


@pytest.fixture
def nina(world: World, client: Client) -> Browser:
    return signed_in(world, client, "specialist")


def looked_for(browser: Browser, typed: str) -> Page:
    """What somebody finds with the box that stands on every page of the console."""
    page = browser.get("/console/queue")
    return browser.post("/console/search", {"_nonce": page.hidden["_nonce"], "q": typed})


def found(page: Page) -> list[str]:
    return list(dict.fromkeys(re.findall(r"/console/referrals/([0-9A-Z-]{11})\"", page.body)))


TYPED = [
    "gonzales", "GONZÁLEZ", "gonsalez", "gonazlez", "González María", "maria gonzalez", "sunny day",
    "Sunny Days FCC", "days sunny", "suny", "sunnydays", "pasadena sunny", "maria.g@sunnydays.example",
    "MARIA.G@", "(626) 555-0134", "626.555.0134", "+1 626 555 0134", "16265550134", "626–555–0134", "0134",
    "555-0134", "197654321", "19-765-4321", "#197654321", "lic 1976543", "maria 626 555 0134", "sunny preschool gonzales",
]  # fmt: skip


@pytest.mark.parametrize("typed", TYPED)
def test_whoever_calls_is_found_first_however_it_is_typed(
    maria: str, nina: Browser, typed: str
) -> None:
    page = looked_for(nina, typed)
    assert found(page)[:1] == [maria], page.text
    assert "María González" in page.text and "Sunny Days FCC" in page.text


def test_any_part_of_a_reference_is_enough(maria: str, nina: Browser) -> None:
    for part in (maria[:4], maria[5:].lower(), maria[2:7], maria[:9].replace("-", " ")):
        assert maria in found(looked_for(nina, part)), part
    assert looked_for(nina, maria.lower()).path == f"/console/referrals/{maria}"


@pytest.mark.parametrize(
    ("typed", "name"),
    [("ninos", "Zoë"), ("nuñes", "Zoë"), ("obrien", "Kathryn"), ("catherine", "Kathryn"), ("gonzales ito", "Ben")],
)  # fmt: skip
def test_accents_apostrophes_and_sounds_do_not_matter(
    maria: str, nina: Browser, typed: str, name: str
) -> None:
    assert name in looked_for(nina, typed).text


@pytest.mark.parametrize(
    "typed", ["", " ", "a", "-", "qqqqq", "<b>x</b>", "€" * 80, "\u202e", "'; --"]
)
def test_what_nothing_fits_is_said_and_never_an_error(
    maria: str, nina: Browser, typed: str
) -> None:
    page = looked_for(nina, typed)
    assert page.status == 200 and not found(page) and "<b>x" not in page.body


def test_what_is_typed_stands_in_no_address_and_in_no_log(
    maria: str, nina: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        page = looked_for(nina, "gonzales")
    assert urlsplit(page.path).path == "/console/search" and "onzal" not in page.path
    assert not any("onzal" in str(vars(one)) for one in caplog.records)
    looks = [vars(one) for one in caplog.records if one.message == "contacts found"]
    assert looks[0]["actor"] == "staff:sofia-south" and maria in looks[0]["referrals"]
    # Another tab searches for something else; a reload of this one still shows what it showed.
    looked_for(nina, "acorns")
    assert found(nina.get(page.path)) == found(page)


def test_only_what_lies_in_ones_own_counties_is_found(
    world: World, maria: str, client: Client
) -> None:
    becomes(world, "sofia-south", counties=["fresno"])
    browser = signed_in(world, client, "specialist")
    assert found(looked_for(browser, "gonzales")) == [] == found(looked_for(browser, maria[:4]))
    assert "Zoë" in looked_for(browser, "ninos").text


def test_a_change_counts_at_once_and_words_taken_out_are_found_no_more(
    world: World, maria: str, nina: Browser
) -> None:
    assert found(looked_for(nina, "sunny")) == [maria]
    change.change(maria, {"site_name": "Blue Door", "contact_phone": "213 555 0177"}, "press-1")
    assert found(looked_for(nina, "blue door")) == [maria] == found(looked_for(nina, "2135550177"))
    assert found(looked_for(nina, "sunny")) == [maria], "by the address, which is what it was"
    assert found(looked_for(nina, "5550134")) == []
    texts = [t for t in redact._texts(store.load(maria)) if t.field in ("site_name", "city")]
    redact.note(maria, texts, ["Door", "Pasadena"], "child_named", "staff:sofia-south", "press-2")
    free_text.take_out(maria, [t.id for t in texts], ["Door", "Pasadena"])
    assert found(looked_for(nina, "door")) == [] == found(looked_for(nina, "pasadena"))
    assert found(looked_for(nina, "blue")) == [maria]


def test_what_is_gone_from_the_table_is_not_shown(world: World, maria: str, nina: Browser) -> None:
    assert found(looked_for(nina, "gonzales"))[0] == maria
    world.fake_table.items.pop(f"R#{maria}")
    assert maria not in found(looked_for(nina, "gonzales"))


def test_closed_requests_are_found_as_well(world: World, maria: str, nina: Browser) -> None:
    from chalicelib.referral.status.withdraw import withdraw

    withdraw(maria, "not_needed", "press")
    assert store.load(maria).closed
    page = looked_for(nina, "sunny days")
    assert found(page) == [maria] and "Closed" in page.text


def test_many_that_fit_come_page_by_page(world: World, nina: Browser) -> None:
    made = {world.submit(**{**GONZALEZ, "site_name": f"House {n}"}) for n in range(search.PAGE + 1)}
    page = looked_for(nina, "gonzalez")
    first = found(page)
    (more,) = [link for link in page.links if "page=1" in link]
    second = found(nina.get(more))
    assert len(first) == search.PAGE and {*first, *second} == made
