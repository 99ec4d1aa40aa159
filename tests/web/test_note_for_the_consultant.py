"""What the specialist writes for the consultant reaches the consultant."""

from __future__ import annotations

import pytest
from chalice.test import Client

from chalicelib.referral.matching.offer_note import WAITS, personal
from chalicelib.referral.request import Request
from infra.answers import CENTER, TRIAGED
from tests.workflow.lifecycle import LifecycleHarness, Story, at, usual

from .conftest import Browser
from .taskpages import go_on, inside, mailed, may_see, open_task, press

PLAIN = "They are worried about bites at nap time. A picture schedule helped 50 % of the time."
NAMED = "Ask for Rosa at the front desk, 209 555 0142."
REQUEST = Request.from_answers(
    {**CENTER, "site_name": "Sunny Days", "contact_name": "Ana Demo", "city": "Fresno"}
)


def noted(harness: LifecycleHarness, note: str) -> Story:
    """A referral whose specialist left a note with the decision; it is offered."""
    return at(harness, "triage").says(**TRIAGED, note=note)


@pytest.mark.promise("answers-reach-their-readers")
def test_a_note_that_names_nobody_stands_in_the_offer_and_on_every_page_after_it(
    harness: LifecycleHarness, client: Client
) -> None:
    story, browser = noted(harness, PLAIN), Browser(client)
    link = mailed(story)
    page = browser.get(f"/t/{link}")
    assert "From the specialist" in page.text and PLAIN in page.text
    page = press(browser, page, {"decision": "accept"})
    assert PLAIN in inside(browser, link).text
    harness.settle()
    assert PLAIN in may_see(browser, go_on(browser, browser.page)).text
    assert "From the specialist" not in Browser(client).get("/").text


@pytest.mark.promise("answers-reach-their-readers")
def test_the_note_stands_on_each_page_on_which_the_consultant_works(
    harness: LifecycleHarness, client: Client
) -> None:
    story, browser, seen = noted(harness, PLAIN), Browser(client), []
    while story.asks != "summary":
        if story.state.task is not None and story.state.task.role == "consultant":
            opened = open_task(browser, story)
            assert PLAIN in opened.text, story.asks
            seen.append(story.asks)
        story.says(**usual(story))
    assert {"first_contact", "plan", "service"} <= set(seen)


def test_a_note_that_may_name_somebody_waits_until_the_offer_is_accepted(
    harness: LifecycleHarness, client: Client
) -> None:
    story, browser = noted(harness, NAMED), Browser(client)
    link = mailed(story)
    page = browser.get(f"/t/{link}")
    assert WAITS in page.text and "Rosa" not in page.text and "0142" not in page.text
    press(browser, page, {"decision": "accept"})
    assert NAMED in inside(browser, link).text


def test_where_nobody_wrote_a_note_no_page_speaks_of_one(
    harness: LifecycleHarness, client: Client
) -> None:
    story, browser = at(harness, "first_contact"), Browser(client)
    assert "From the specialist" not in open_task(browser, story).text


@pytest.mark.parametrize(
    "note",
    [
        PLAIN,
        "12 children, two teachers. Naps are the hard time.",
        "Prefers mornings. They speak Spanish at home; English is fine.",
        "Muchos cambios de personal este año. Prefieren los lunes.",
        "They are in the IEP process.",
    ],
)
def test_a_plain_note_is_not_held_back(note: str) -> None:
    assert not personal(note, REQUEST)


@pytest.mark.parametrize(
    "note",
    [
        NAMED,
        "Call Ana first.",
        "ana prefers the afternoon",
        "The owner of sunny days is new to this.",
        "They are in Fresno, near the park.",
        "Mateo bites when he is tired.",
        "Text her: 209-555-0142",
        "Call 5 5 5 0 1 4 2",
        "rosa@example.org is better",
        "See www.example.org",
        "Hable con la señora Gutiérrez.",
        "ZIP 93701",
        "They know the director of Bright Horizons.",
    ],
)
def test_a_note_that_may_tell_who_or_where_somebody_is_is_held_back(note: str) -> None:
    assert personal(note, REQUEST)
