"""The page of a person and of a site: found, read in one's own counties, joined, parted and undone."""

from __future__ import annotations

import logging
import re
from dataclasses import replace

import pytest
from chalice.test import Client

from chalicelib.aws import dynamodb
from chalicelib.directory import contacts, people, same_records
from chalicelib.directory.contacts import Contact
from chalicelib.workflow.lists import records, search
from tests.web.conftest import Browser, Page
from tests.web.staff import becomes, press, signed_in
from tests.web.test_search import looked_for
from tests.world import World

pytestmark = pytest.mark.promise("one-record")
# How a line of the timeline begins.
CALLED = "<strong>Helpline</strong>"
CALL = Contact(
    "helpline",
    "c-1",
    0,
    "los_angeles",
    phone="(626) 555-0134",
    person="Rosa Vega",
    program="Casa Azul",
)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    people.forget()
    records.forget()
    search.forget()


@pytest.fixture
def rosa(world: World) -> str:
    """A request, a call from the same number, and a session elsewhere."""
    call = replace(CALL, at=world.at - 86400)
    session = replace(
        CALL, service="open_door", id="s-1", at=world.at, email="rosa@example.org", given=False
    )
    for one in (call, session, replace(session, id="s-2", county="kern")):
        dynamodb.transact(contacts.rows(one, world.at))
    return world.submit(
        contact_name="Rosa Vega", contact_email="rosa@example.org", site_name="Casa Azul"
    )


@pytest.fixture
def sofia(world: World, client: Client) -> Browser:
    return signed_in(world, client, "specialist")


def hers(browser: Browser, reference: str) -> Page:
    """The page of the person of a request, by the link on the request's own page."""
    case = browser.get(f"/console/referrals/{reference}")
    (path,) = [link for link in case.links if "/console/people/" in link]
    return browser.get(path)


def offered(page: Page, act: str) -> str:
    return re.findall(rf'value="({act}~[^"]+)"', page.body)[0]


def decide(
    browser: Browser, page: Page, act: str, why: str = "She told me so on the phone."
) -> Page:
    return press(browser, page.path, choice=offered(page, act), why=why)


def test_one_timeline_shows_every_service_the_newest_first(rosa: str, sofia: Browser) -> None:
    page = hers(sofia, rosa)
    assert page.heading == "Rosa Vega" and "Open-Door session" in page.text
    assert f"/console/referrals/{rosa}" in page.body and "signed up" in page.text
    assert "rosa@example.org" not in page.body, "contact details are shown on demand"
    assert "rosa@example.org" in sofia.get(f"{page.path}?contact=yes").body


def test_whoever_looks_is_written_down(
    rosa: str, sofia: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        page = hers(sofia, rosa)
    looks = [vars(one) for one in caplog.records if one.message == "record viewed"]
    assert looks[0]["actor"] == "staff:sofia-south" and looks[0]["record"] in page.path
    assert "osa" not in looks[0]["record"] and "Vega" not in str(looks)


def test_a_call_is_found_by_the_search_and_leads_to_its_record(rosa: str, sofia: Browser) -> None:
    page = looked_for(sofia, "6265550134")
    assert "People and sites that other services met" in page.text
    paths = [link for link in page.links if "/console/people/" in link]
    assert any("Helpline" in sofia.get(path).text for path in paths)


def test_a_match_is_proposed_joined_with_a_reason_and_undone(rosa: str, sofia: Browser) -> None:
    listed = sofia.get("/console/records")
    assert "same phone number, name and county alike" in listed.text
    page = hers(sofia, rosa)
    assert CALLED not in page.body
    assert press(sofia, page.path, choice=offered(page, "same"), why="").status == 422
    page = decide(sofia, hers(sofia, rosa), "same")
    assert CALLED in page.body and "She told me so on the phone." in page.text
    assert [one.by for one in same_records.decisions()] == ["staff:sofia-south"]
    assert "No two people look alike." in sofia.get("/console/records").text
    page = decide(sofia, hers(sofia, rosa), "undone")
    assert CALLED not in page.body and "Join with" in page.text
    page = decide(sofia, page, "apart")
    assert "Join with" not in page.text


def test_a_contact_that_is_not_theirs_gets_a_record_of_its_own(rosa: str, sofia: Browser) -> None:
    page = hers(sofia, rosa)
    assert page.text.count("Open-Door session") > 1
    own = offered(page, "moved").split("~")[2]
    decide(sofia, page, "moved")
    assert sofia.get(f"/console/people/{own}").status == 200


def test_what_was_moved_away_is_undone_where_it_is_missed(rosa: str, sofia: Browser) -> None:
    before = hers(sofia, rosa).text.count("Does not belong here")
    page = decide(sofia, hers(sofia, rosa), "moved")
    assert "Undo: Moved a contact to a record of its own" in page.text
    page = decide(sofia, page, "undone")
    assert page.text.count("Does not belong here") == before and "Undo:" not in page.text


def test_a_record_that_a_decision_emptied_is_no_page_that_is_missing(
    rosa: str, sofia: Browser
) -> None:
    page = hers(sofia, rosa)
    call = f"{records.PERSON}|helpline#c-1"
    theirs = records.records().owner(records.PERSON, "helpline#c-1")
    path = f"/console/people/{theirs}"
    joined = page.path.rpartition("/")[2]
    for number, (act, one, other) in enumerate([("same", theirs, joined), ("moved", call, "own")]):
        same_records.decide(
            same_records.Decision(act, one, other, 1, "staff:sofia-south", "", f"press-{number}")
        )
    page = sofia.get(path)
    undo = next(
        value for value in re.findall(r'value="(undone~[^"]+)"', page.body)
        if same_records.decisions()[0].id in value
    )  # fmt: skip
    page = press(sofia, path, choice=undo, why="She told me so on the phone.")
    assert page.status == 200 and page.path == "/console/records"


def test_the_same_press_again_decides_nothing(rosa: str, sofia: Browser) -> None:
    page = hers(sofia, rosa)
    form = page.hidden | {"choice": offered(page, "same"), "why": "She told me so on the phone."}
    for _ in range(2):
        sofia.post(page.path, form)
    assert len(same_records.decisions()) == 1


def test_other_counties_show_as_a_number_and_what_lies_there_alone_is_not_there(
    world: World, rosa: str, client: Client
) -> None:
    becomes(world, "sofia-south", counties=["kern"])
    browser = signed_in(world, client, "specialist")
    found = records.records()
    page = browser.get(f"/console/people/{found.owner('person', 'open_door#s-2')}")
    assert (
        page.status == 200
        and rosa not in page.body
        and "2 more are in other counties." in page.text
    )
    assert browser.get(f"/console/people/{found.owner('person', 'helpline#c-1')}").status == 404
    assert "Rosa" not in browser.get("/console/records").text


def test_an_administrator_reads_and_decides_nothing(
    world: World, rosa: str, client: Client
) -> None:
    ada = signed_in(world, client, "admin")
    page = hers(ada, rosa)
    assert page.status == 200 and "Record it" not in page.text
    assert press(ada, page.path, choice="same~a~b", why="They are.").status == 403


@pytest.mark.promise("counted-once")
def test_the_counts_of_the_year_stand_beside_the_proposals(rosa: str, sofia: Browser) -> None:
    text = sofia.get("/console/records").text
    assert re.search(r"Helpline\s+1\s+1\s+1", text) and re.search(r"In all\s+2\s+2\s+1", text)
