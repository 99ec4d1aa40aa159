"""A child's name is asked about before a text is kept, on every form, and nobody is locked out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.web.forms import Field, Form, clean
from chalicelib.workflow.storage import store
from tests.workflow.lifecycle import LifecycleHarness, at
from tests.world import World

from .conftest import CENTER, Browser, resume_with
from .staff import signed_in
from .taskpages import open_task, press

pytestmark = pytest.mark.promise("child-never-named")

NAMED = "My student Mateo hits."
BOX = "anything_else-looked"


@pytest.fixture
def contact(browser: Browser) -> Browser:
    """Somebody at the last page of questions."""
    resume_with(browser, CENTER)
    browser.get("/request/contact?change=1")
    return browser


def drafts(table: Any) -> str:
    return str(table.scan()["Items"])


def box(browser: Browser, name: str = BOX) -> str:
    found = re.search(f'name="{name}" id="{name}" value="([^"]+)"', browser.page.body)
    assert found
    return found[1]


@pytest.mark.promise("child-never-named")
def test_a_name_is_quoted_beside_the_field_and_nothing_is_kept(
    contact: Browser, table: Any
) -> None:
    page = contact.answer({**CENTER, "anything_else": NAMED})
    assert page.status == 422 and page.errors == ["anything_else"]
    assert "“Mateo” looks like a child's name" in page.text
    assert NAMED in page.body and "Mateo" not in drafts(table)


@pytest.mark.promise("child-never-named")
def test_a_tick_lets_the_very_same_text_pass_and_it_stays_accepted(
    contact: Browser, table: Any
) -> None:
    contact.answer({**CENTER, "anything_else": NAMED})
    page = contact.answer({**CENTER, "anything_else": NAMED, BOX: box(contact)})
    assert (page.path, page.status) == ("/request/check", 200)
    assert "Mateo" in drafts(table)
    assert contact.get("/request/check").path == "/request/check"
    contact.post("/request/check", contact.page.hidden)  # "That was quick. Please look again."
    assert contact.post("/request/check", contact.page.hidden).path == "/request/sent"


@pytest.mark.promise("child-never-named")
def test_a_tick_does_not_speak_for_a_name_that_is_added(contact: Browser) -> None:
    contact.answer({**CENTER, "anything_else": NAMED})
    more = NAMED + " So does Jaden."
    page = contact.answer({**CENTER, "anything_else": more, BOX: box(contact)})
    assert page.status == 422 and "Jaden" in page.text


@pytest.mark.promise("child-never-named")
def test_the_tick_stays_when_another_answer_is_wrong(contact: Browser) -> None:
    contact.answer({**CENTER, "anything_else": NAMED})
    ticked = {"anything_else": NAMED, BOX: box(contact)}
    page = contact.answer({**CENTER, **ticked, "contact_email": "nobody"})
    assert page.errors == ["contact_email"]
    assert f'value="{ticked[BOX]}" checked' in page.body


@pytest.mark.promise("child-never-named")
def test_in_spanish_too_and_the_language_switch_keeps_the_text(contact: Browser) -> None:
    contact.answer({**CENTER, "anything_else": NAMED})
    page = contact.answer({**CENTER, "anything_else": NAMED}, _switch="es")
    assert "parece el nombre de un niño" in page.text and NAMED in page.body


@pytest.mark.promise("child-never-named")
def test_words_about_harm_are_never_stopped(contact: Browser) -> None:
    text = "I saw bruises. Mateo was hit by his father."
    assert contact.answer({**CENTER, "anything_else": text}).path == "/request/check"


@pytest.mark.promise("child-never-named")
def test_a_consultants_note_is_asked_about_too(client: Client, harness: LifecycleHarness) -> None:
    story = at(harness, "triage")
    browser = Browser(client)
    values = {"talked": "phone", "decision": "confirm", "note": "Jaden bites."}
    page = press(browser, open_task(browser, story), values)
    assert page.status == 422 and "Jaden" in page.text and story.asks == "triage"
    page = press(browser, page, values | {"note-looked": box(browser, "note-looked")})
    assert page.status == 200
    assert "Jaden bites." in str(store.log(story.state))


@pytest.mark.promise("child-never-named")
def test_the_consoles_reason_is_asked_about_too(
    client: Client, harness: LifecycleHarness, world: World
) -> None:
    story = at(harness, "triage")
    browser = signed_in(world, client, "admin")
    path = f"/console/runs/referral/{story.reference}-referral-1"
    browser.get(path)
    page = browser.post(
        path + "/restart", {**browser.page.hidden, "reason": "The mother of Liam called"}
    )
    assert "“Liam” looks like" in page.text and story.state.generation == 1


@pytest.mark.promise("child-never-named")
def test_coming_back_later_does_not_keep_a_name_in_silence(contact: Browser, table: Any) -> None:
    page = contact.answer({**CENTER, "anything_else": NAMED}, _go="later")
    assert page.status == 422 and NAMED in page.body and "Mateo" not in drafts(table)
    assert contact.answer({**CENTER, "anything_else": "Fine"}, _go="later").path.endswith("later")


@pytest.mark.promise("child-never-named")
def test_a_half_written_answer_is_not_kept_with_a_name(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "triage")
    browser = Browser(client)
    page = press(browser, open_task(browser, story), {"note": "Jaden bites.", "_keep": "yes"})
    assert page.status == 422 and "“Jaden” looks like" in page.text
    assert "Jaden" not in str(harness.world.table.scan()["Items"])


@pytest.mark.promise("child-never-named")
def test_names_of_people_and_places_have_their_own_fields() -> None:
    own = Form(Field("name", "text", "Your name"), Field("room", "text", "Room", guarded=True))
    found = clean(own, {"name": ["Mateo Diaz"], "room": ["Mateo"]}, "en")
    assert list(found.errors) == ["room"]
