"""A half-written answer is kept by a press and found again, by its writer alone."""

from __future__ import annotations

from typing import Any

import pytest
from chalice.test import Client

from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage import store, task_drafts
from tests.workflow.lifecycle import LifecycleHarness, Story, at

from .conftest import Browser, Page
from .kinds import WORDLESS
from .taskpages import (
    KINDS,
    asked,
    forms,
    inside,
    mailed,
    open_task,
    press,
    rows,
    send_pairs,
    usual,
)

NOTE = "<b>Half a note</b> about ¿mañana?"


WRITTEN = [kind for kind in KINDS if kind not in WORDLESS]


def text_of(story: Story) -> str:
    """The name of the first free text of the open task."""
    fields = kind_of(story.asks).page.form(story.state).fields
    return next(f.name for f in fields if f.kind in ("text", "textarea"))


def keeps(browser: Browser, page: Page, **typed: Any) -> Page:
    """Press "Keep it and finish later"."""
    answers = {k: v if isinstance(v, list) else str(v) for k, v in typed.items()}
    return press(browser, page, {**answers, "_keep": "1"})


def drafts(harness: LifecycleHarness) -> list[dict[str, Any]]:
    return [row for row in rows(harness.world) if row["sk"].startswith(task_drafts.PREFIX)]


@pytest.mark.promise("task-list-and-drafts")
@pytest.mark.parametrize("kind", WRITTEN)
def test_what_is_kept_is_there_again_on_another_phone_and_nothing_was_answered(
    client: Client, harness: LifecycleHarness, kind: str
) -> None:
    story = asked(harness, kind)
    name, before, browser = text_of(story), story.state, Browser(client)
    page = open_task(browser, story)
    assert "_keep" in page.body and "Keep it and finish later" in page.text
    done = keeps(browser, page, **{name: NOTE})
    assert done.status == 200 and "Nothing is sent yet" in done.text
    assert story.state == before
    other = Browser(client)
    shown = inside(other, mailed(story))
    assert "&lt;b&gt;Half a note" in shown.body and "what you typed before" in shown.text
    assert "checked" not in shown.body or kind in (
        "plan",
        "service",
        "tell_by_phone",
        "tell_person",
        "onboarding_facts",
    )
    fresh = Browser(client).get(f"/t/{mailed(story)}")
    assert "Half a note" not in fresh.body, "the link alone shows nothing of it"


@pytest.mark.promise("scanner-submits", "press-needs-choice-and-nonce")
@pytest.mark.parametrize("kind", WRITTEN)
def test_a_program_that_sends_a_restored_answer_as_rendered_decides_nothing(
    client: Client, harness: LifecycleHarness, kind: str
) -> None:
    story = asked(harness, kind)
    browser = Browser(client)
    answers = usual(story)
    keeps(browser, open_task(browser, story), **{text_of(story): "Typed", **answers})
    shown = inside(browser, mailed(story))
    before, task = rows(harness.world), story.state.task
    for method, action, presses in forms(shown):
        for pairs in presses:
            answer = send_pairs(browser, method, action, pairs)
            switched = any(name == "_switch" for name, _ in pairs)
            assert answer.status == 200 if switched else 400 <= answer.status < 500, (action, pairs)
    assert rows(harness.world) == before and story.state.task == task


@pytest.mark.promise("task-list-and-drafts")
def test_sending_it_removes_what_was_kept(client: Client, harness: LifecycleHarness) -> None:
    story = asked(harness, "summary")
    browser = Browser(client)
    keeps(browser, open_task(browser, story), helped="The routine", next_steps="Go on")
    assert len(drafts(harness)) == 1
    page = inside(browser, mailed(story))
    assert page.hidden["_kept"] == "1"
    assert press(browser, page, usual(story)).status == 200
    assert drafts(harness) == []


@pytest.mark.promise("child-never-named")
def test_a_name_is_asked_about_before_anything_is_kept(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "first_contact")
    browser = Browser(client)
    page = keeps(browser, open_task(browser, story), note="The boy Mateo bites")
    assert "note" in page.errors and "The boy Mateo bites" in page.body
    assert drafts(harness) == []


@pytest.mark.promise("task-list-and-drafts")
@pytest.mark.parametrize("over", ["answered elsewhere", "expired", "withdrawn"])
def test_the_clock_removes_what_was_kept_for_a_task_that_is_over(
    client: Client, harness: LifecycleHarness, over: str
) -> None:
    story = asked(harness, "triage")
    browser = Browser(client)
    keeps(browser, open_task(browser, story), note="Half")
    harness.world.at += task_drafts.LOOK_AGAIN
    harness.run_scheduler()
    assert len(drafts(harness)) == 1, "while it is open it stays"
    if over == "withdrawn":
        story.withdraws()
    elif over == "expired":
        assert story.state.task is not None
        harness.world.at = story.state.task.expires
        harness.run_scheduler()
    else:
        story.triaged()
    harness.world.at += task_drafts.LOOK_AGAIN
    harness.run_scheduler()
    assert drafts(harness) == []


@pytest.mark.promise("expired-row-visible")
def test_a_row_that_outlives_its_end_is_not_shown(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "triage")
    browser = Browser(client)
    page = keeps(browser, open_task(browser, story), note="Half")
    (row,) = drafts(harness)
    harness.world.table.put_item(Item={**row, "expires_at": harness.world.at})
    assert "Half" not in browser.get(page.path).body


@pytest.mark.promise("task-list-and-drafts")
def test_pressing_keep_with_nothing_new_or_too_much_writes_nothing(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "plan")
    browser = Browser(client)
    page = open_task(browser, story)
    before = rows(harness.world)
    for typed in ({}, {"planned": page_value(page, "planned")}, {"goal_1": "x" * 30_000}):
        again = keeps(browser, page, **typed)
        assert again.status == 422 and "keep" in again.text
    assert keeps(browser, page, goal_1="A", _nonce="").status == 422
    assert rows(harness.world) == before


def page_value(page: Page, name: str) -> str:
    import re

    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.body)
    return found[1] if found else ""


@pytest.mark.promise("first-page-neutral", "see-only-what-you-may")
def test_whoever_may_not_see_the_details_does_not_see_what_was_kept(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "service")
    browser = Browser(client)
    page = browser.get(f"/t/{mailed(story)}")
    shown = keeps(browser, page, note="Half a session")
    assert "Nothing is sent yet" in shown.text
    assert "Half a session" not in shown.body, "this browser has the link, and no proof"
    assert "Half a session" in inside(browser, mailed(story)).body


@pytest.mark.promise("task-list-and-drafts")
def test_show_the_details_keeps_what_was_typed_beside_it(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "service")
    browser = Browser(client)
    page = browser.get(f"/t/{mailed(story)}")
    (address,) = [action for _, action, _ in forms(page) if action.endswith("/open")]
    sent = {"note": "Half a session", "_nonce": page.hidden["_nonce"], "mine": "yes"}
    from .taskpages import prove

    shown = prove(browser, browser.post(address, sent))
    assert "ana@example.org" in shown.body and "Half a session" in shown.body
    assert not any(e.event == "service_answered" for e in store.log(story.state))


@pytest.mark.promise("english-and-spanish")
@pytest.mark.parametrize("lang", ["en", "es"])
def test_keeping_speaks_both_languages(
    client: Client, harness: LifecycleHarness, lang: str
) -> None:
    story = asked(harness, "triage")
    browser = Browser(client, lang)
    page = keeps(browser, open_task(browser, story), note="Half")
    word = {"en": "Nothing is sent yet", "es": "Todavía no se envió nada"}[lang]
    assert page.lang == lang and word in page.text
