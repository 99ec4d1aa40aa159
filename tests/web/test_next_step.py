"""After a session: one press begins the next step, with what is known of whoever came, and sends nothing yet."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from chalice.test import Client

from chalicelib import rooms
from chalicelib.meetings import attendance, links, rows, upcoming
from chalicelib.meetings.model import SignUp
from chalicelib.meetings.owners import names, owner_of
from chalicelib.referral.rows import request_drafts
from chalicelib.services.helpline import slots
from chalicelib.web.forms import Values
from chalicelib.workflow import registry
from tests.meetings import entered, now, sign
from tests.web.conftest import CENTER, Browser, Page, fill_in, keep_draft
from tests.web.test_helpline import kept
from tests.world import World

pytestmark = pytest.mark.promise("next-step-filled-in")
ROSA = {"name": "Rosa Díaz", "phone": "559-555-0142", "lang": "es"}


@pytest.fixture
def thanked(world: World) -> str:
    """The page behind the thank-you of somebody who came."""
    meeting = entered(world)
    who: SignUp = sign(world, meeting, **ROSA)
    world.at = meeting.ends + 60
    attendance.record(now(meeting), {"came": [who.key]}, "consultant:alma-reyes", world.at)
    came = rows.guest(meeting.id, who.key)
    assert came is not None
    return urlsplit(links.address(links.THANKS, meeting, came)).path


def answers_of(browser: Browser) -> Values:
    """What the request that a browser has begun knows."""
    draft = request_drafts.get(browser.cookies["draft"], 0)
    assert draft is not None
    return draft.answers


def begins(browser: Browser, path: str, step: str) -> Page:
    nonce = browser.get(path).hidden["_nonce"]
    return browser.post(path, {"_nonce": nonce, "_next": step})


def test_a_request_begins_as_a_draft_that_knows_them_and_begins_once(
    thanked: str, client: Client, patient: None
) -> None:
    browser = Browser(client, "es")
    page = begins(browser, thanked, "request")
    assert page.path == "/start" and page.status == 200 and page.lang == "es"
    draft = browser.cookies["draft"]
    assert begins(browser, thanked, "request").path == "/start"
    assert browser.cookies["draft"] == draft, "a second press goes on with the same request"
    kept_answers = answers_of(browser)
    assert kept_answers == {
        "contact_name": "Rosa Díaz",
        "contact_email": "rosa@example.org",
        "contact_phone": "559-555-0142",
        "letters_language": "es",
    }
    fill_in(browser, CENTER)
    assert "Rosa Díaz" in browser.page.text


def test_what_was_typed_before_stays(thanked: str, client: Client) -> None:
    browser = Browser(client, "es")
    keep_draft(browser, {"contact_name": "Luz", "contact_email": "luz@example.org"})
    begins(browser, thanked, "request")
    kept_answers = answers_of(browser)
    assert (kept_answers["contact_name"], kept_answers["contact_email"]) == (
        "Luz",
        "luz@example.org",
    )
    assert kept_answers["contact_phone"] == "559-555-0142"


def test_a_call_back_asks_for_the_hour_alone_and_promises_nothing_before(
    world: World, thanked: str, client: Client
) -> None:
    slots.set_capacity(dict.fromkeys(slots.EVERY, 2), "staff:sam-lead", world.at)
    browser = Browser(client, "es")
    page = begins(browser, thanked, "a_call")
    assert 'value="559-555-0142"' in page.body and 'value="Rosa Díaz"' in page.body
    assert 'value="es" checked' in page.body and not kept(world)
    slot = str(slots.offered(world.at)[0].at)
    said = {"slot": slot, "phone": ROSA["phone"], "name": ROSA["name"], "language": "es"}
    page = browser.post("/helpline", {**page.hidden, **said})
    assert page.status == 200 and "Esperamos llamarle" in page.text
    assert [one.phone for one in kept(world)] == ["559-555-0142"]


def test_a_community_begins_with_their_name_and_address(thanked: str, client: Client) -> None:
    page = begins(Browser(client, "es"), thanked, "community")
    assert page.status == 200 and 'value="rosa@example.org"' in page.body
    assert 'action="/communities"' in page.body and 'value="Rosa Díaz"' in page.body


@pytest.mark.parametrize("step", ["request", "a_call", "community", "nothing"])
def test_no_step_begins_without_a_press_on_our_page(
    thanked: str, client: Client, step: str
) -> None:
    browser = Browser(client)
    page = browser.get(f"{thanked}?_next={step}")
    assert page.status == 200 and "Rosa" not in page.body and "draft" not in browser.cookies
    page = browser.post(thanked, {"_next": step})
    assert page.status == 422 and "rosa@example.org" not in page.body
    assert "draft" not in browser.cookies


def test_every_step_that_a_room_offers_has_somebody_who_begins_it(world: World) -> None:
    upcoming.forget()
    offered = set()
    for room in names():
        if room == "community_groups":  # whose meetings are entered for the members of a group
            continue
        meeting = entered(world, room=room)
        who = sign(world, meeting)
        offered |= {step.begin for step in owner_of(meeting).steps(meeting, who) if step.begin}
    assert offered == set(rooms.NEXT_STEPS)
    assert all(callable(registry.load(address)) for address in rooms.NEXT_STEPS.values())
