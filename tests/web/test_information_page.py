"""The provider answers open questions at a mailed link; everybody sees that the time is theirs."""

from __future__ import annotations

import re

import pytest
from chalice.test import Client

from chalicelib.workflow.storage import store
from infra.answers import UNSURE
from tests.web.staff import signed_in
from tests.workflow.lifecycle import LifecycleHarness
from tests.world import World

from .conftest import Browser
from .taskpages import asked, mailed, open_task, press, shown_status, usual

CASE = "/console/referrals/{}"


@pytest.mark.promise("more-information-by-link")
def test_the_link_asks_only_the_open_questions_and_the_answer_goes_on(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "information")
    browser = Browser(client)
    page = open_task(browser, story)
    asked_here = {name for name in page.names if not name.startswith("_")} - {"mine"}
    assert asked_here == {"director_knows", "modality", "complete"}
    checked = re.findall(r'name="(\w+)"[^>]* checked', page.body)
    assert checked == ["director_knows", "modality"], (
        "what was answered stays, and nothing is chosen for them"
    )
    page = press(browser, page, usual(story))
    assert (
        page.status == 200 and "Thank you. We are looking at your request again now." in page.text
    )
    harness.settle()
    assert story.asks == "triage"


@pytest.mark.promise("scanner-submits")
def test_the_page_as_rendered_answers_nothing(client: Client, harness: LifecycleHarness) -> None:
    story = asked(harness, "information")
    browser = Browser(client)
    before = story.state.version
    page = press(browser, open_task(browser, story), {})
    assert page.status == 422 and story.state.version == before
    assert set(page.errors) == {"director_knows", "modality", "complete"}


@pytest.mark.promise("double-press", "answer-once")
def test_ten_presses_are_one_answer(client: Client, harness: LifecycleHarness) -> None:
    story = asked(harness, "information")
    browser = Browser(client)
    page = open_task(browser, story)
    sent, link = {**page.hidden, **usual(story)}, mailed(story)
    for _ in range(10):
        assert browser.post(f"/t/{link}", sent).status == 200
    harness.settle()
    types = [e.event for e in store.log(story.state)]
    assert types.count("information_answered") == 1 and story.state.paused == 0


@pytest.mark.promise("more-information-by-link", "english-and-spanish")
def test_it_speaks_spanish(client: Client, harness: LifecycleHarness) -> None:
    story = harness.submit(**UNSURE, letters_language="es")
    page = open_task(Browser(client, "es"), story)
    assert "Conteste unas preguntas más" in page.text and page.lang == "es"
    assert "unas preguntas más" in harness.world.mails[-1].text


@pytest.mark.promise("more-information-by-link")
def test_the_status_page_and_the_case_say_whose_time_it_is(
    client: Client, harness: LifecycleHarness, world: World
) -> None:
    story = asked(harness, "information")
    browser = Browser(client)
    page = shown_status(browser, story.reference)
    assert "Answer a few more questions about your request" in page.text
    assert "Mail me the link again" in page.text
    staff = signed_in(world, client, "specialist")
    assert "this time is not counted" in staff.get(CASE.format(story.reference)).text
    world.at += 7200
    story.says(**usual(story))
    text = staff.get(CASE.format(story.reference)).text
    assert "Of it not counted" in text and "2 h with the provider do not count" in text


@pytest.mark.promise("looking-writes-nothing")
def test_looking_writes_nothing(client: Client, harness: LifecycleHarness) -> None:
    story = asked(harness, "information")
    before = str(harness.world.table.scan()["Items"])
    for _ in range(3):
        Browser(client).get(f"/t/{mailed(story)}")
    assert str(harness.world.table.scan()["Items"]) == before
