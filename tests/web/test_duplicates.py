"""A second request for the same site or by the same person is said and asked, never dropped."""

from __future__ import annotations

import re
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.web import request_context
from chalicelib.workflow.storage import store
from tests.world import World

from .conftest import CENTER, Browser, resume_with


def sent(browser: Browser, answers: dict[str, Any]) -> None:
    resume_with(browser, answers)
    browser.answer({})


def references(table: Any) -> list[str]:
    return [r["pk"].removeprefix("R#") for r in table.scan()["Items"] if r["sk"] == "REFERRAL"]


@pytest.fixture
def first(world: World, browser: Browser, table: Any, patient: None) -> str:
    sent(browser, CENTER | {"contact_phone": "(213) 555-0147"})
    (reference,) = references(table)
    return reference


OTHER_PERSON = {"contact_email": "luz@example.org", "contact_phone": ""}
LOOKS = {
    "email": CENTER | {"license_number": "", "contact_phone": ""},
    "phone": CENTER | {"license_number": "", "contact_email": "new@example.org", "contact_phone": "+1 213-555-0147 x2"},
    "email in capitals": CENTER | {"contact_email": "ROSA@example.org", "license_number": ""},
}  # fmt: skip


@pytest.mark.promise("duplicate-request")
@pytest.mark.parametrize("how", LOOKS)
def test_who_merely_types_the_same_is_asked_about_the_very_request_without_its_number(
    first: str, client: Client, table: Any, how: str, world: World
) -> None:
    other = Browser(client)
    sent(other, LOOKS[how])
    assert other.page.path == "/request/check" and first not in other.page.body
    assert f"Sent on Tuesday, October 20, with the same {how.split()[0]}" in other.page.text
    assert references(table) == [first], "nothing is sent before it was asked"
    page = other.answer({})
    assert page.status == 422 and page.errors == ["twin"]
    page = other.answer({"twin": "same"})
    assert "nothing more to do" in page.text and first not in page.body
    assert references(table) == [first]


@pytest.mark.promise("duplicate-request")
def test_who_came_by_the_mailed_link_is_told_the_number(
    first: str, client: Client, table: Any, world: World
) -> None:
    other = Browser(client)
    resume_with(other, CENTER)
    other.get("/request/later")
    other.answer({"return_to": CENTER["contact_email"]})
    (link,) = re.findall(r"/request/back/[a-z0-9-]+", world.mails[-1].text)
    owner = Browser(client)
    owner.get(link)
    owner.answer({})
    owner.get("/request/check")
    assert first in owner.answer({}).text
    assert owner.answer({"twin": "same"}).path == f"/status?reference={first}"


def test_somebody_else_of_the_site_is_told_without_the_number_and_may_send_it_too(
    first: str, client: Client, table: Any, world: World
) -> None:
    other = Browser(client)
    sent(other, CENTER | OTHER_PERSON)
    assert "open request already" in other.page.text and first not in other.page.body
    other.answer({"twin": "other"})
    assert other.page.path == "/request/sent"
    second = next(r for r in references(table) if r != first)
    entry = store.log(world.state(second))[0]
    assert entry.payload["others"] == [first], "staff see the other one"


def test_it_is_the_same_of_somebody_else_says_whom_to_ask(first: str, client: Client) -> None:
    other = Browser(client)
    sent(other, CENTER | OTHER_PERSON)
    page = other.answer({"twin": "same"})
    assert page.status == 200 and "nothing more to do" in page.text and first not in page.body


def test_a_request_that_has_ended_asks_nothing(
    first: str, client: Client, table: Any, world: World
) -> None:
    from chalicelib.referral.status.withdraw import withdraw

    withdraw(first, "", "w")
    other = Browser(client)
    sent(other, CENTER)
    assert other.page.path == "/request/sent" and len(references(table)) == 2


def test_another_site_and_person_is_asked_nothing(first: str, client: Client) -> None:
    other = Browser(client)
    sent(other, CENTER | OTHER_PERSON | {"license_number": "199999999"})
    assert other.page.path == "/request/sent"


@pytest.mark.promise("robots-slowed")
def test_five_requests_an_hour_for_one_program_from_one_address_then_the_helpline(
    first: str, client: Client, table: Any
) -> None:
    for number in range(6):
        other = Browser(client)
        sent(other, CENTER | {"classroom": f"Room {number}"})
        if number < 4:
            other.answer({"twin": "other"})
            assert other.page.path == "/request/sent"
    assert other.page.status == 422 and "call the helpline" in other.page.text
    assert len(references(table)) == 5
    danger = Browser(client)
    sent(danger, CENTER | {"classroom": "Room 7", "safety_now": "yes"})
    danger.answer({"twin": "other"})
    assert danger.page.path == "/request/sent", "danger passes every limit"


@pytest.mark.promise("stranger-spends-limits")
def test_what_a_stranger_sent_under_an_address_keeps_its_owner_from_nothing(
    first: str, client: Client, table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        stranger = Browser(client)
        sent(stranger, CENTER | {"classroom": f"Room {number}"})
        stranger.answer({"twin": "other"})
    assert len(references(table)) == 5
    real, home = request_context._part, {"sourceIp": "203.0.113.9"}
    monkeypatch.setattr(
        request_context,
        "_part",
        lambda event, name: home if name == "identity" else real(event, name),
    )
    owner = Browser(client)
    sent(owner, CENTER | {"classroom": "Room 9"})
    owner.answer({"twin": "other"})
    assert owner.page.path == "/request/sent"


@pytest.mark.promise("robots-slowed")
def test_an_agency_asks_for_site_after_site_and_is_asked_about_none_of_them(
    first: str, client: Client, table: Any
) -> None:
    agency = {"requester_role": "network_or_rr_staff", "license_number": ""}
    for number in range(7):
        other = Browser(client)
        sent(other, CENTER | agency | {"site_name": f"Site {number}"})
        assert other.page.path == "/request/sent", number
    assert len(references(table)) == 8
    other = Browser(client)
    sent(other, CENTER | agency | {"site_name": "site 3 "})
    assert "for this program" in other.page.text, "the same site again is asked about"


def test_an_owner_of_several_sites_may_send_for_each(first: str, client: Client) -> None:
    for number in range(6):
        other = Browser(client)
        sent(other, CENTER | {"license_number": f"19000000{number}"})
        assert "for another program" in other.page.text
        other.answer({"twin": "other"})
        assert other.page.path == "/request/sent"
