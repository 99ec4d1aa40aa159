"""Who answers and is asked the next thing, too, is led on to its page; a letter is for who left it."""

from __future__ import annotations

from typing import Any

import pytest
from chalice.test import Client

from infra.answers import ACCEPTED
from tests.web.staff import signed_in
from tests.workflow.lifecycle import LifecycleHarness, Story, at

from .conftest import Browser, Page
from .taskpages import (
    go_on,
    inside,
    mailed,
    mailed_about,
    may_see,
    open_task,
    press,
    rows,
    usual,
)
from .test_on_behalf import records

pytestmark = pytest.mark.promise("next-page-leads-on")

LEADS = {"offer": "first_contact", "last session": "summary"}
ASKED = {"offer": "talked", "last session": "closure"}
DAY = 86400


def answers(browser: Browser, moment: str, harness: LifecycleHarness) -> tuple[Story, Page]:
    """Whoever is asked at that moment answers by their page, before the run has heard of it."""
    story = at(harness, moment)
    harness.world.mails = [m for m in harness.world.mails if m.link]
    told = {k: v if isinstance(v, list) else str(v) for k, v in usual(story).items()}
    return story, press(browser, open_task(browser, story), told)


def number(story: Story) -> int:
    assert story.state.task is not None
    return story.state.task.number


def letters(story: Story) -> list[str]:
    """The links to the open task that were mailed."""
    return mailed_about(story, number(story))


def wait_until(story: Story, instant: int) -> None:
    story.harness.world.at = instant
    story.harness.run_scheduler()


@pytest.mark.parametrize("moment", LEADS)
def test_the_next_page_is_one_press_away_and_no_letter_is_sent(
    client: Client, harness: LifecycleHarness, moment: str
) -> None:
    browser = Browser(client)
    story, page = answers(browser, moment, harness)
    harness.settle()
    assert story.asks == LEADS[moment] and not letters(story)
    page = may_see(browser, go_on(browser, browser.get(page.path)))
    assert page.path == f"/task/{story.reference}/{number(story)}"
    n = number(story)
    page = press(browser, page, {k: str(v) for k, v in usual(story).items()})
    assert page.status == 200 and "recorded=yes" in page.path
    harness.settle()
    assert story.asks != LEADS[moment]
    wait_until(story, harness.world.at + DAY)
    assert not mailed_about(story, n)


@pytest.mark.parametrize("moment", LEADS)
def test_who_leaves_the_page_gets_the_letter_before_anybody_else_hears_of_it(
    client: Client, harness: LifecycleHarness, moment: str
) -> None:
    browser = Browser(client)
    story, _page = answers(browser, moment, harness)
    harness.settle()
    task = story.state.task
    assert task is not None and task.escalate is not None and not letters(story)
    assert task.remind[0] < min(task.due, task.escalate)
    wait_until(story, task.remind[0])
    (link,) = letters(story)
    page = inside(Browser(client), link)
    assert page.status == 200 and ASKED[moment] in page.names


def test_the_letter_about_the_summary_comes_the_next_business_day(
    client: Client, harness: LifecycleHarness
) -> None:
    story, _page = answers(Browser(client), "last session", harness)
    harness.settle()
    task = story.state.task
    assert task is not None
    assert task.remind[0] - task.opened < 4 * DAY and len(task.remind) == 2
    wait_until(story, task.remind[0])
    assert len(letters(story)) == 1
    wait_until(story, task.remind[1])
    assert len(letters(story)) == 2


def test_the_link_of_the_offer_leads_on_for_days(client: Client, harness: LifecycleHarness) -> None:
    story = at(harness, "offer")
    offer, expires = mailed(story), story.state.task.expires if story.state.task else 0
    browser = Browser(client)
    press(browser, open_task(browser, story), ACCEPTED)
    harness.settle()
    harness.world.at = expires + 3600
    page = Browser(client).get(f"/t/{offer}")
    assert page.status == 200 and "What comes next for you" in page.text
    assert "Show the details first" in page.text and "ana@example.org" not in page.body
    page = go_on(browser, inside(browser, offer))
    assert "talked" in may_see(browser, page).names


def test_until_the_run_has_asked_the_page_says_so_and_looking_writes_nothing(
    client: Client, harness: LifecycleHarness
) -> None:
    browser = Browser(client)
    story, page = answers(browser, "offer", harness)
    assert "Contact the provider for the first time" in page.text
    assert "not ready yet" not in page.text
    before = rows(harness.world)
    page = go_on(browser, page)
    assert page.status == 200 and "not ready yet" in page.text
    assert rows(harness.world) == before
    harness.settle()
    assert "talked" in go_on(browser, page).names
    # Back to what was just answered, to take it back.
    assert "/undo" in browser.get(f"/task/{story.reference}/{number(story) - 1}").body


def test_a_page_leads_nobody_else_on(client: Client, harness: LifecycleHarness) -> None:
    browser = Browser(client)
    story, _page = answers(browser, "offer", harness)
    harness.settle()
    path = f"/task/{story.reference}/{number(story)}"
    assert Browser(client).get(path).status == 404
    provider = Browser(client)
    inside(provider, mailed(at(harness, "agreement")))
    assert provider.get(f"/task/{story.reference}/2").status == 404


def test_a_letter_leaves_at_once_where_staff_wrote_the_answer_down(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "offer")
    records(signed_in(harness.world, client, "coordinator"), story, usual(story))
    harness.settle()
    assert story.asks == "first_contact" and len(letters(story)) == 1


def test_a_letter_leaves_at_once_where_the_run_comes_late(
    client: Client, harness: LifecycleHarness
) -> None:
    story, _page = answers(Browser(client), "offer", harness)
    harness.world.at += 600
    harness.settle()
    assert story.asks == "first_contact" and len(letters(story)) == 1


def test_a_declined_offer_leads_nowhere(client: Client, harness: LifecycleHarness) -> None:
    story = at(harness, "offer")
    browser = Browser(client)
    said: dict[str, Any] = {"decision": "decline", "decline_reason": "no_time"}
    page = press(browser, open_task(browser, story), said)
    assert "What comes next" not in page.text
    harness.settle()
    assert "What comes next" not in browser.get(page.path).text
    assert len(letters(story)) == 1
