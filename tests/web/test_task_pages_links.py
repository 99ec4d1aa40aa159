"""Links that are old, newer, mangled, unknown, or made with another key."""

from __future__ import annotations

import json
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.mail.fresh_links import send_fresh
from chalicelib.web import links
from infra.answers import ACCEPTED
from tests.conftest import ENVIRONMENT, LINK_KEYS
from tests.workflow.lifecycle import LifecycleHarness, Story
from tests.world import World

from .conftest import Browser, Page
from .taskpages import (
    KINDS,
    asked,
    form_of,
    hidden,
    inside,
    mailed,
    open_task,
    press,
    prove,
    renew,
    rows,
    usual,
)

PERSONAL = ("Ana Demo", "ana@example.org", "Demo Center", "challenging", "Sofia", "sofia-south")


def personal(page: Page) -> list[str]:
    return [words for words in PERSONAL if words in page.body]


def link_for(story: Story, expires: int, number: int = 1) -> str:
    task = story.state.task
    assert task is not None
    return links.mint(story.reference, task.number, number, expires)


def body(page: Page) -> str:
    """A page without what differs from request to request."""
    return page.body


@pytest.mark.promise("superseded-link")
@pytest.mark.parametrize("kind", KINDS)
def test_a_link_that_a_newer_one_replaced_is_polite_and_shows_nothing(
    client: Client, harness: LifecycleHarness, kind: str
) -> None:
    story = asked(harness, kind)
    old = mailed(story)
    browser = Browser(client)
    page = open_task(browser, story)
    task = story.state.task
    assert task is not None
    send_fresh(story.reference, task.number, void_older=True)
    harness.settle()
    assert mailed(story) != old
    before = rows(harness.world)
    shown = [browser.get(f"/t/{old}"), inside(browser, old), browser.get(page.path)]
    shown.append(browser.post(f"/t/{old}", {"decision": "accept"}))
    for page in shown:
        assert page.status in (404, 410) and not personal(page)
    assert rows(harness.world) == before
    assert Browser(client).get(f"/t/{mailed(story)}").status == 200


@pytest.mark.promise("link-expires-to-the-second")
@pytest.mark.parametrize(("late", "status"), [(-1, 200), (0, 410), (1, 410)])
def test_a_link_ends_at_its_second_by_our_clock(
    client: Client, harness: LifecycleHarness, late: int, status: int
) -> None:
    story = asked(harness, "offer")
    link = link_for(story, harness.world.at + 3600)
    browser = Browser(client)
    page = browser.get(f"/t/{link}")
    harness.world.at += 3600 + late
    assert browser.get(f"/t/{link}").status == status
    answer = press(browser, page, ACCEPTED, follow=False)
    assert answer.status == (303 if status == 200 else 410)
    assert (story.state.status == "matched") is (status == 200)


@pytest.mark.promise("session-by-link")
def test_the_letter_of_the_page_for_every_session_opens_it_for_all_of_them(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "service")
    link, task = mailed(story), story.state.task
    assert task is not None
    for at, status in ((harness.world.at + 40 * 86400, 200), (task.expires, 410)):
        harness.world.at = at
        assert Browser(client).get(f"/t/{link}").status == status


@pytest.mark.promise("link-expires-to-the-second", "timeout-races-answer")
@pytest.mark.parametrize(("late", "taken"), [(-1, True), (0, False), (1, False)])
def test_a_task_ends_at_its_second_whatever_the_link_says(
    client: Client, harness: LifecycleHarness, late: int, taken: bool
) -> None:
    story = asked(harness, "offer")
    task = story.state.task
    assert task is not None
    link = link_for(story, task.expires + 86400)
    browser = Browser(client)
    harness.world.at = task.expires - 3600
    page = browser.get(f"/t/{link}")
    harness.world.at = task.expires + late
    press(browser, page, ACCEPTED)
    assert (story.state.status == "matched") is taken


@pytest.mark.promise("timeout-races-answer")
def test_an_answer_beside_the_clock_leaves_one_outcome(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    task = story.state.task
    assert task is not None
    browser = Browser(client)
    harness.world.at = task.expires - 1
    link = link_for(story, task.expires + 86400)
    page = browser.get(f"/t/{link}")
    harness.world.at = task.expires
    harness.run_scheduler()
    late = press(browser, page, ACCEPTED)
    assert late.status == 200 and "not needed anymore" in late.text
    assert task.assignee in story.state.declined and story.state.consultant != task.assignee


@pytest.mark.promise("answered-page-tells", "link-expires-to-the-second")
@pytest.mark.parametrize(
    "kind", ["triage", "agreement", "plan", "fix_contact", "application_offer"]
)
def test_an_answered_link_that_has_ended_still_tells_who_answered_when_and_what(
    client: Client, harness: LifecycleHarness, kind: str
) -> None:
    story = asked(harness, kind)
    said, browser = usual(story), Browser(client)
    link = mailed(story)
    press(browser, inside(browser, link), said)
    harness.settle()
    harness.world.at += 400 * 86400
    stranger = Browser(client)
    page = stranger.get(f"/t/{link}")
    assert page.status == 200 and "This was answered on" in page.text, page.text
    assert not personal(page)
    page = stranger.post(f"/t/{link}/open", {"mine": "yes"})
    assert "_code" in page.names, "an ended link shows what was said to its owner alone"
    page = prove(stranger, page)
    assert "By: " in page.text and page.status == 200, page.text
    assert ("(Provider)" in page.text) is (kind == "agreement"), "an applicant is none"


@pytest.mark.promise("link-expires-to-the-second", "fresh-link")
def test_an_ended_link_mails_a_fresh_one_to_the_address_on_file_only(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "triage")
    old = link_for(story, harness.world.at + 60)
    harness.world.at += 61
    harness.world.mails.clear()
    page = Browser(client).get(f"/t/{old}")
    assert page.status == 410 and not personal(page)
    own = hidden(form_of(page, "fresh"))
    for foreign in ({}, own | {"_nonce": links.nonce("fresh|another", harness.world.at)}):
        assert Browser(client).post(f"/t/{old}/fresh", foreign).status == 410
        harness.settle()
    assert not harness.world.mails, "only a press on the page of the link sends one"
    thief = {"email": "thief@example.org", "to": "x@y.z"}
    sent = Browser(client).post(f"/t/{old}/fresh", own | thief)
    harness.settle()
    assert sent.status == 200 and not personal(sent)
    assert [m.to for m in harness.world.mails] == ["sofia-south@example.org"]
    assert Browser(client).get(f"/t/{mailed(story)}").status == 200


@pytest.mark.promise("known-and-unknown-alike", "few-letters-to-strangers")
def test_a_fresh_link_comes_three_times_an_hour_at_most_and_nobody_is_told(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "triage")
    link = link_for(story, harness.world.at + 60)
    harness.world.mails.clear()
    harness.world.at += 61
    pages = []
    for _ in range(8):
        pages.append(renew(Browser(client), link))
        harness.settle()
        harness.world.at += 60
    assert len(harness.world.mails) == 3
    assert len({body(page) for page in pages}) == 1
    harness.world.at += 3600
    renew(Browser(client), link)
    harness.settle()
    assert len(harness.world.mails) == 4


@pytest.mark.promise("known-and-unknown-alike")
def test_asking_for_a_fresh_link_tells_nothing_that_its_page_does_not(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    good = mailed(story)
    head, _, mac = good.rpartition("-")
    elsewhere = links.mint("0QXP-0SBS-4", 1, 1, harness.world.at + 3600)
    past = links.mint(story.reference, 99, 1, harness.world.at + 3600)
    odd = [head + "-" + "a" * 26, elsewhere, past, "x", "t" * 300, mac]
    unknown = [Browser(client).post(f"/t/{link}/fresh", {}) for link in odd]
    assert len({body(page) for page in unknown}) == 1
    assert unknown[0].status == 404 and body(Browser(client).get("/t/x")) == body(unknown[0])
    ended = link_for(story, harness.world.at + 60)
    harness.world.at += 61
    later = Browser(client)
    offered = hidden(form_of(later.get(f"/t/{ended}"), "fresh"))
    asked_for = renew(Browser(client), ended)
    story.says(**ACCEPTED)
    too_late = later.post(f"/t/{ended}/fresh", offered)
    assert asked_for.status == too_late.status == 200 and body(asked_for) == body(too_late)
    harness.world.mails.clear()
    harness.settle()
    assert {m.to for m in harness.world.mails} <= {f"{story.state.consultant}@example.org"}


@pytest.mark.promise("link-secrets", "mangled-link")
def test_every_unknown_link_gets_the_same_page(client: Client, harness: LifecycleHarness) -> None:
    story = asked(harness, "offer")
    good = mailed(story)
    parts = good.split("-")
    forged = ["-".join([*parts[:-1], "a" * 26])]  # a wrong secret
    forged += ["-".join(p if i != j else other for j, p in enumerate(parts))
               for i, other in ((0, "0qxp0sbs4"), (1, "7"), (2, "2"), (3, "ffffffff"), (4, "z"))]  # fmt: skip
    forged += ["x", "a-b-c", "0" * 200, "%00", "..", "-", "%F0%9F%98%80", good[:-5], good + "aa"]
    pages = [Browser(client).get(f"/t/{link}") for link in forged]
    assert {page.status for page in pages} == {404}, [(p.path, p.status) for p in pages]
    assert len({body(page) for page in pages}) == 1
    assert not personal(pages[0]) and "1-877-524-2422" in pages[0].text


@pytest.mark.promise("mangled-link")
@pytest.mark.parametrize(
    "mangle",
    [
        lambda link: link.upper(),
        lambda link: link.title(),
        lambda link: link + ".",
        lambda link: link + ",",
        lambda link: link + ">",
        lambda link: link + ")",
        lambda link: link + "%3E",
        lambda link: link + "%22",
        lambda link: link + "%20",
        lambda link: link[:30] + "%20" + link[30:],
        lambda link: link[:30] + "%0D%0A" + link[30:],
        lambda link: link[:30] + "=%0D%0A" + link[30:],
        lambda link: "=3D" + link,
        lambda link: link[:30] + "=" + link[30:],
    ],
    ids=["upper", "title", "dot", "comma", "angle", "bracket", "%3E", "quote", "space",
         "wrapped by a space", "wrapped", "soft line break", "=3D", "equals"],
)  # fmt: skip
def test_a_link_that_a_mail_program_mangled_opens_its_task(
    client: Client, harness: LifecycleHarness, mangle: Any
) -> None:
    story = asked(harness, "offer")
    browser = Browser(client)
    page = browser.get(f"/t/{mangle(mailed(story))}")
    assert page.status == 200 and story.reference in page.text
    assert press(browser, page, ACCEPTED).status == 200
    assert story.state.status == "matched"


@pytest.mark.promise("mangled-link")
@pytest.mark.parametrize("cut", [1, 5, 20, 40])
def test_a_link_that_was_cut_off_says_so_without_telling_more(
    client: Client, harness: LifecycleHarness, cut: int
) -> None:
    story = asked(harness, "offer")
    page = Browser(client).get(f"/t/{mailed(story)[:-cut]}")
    assert page.status == 404 and "cut off" in page.text
    assert story.reference not in page.text and not personal(page)


def rotate(world: World, keys: dict[str, str]) -> None:
    world.aws.secrets[ENVIRONMENT["LINK_KEYS_SECRET"]] = json.dumps(keys)
    links.forget_keys()


@pytest.mark.promise("link-key-rotated")
def test_after_a_rotation_old_links_work_until_they_end_and_new_ones_use_the_new_key(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "offer")
    old, browser = mailed(story), Browser(client)
    page = browser.get(f"/t/{old}")
    rotate(harness.world, {"current": "b", "a": str(LINK_KEYS["a"]), "b": "7c" * 32})
    assert Browser(client).get(f"/t/{old}").status == 200
    task = story.state.task
    assert task is not None and send_fresh(story.reference, task.number)
    harness.settle()
    new = mailed(story)
    assert new.split("-")[4] == "b" and old.split("-")[4] == "a"
    assert Browser(client).get(f"/t/{new}").status == 200
    assert press(browser, page, ACCEPTED).status == 200, "a form from before the rotation is good"


@pytest.mark.promise("link-key-rotated")
def test_a_key_that_is_gone_opens_nothing_more(client: Client, harness: LifecycleHarness) -> None:
    story = asked(harness, "offer")
    old = mailed(story)
    rotate(harness.world, {"current": "b", "b": "7c" * 32})
    page = Browser(client).get(f"/t/{old}")
    assert page.status == 404 and not personal(page)


@pytest.mark.promise("link-secrets")
def test_a_link_carries_128_bits_that_stand_nowhere_in_the_table(harness: LifecycleHarness) -> None:
    story = asked(harness, "offer")
    secret = mailed(story).rpartition("-")[2]
    assert len(secret) == 26  # 128 bits in base 32
    assert secret not in str(rows(harness.world))
    assert secret not in str([(r.input, r.output, r.data) for r in harness.engine.runs.values()])
