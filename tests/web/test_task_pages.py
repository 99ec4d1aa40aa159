"""The page behind a mailed link: reading decides nothing, one answer decides once."""

from __future__ import annotations

from typing import Any

import pytest
from chalice.test import Client

from chalicelib.referral.delivery.session_times import day_of
from chalicelib.referral.matching import offer_facts
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage import store
from infra.answers import ACCEPTED
from tests.canary import sings
from tests.web.staff import signed_in
from tests.workflow.lifecycle import LifecycleHarness, Story, at

from .conftest import FORM, Browser, Page
from .kinds import every_kind
from .taskpages import (
    KINDS,
    asked,
    first,
    forms,
    inside,
    mailed,
    open_task,
    parsed,
    press,
    rows,
    send_pairs,
    usual,
)

pytestmark = pytest.mark.promise("task-by-link")

HIDDEN = ("Ana Demo", "ana@example.org", "Demo Center", "challenging", "90012")


def unused(story: Story, n: int) -> bool:
    """Whether the task is still open, and nobody answered anything."""
    task = story.state.task
    return task is not None and task.number == n and not getattr(task, "over", "")


def number(story: Story) -> int:
    task = story.state.task
    assert task is not None
    return task.number


def test_every_kind_of_task_that_is_asked_of_people_is_here() -> None:
    assert len(KINDS) == len(set(KINDS)) and set(KINDS) == every_kind()


@pytest.mark.promise("first-page-neutral")
@pytest.mark.parametrize("kind", KINDS)
def test_the_first_page_shows_the_reference_and_neutral_words_only(
    client: Client, harness: LifecycleHarness, kind: str
) -> None:
    story = asked(harness, kind)
    page = Browser(client).get(f"/t/{mailed(story)}")
    assert page.status == 200 and story.reference in page.text
    assert not sings(HIDDEN, page.body)
    headers = page.headers
    assert headers["Referrer-Policy"] == "no-referrer" and headers["Cache-Control"] == "no-store"
    # Nothing is chosen for anybody; what they said or planned before stands there.
    chosen = {
        str(one)
        for one in parsed(page).xpath("//*[@checked]/@name | //select[option[@selected]]/@name")
    }
    assert chosen <= set(kind_of(story.asks).page.known(story.state))


@pytest.mark.promise("scanner-looks", "looking-writes-nothing")
@pytest.mark.parametrize("kind", KINDS)
def test_twenty_looks_of_a_scanner_write_nothing(
    client: Client, harness: LifecycleHarness, kind: str
) -> None:
    story = asked(harness, kind)
    link = mailed(story)
    person = Browser(client)
    open_task(person, story)
    harness.world.records()
    before = rows(harness.world)
    paths = [f"/t/{link}", f"/t/{link}/open", f"/t/{link}/fresh", f"/t/{link}?lang=es",
             f"/task/{story.reference}/{number(story)}"]  # fmt: skip
    for browser in (Browser(client), person):
        for _ in range(2):
            for method in ("HEAD", "GET"):
                for path in paths:
                    page = browser.send(method, path)
                    assert page.status < 500
                    assert method == "GET" or page.body == ""
    assert rows(harness.world) == before
    assert harness.world.records() == []
    answers = usual(story)
    assert press(person, open_task(person, story), answers).status == 200


@pytest.mark.promise("scanner-submits", "answer-once")
@pytest.mark.parametrize("kind", KINDS)
def test_a_scanner_that_sends_every_form_as_rendered_uses_nothing_up(
    client: Client, harness: LifecycleHarness, kind: str
) -> None:
    story = asked(harness, kind)
    n, scanner, link = number(story), Browser(client), mailed(story)
    ways: list[Any] = [lambda: scanner.get(f"/t/{link}")]
    if not first(story):  # even one that would tick the box, read the code, and read on
        ways.append(lambda: scanner.post(f"/t/{link}/open", {"mine": "yes"}))
        ways.append(lambda: inside(scanner, link))
    for way in ways:
        shown = way()
        assert shown.status == 200 and forms(shown)
        before, mails = rows(harness.world), len(harness.world.mails)
        for method, action, presses in forms(shown):
            for pairs in presses:
                answer = send_pairs(scanner, method, action, pairs)
                switched = any(name == "_switch" for name, _ in pairs)
                assert 400 <= answer.status < 500 or (switched and answer.status == 200), action
        assert unused(story, n) and rows(harness.world) == before
        assert len(harness.world.mails) == mails
    person, answers = Browser(client), usual(story)
    assert press(person, open_task(person, story), answers).status == 200
    assert not unused(story, n) or kind_of(kind).policy.many


@pytest.mark.promise("double-press", "answered-page-tells")
@pytest.mark.parametrize("kind", KINDS)
def test_a_double_press_is_one_answer_and_shows_what_was_recorded(
    client: Client, harness: LifecycleHarness, kind: str
) -> None:
    story = asked(harness, kind)
    answers, browser = usual(story), Browser(client)
    page = open_task(browser, story)
    one = press(browser, page, answers, follow=False)
    entries = len(store.log(story.state))
    for _ in range(3):
        again = press(browser, page, answers, follow=False)
        assert (one.status, again.status) in ((303, 303), (303, 200))
    assert len(store.log(story.state)) == entries
    target = str(one.headers["Location"])
    assert mailed_secret(page) not in target and "/t/" not in target
    page = browser.get(target)
    assert page.status == 200 and ("Recorded" in page.text or "answered on" in page.text)
    if "Recorded" in page.text:
        return  # the task takes more
    # Whoever comes back reads who answered, when and what.
    page = browser.get(page.path.split("?")[0])
    assert page.status == 200 and "This was answered on" in page.text
    shown = parsed(page).xpath("//section[@aria-labelledby='answered']//dd")
    assert shown and "By: " in page.text, page.text
    written = [str(v) for v in answers.values() if isinstance(v, str) and " " in v]
    assert [v for v in written if v not in page.text] == []


@pytest.mark.promise("double-press")
def test_an_old_press_of_a_task_that_takes_many_is_known_after_a_newer_one(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "service")
    browser = Browser(client)
    moved = {"happened": "move", "next_time": "10:00", "next_mode": "virtual"}
    first, second = (moved | {"next_day": day_of(harness.world.at + n * 86400)} for n in (3, 4))
    page = open_task(browser, story)
    assert press(browser, page, first, follow=False).status == 303
    assert press(browser, open_task(browser, story), second, follow=False).status == 303
    entries = len(store.log(story.state))
    press(browser, page, first, follow=False)
    assert len(store.log(story.state)) == entries


def mailed_secret(page: Page) -> str:
    """The part of a link that only its holder knows."""
    found = page.path.rpartition("-")[2]
    return found if page.path.startswith("/t/") else "nothing"


@pytest.mark.promise("two-people-one-link", "answer-once")
def test_two_people_hold_one_link_and_the_second_sees_the_first_answer(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    one, other = Browser(client), Browser(client)
    first_page, second_page = open_task(one, story), open_task(other, story)
    assert press(one, first_page, ACCEPTED).status == 200
    declined = {"decision": "decline", "decline_reason": "no_time"}
    page = press(other, second_page, declined)
    assert page.status == 200 and "This was answered on" in page.text
    assert story.state.status == "matched"
    types = [e.event for e in store.log(story.state)]
    assert types.count("offer_answered") == 1


@pytest.mark.promise("stale-page")
def test_a_tab_from_days_ago_decides_nothing_and_keeps_what_was_typed(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "triage")
    browser = Browser(client)
    page = open_task(browser, story)
    harness.world.at += 12 * 3600 + 1
    answers = {"talked": "phone", "decision": "confirm", "note": "They waited long"}
    late = press(browser, page, answers)
    assert late.status == 422 and "They waited long" in late.body
    assert unused(story, number(story))
    assert press(browser, late, answers).status == 200


@pytest.mark.promise("stale-page")
def test_back_and_another_answer_after_the_first_shows_the_first(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    browser = Browser(client)
    page = open_task(browser, story)
    press(browser, page, ACCEPTED)
    harness.settle()
    changed = press(browser, page, {"decision": "decline", "decline_reason": "no_time"})
    assert changed.status == 200 and "This was answered on" in changed.text
    assert "was not recorded: there was an answer already" in changed.text
    assert story.state.consultant and story.state.status == "matched"


def test_the_box_must_be_ticked_before_details_are_shown(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "triage")
    link, browser = mailed(story), Browser(client)
    browser.get(f"/t/{link}")
    for answers in ({}, {"mine": "no"}, {"mine": ["yes", "yes"]}):
        page = browser.post(f"/t/{link}/open", answers)
        assert page.status == 422 and "Ana Demo" not in page.body
    page = inside(browser, link)
    assert page.path == f"/task/{story.reference}/{number(story)}"
    assert "Ana Demo" in page.text and "ana@example.org" in page.body


@pytest.mark.promise("link-bound-to-task")
@pytest.mark.parametrize("kind", KINDS)
def test_the_page_with_details_needs_the_cookie_of_this_task(
    client: Client, harness: LifecycleHarness, kind: str
) -> None:
    story = asked(harness, kind)
    path = f"/task/{story.reference}/{number(story)}"
    page = Browser(client).get(path)
    assert page.status == 404
    holder = Browser(client)
    inside(holder, mailed(story))
    assert holder.get(path).status == 200
    for other in (f"/task/{story.reference}/{number(story) + 1}", "/task/0QXP-0SBS-4/1"):
        holder.own[other] = dict(holder.own[path])  # whoever carries it there
        assert holder.get(other).status == 404
    good = holder.own[path]["task"]
    holder.own[path]["task"] = good[:-1] + ("a" if good[-1] != "a" else "e")
    assert holder.get(path).status == 404


@pytest.mark.promise("known-browser-goes-in")
def test_a_known_browser_and_staff_who_are_signed_in_are_not_asked_whose_message_it_was(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "plan")
    known, stranger, link = Browser(client), Browser(client), mailed(story)
    inside(known, link)
    again, other = known.get(f"/t/{link}"), stranger.get(f"/t/{link}")
    assert again.path == f"/task/{story.reference}/{number(story)}" and "mine" not in again.names
    assert "mine" in other.names
    assert "Demo Center" in again.text and "Demo Center" not in other.text
    call = harness.submit()
    staff = signed_in(harness.world, client, "specialist")
    page = staff.get(f"/t/{mailed(call)}")
    assert page.path == f"/task/{call.reference}/1" and "mine" not in page.names
    assert "Demo Center" in page.text and "talked" in page.names


@pytest.mark.promise("tasks-side-by-side")
def test_several_tasks_stand_open_in_several_tabs_of_one_browser(
    client: Client, harness: LifecycleHarness
) -> None:
    one, other = at(harness, "triage"), harness.submit()
    browser = Browser(client)
    pages = [open_task(browser, story) for story in (one, other)]
    # Back to the first: it is there, and what is typed into either is sent for that one.
    again = browser.get(pages[0].path)
    assert again.status == 200 and one.reference in again.text
    assert press(browser, again, {"note": "Half a note", "_keep": "1"}).status == 200
    assert browser.page.path.startswith(pages[0].path) and "Half a note" in browser.page.body
    for story, page in zip((one, other), pages, strict=True):
        told = {name: v if isinstance(v, list) else str(v) for name, v in usual(story).items()}
        sent = press(browser, page, told)
        assert sent.status == 200 and story.reference in sent.text, sent.text
        assert story.asks != "triage" or story.state.task is None
    for path in browser.own:
        assert path.startswith("/task/") and "task" not in browser.cookies_for("/t/x")


@pytest.mark.promise("first-page-neutral", "see-only-what-you-may")
def test_a_consultant_who_declined_sees_no_details(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    browser, link = Browser(client), mailed(story)
    page = inside(browser, link)
    assert "Ana Demo" not in page.body, "not before accepting"
    press(browser, page, {"decision": "decline", "decline_reason": "no_time"})
    harness.settle()
    for page in (browser.get(f"/t/{link}"), inside(browser, link)):
        assert page.status == 200 and "Ana Demo" not in page.body


@pytest.mark.promise("first-page-neutral", "see-only-what-you-may")
def test_a_consultant_who_is_not_the_referrals_any_more_sees_no_details(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    browser, link = Browser(client), mailed(story)
    press(browser, open_task(browser, story), ACCEPTED)
    harness.settle()
    assert "ana@example.org" in inside(browser, link).body
    row = {"pk": f"R#{story.reference}", "sk": "REFERRAL"}
    harness.world.table.update_item(
        Key=row,
        UpdateExpression="SET consultant = :other",
        ExpressionAttributeValues={":other": "dana-kim"},
    )
    page = inside(browser, link)
    assert page.status == 200
    assert "ana@example.org" not in page.body and "Ana Demo" not in page.body


@pytest.mark.promise("press-needs-choice-and-nonce")
@pytest.mark.parametrize("nonce", ["", "missing", "foreign", "old", "made up", "twice"])
def test_without_a_nonce_of_this_form_nothing_is_decided(
    client: Client, harness: LifecycleHarness, nonce: str
) -> None:
    story = asked(harness, "offer")
    browser = Browser(client)
    page = open_task(browser, story)
    good = page.hidden["_nonce"]
    sent: dict[str, Any] = dict(ACCEPTED)
    if nonce == "foreign":
        other = open_task(Browser(client), harness.submit())
        sent["_nonce"] = other.hidden["_nonce"]
    elif nonce == "old":
        from chalicelib.web import links

        subject, then = f"{story.reference}|{number(story)}", harness.world.at - 12 * 3600 - 1
        sent["_nonce"] = f"{links.nonce(subject, then)}.{good.partition('.')[2]}"
    elif nonce == "made up":
        sent["_nonce"] = good[:-1] + ("a" if good[-1] != "a" else "b")
    elif nonce == "twice":
        sent["_nonce"] = [good, good + "x"]
    elif nonce == "":
        sent["_nonce"] = ""
    answer = browser.post(page.path, sent)
    assert answer.status in (400, 422)
    assert unused(story, number(story)) and story.state.status == "match_proposed"


@pytest.mark.promise("press-needs-choice-and-nonce")
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://network.test.evil.example", "sec-fetch-site": "same-origin"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
    ],
)
def test_a_press_from_another_site_decides_nothing(
    client: Client, harness: LifecycleHarness, headers: dict[str, str]
) -> None:
    story = asked(harness, "offer")
    browser = Browser(client)
    page = open_task(browser, story)
    body = f"decision=accept&_nonce={page.hidden['_nonce']}".encode()
    for path in (page.path, page.path + "/open", page.path + "/fresh"):
        answer = browser.send("POST", path, body, {"content-type": FORM, **headers})
        assert answer.status == 403
    assert story.state.status == "match_proposed" and story.state.task is not None


@pytest.mark.promise("language-switch-keeps-text")
@pytest.mark.parametrize("kind", KINDS)
def test_every_task_page_speaks_both_languages_and_a_switch_keeps_what_is_typed(
    client: Client, harness: LifecycleHarness, kind: str
) -> None:
    story = asked(harness, kind)
    n, browser = number(story), Browser(client, "es")
    page = open_task(browser, story)
    assert page.lang == "es"
    answers = {name: v if isinstance(v, list) else str(v) for name, v in usual(story).items()}
    switched = press(browser, page, answers | {"_switch": "en"})
    assert switched.status == 200 and switched.lang == "en" and switched.heading != page.heading
    typed = [v for v in answers.values() if isinstance(v, str) and len(v) > 8]
    assert all(v in switched.body for v in typed)
    assert unused(story, n)


@pytest.mark.promise("see-only-what-you-may")
def test_a_consultant_sees_no_details_of_a_request_that_was_taken_back(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    browser, link = Browser(client), mailed(story)
    press(browser, open_task(browser, story), ACCEPTED)
    harness.settle()
    story.withdraws()
    page = inside(browser, link)
    assert "answered on" in page.text and not sings(HIDDEN, page.body)


def test_what_is_over_says_so_and_shows_nothing(client: Client, harness: LifecycleHarness) -> None:
    story = at(harness, "offer")
    link = mailed(story)
    story.withdraws()
    browser = Browser(client)
    for page in (browser.get(f"/t/{link}"), inside(browser, link)):
        assert page.status == 200 and "not needed anymore" in page.text
        assert not sings(HIDDEN, page.body)
    late = browser.post(f"/t/{link}", ACCEPTED)
    assert late.status == 200 and story.state.status == "withdrawn"


@pytest.mark.promise("offer-says-what-decides", "first-page-neutral")
def test_an_offer_says_what_decides_and_what_is_going_on_only_once_they_have_acted(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    browser = Browser(client)
    first_page = browser.get(f"/t/{mailed(story)}")
    assert "4 to 12, as you agree with the provider" in first_page.text
    page = inside(browser, mailed(story))
    for words in ("Behavior that we find challenging", "City", "Good times", "Sessions"):
        assert words in page.text, words
    assert "What is going on" not in first_page.text and "City" not in first_page.text
    assert "Demo Center" not in page.body and "Ana Demo" not in page.body
    known = story.state.model_copy(update={"previous": story.state.consultant})
    facts = dict(offer_facts.neutral(known))
    assert facts["A site that you know"] == ["Yes: you worked with this site before"]
    assert "A site that you know" not in first_page.text


def test_details_are_offered_only_where_there_are_some(
    client: Client, harness: LifecycleHarness
) -> None:
    """A survey has nothing beside its form but what its reader kept; an offer has."""
    page = Browser(client).get(f"/t/{mailed(asked(harness, 'survey'))}")
    assert "See the details" not in page.text and "Show what I kept" in page.text
    page = Browser(client).get(f"/t/{mailed(asked(harness, 'stipend'))}")
    assert "See the details" in page.text


@pytest.mark.parametrize("kind", ["training", "practicum_hours", "call_up_place"])
def test_a_page_to_come_back_to_asks_for_no_answer_by_its_last_day(
    client: Client, harness: LifecycleHarness, kind: str
) -> None:
    page = inside(Browser(client), mailed(asked(harness, kind)))
    assert "You can use this page until" in page.text and "Please answer by" not in page.text
