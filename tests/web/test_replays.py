"""A press counts once, for ever: whatever was sent before is sent again, and nothing comes of it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.directory import emergencies, people
from chalicelib.mail import email_code
from chalicelib.referral.records import episode
from chalicelib.referral.safety_flag import OTHER
from chalicelib.web import links
from chalicelib.workflow.storage import store
from infra.answers import TRIAGED
from tests.web.conftest import Browser, Page
from tests.web.staff import press, signed_in
from tests.web.taskpages import (
    form_of,
    hidden,
    inside,
    mailed,
    mailed_about,
    open_task,
    renew,
    rows,
)
from tests.web.taskpages import press as answer
from tests.web.test_consultant_pages import choices, day, row_of
from tests.web.test_my_tasks import link_of, opened
from tests.web.test_status_change import changes
from tests.web.test_status_change import inside as at_status
from tests.workflow.lifecycle import LifecycleHarness, Story, at, usual

pytestmark = pytest.mark.promise("form-good-once", "double-press")
# Rows that stand for something that happened; the rest are counters, codes and sessions.
LASTING = ("R#", people.CONSULTANTS, people.STAFF, emergencies.PK, "RECONCILE", "POST")
WHY = "They told us more about it."


@dataclass
class Tape:
    """Every form that was sent to the app, as it was sent."""

    harness: LifecycleHarness
    send: Callable[..., Any]
    posts: list[dict[str, Any]] = field(default_factory=list)
    again: bool = False

    def request(self, method: str, path: str, **more: Any) -> Any:
        if method == "POST" and not self.again:
            self.posts.append({"path": path, **more})
        return self.send(method, path, **more)

    def happened(self) -> tuple[list[Any], int]:
        """What lasts of all that was pressed: rows, and letters that left because of a case."""
        world = self.harness.world
        self.harness.settle()
        lasting = [row for row in rows(world) if row["pk"].startswith(LASTING)]
        return lasting, len([m for m in world.mails if "v" in m.tags])

    def replay(self, dice: random.Random | None = None) -> None:
        """Send everything again; nothing comes of it, and everybody gets a page."""
        before, posts = self.happened(), list(self.posts)
        if dice is not None:
            dice.shuffle(posts)
        self.again = True
        for post in posts:
            page = self.send("POST", **post)
            assert page.status_code < 500, (post["path"], page.body[:600])
        self.again = False
        now = self.happened()
        assert now == before, difference(before[0], now[0])


def difference(before: list[Any], after: list[Any]) -> list[Any]:
    return [row for row in after if row not in before]


@pytest.fixture
def tape(
    harness: LifecycleHarness, client: Client, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Tape]:
    monkeypatch.setattr(email_code.time, "sleep", lambda seconds: None)
    made = Tape(harness, client.http.request)
    monkeypatch.setattr(client.http, "request", made.request)
    people.forget()
    yield made
    assert made.posts


def log(story: Story) -> list[str]:
    return [entry.event for entry in store.log(story.state)]


def sessions(story: Story) -> list[int]:
    """The minutes of each session that counts."""
    return [one.minutes for one in episode(store.log(story.state)).held]


def sends(browser: Browser, path: str, values: dict[str, Any]) -> Page:
    """Open a page with a form and send it."""
    browser.get(path)
    page = browser.post(path, {**browser.page.hidden, **values})
    assert page.status == 200, (path, page.status, page.errors, page.text[:400])
    return page


def test_a_case_whose_people_change_their_minds(
    tape: Tape, client: Client, harness: LifecycleHarness
) -> None:
    """After each press, every press of before comes again."""
    story = at(harness, "second session")
    world, case = harness.world, f"/console/referrals/{story.reference}"
    cora, ana = signed_in(world, client, "coordinator"), at_status(client, story)
    pauses = {"decision": "yes", "until": day(world, 9)}
    staff_pauses = {"decision": "pause", "why": "paused_by_site:site_asked", "until": day(world, 4)}
    staff_pauses |= {"told_by": "Ana Demo", "told_how": "phone"}
    urgent = {"reason": "learned_in_call", "override_text": WHY}
    old = story.state.consultant

    def hands_on(to: str = "") -> None:
        page = cora.get(f"{case}/consultant")
        new = to or choices(page, "to")[0]
        sends(cora, f"{case}/consultant", {"to": new, "reason": "other", "note": "A note."})

    def sends_again() -> None:
        letter = next(m for m in reversed(world.mails) if m.to == "ana@example.org")
        path = f"{case}/letters/{letter.tags['v']}.{letter.tags['i']}"
        cora.get(case)
        press(cora, path)

    acts: list[tuple[Callable[[], object], str]] = [
        (lambda: sends(ana, "/status/pause", pauses), "paused"),
        (lambda: sends(ana, "/status/resume", {"decision": "yes"}), "resumed"),
        (lambda: sends(cora, f"{case}/pause", staff_pauses), "paused"),
        (lambda: sends(cora, f"{case}/pause", {"decision": "resume"}), "resumed"),
        (lambda: sends(cora, f"{case}/urgency", urgent | {"priority": "stat"}), "urgency_changed"),
        (lambda: sends(cora, f"{case}/urgency", urgent | {"priority": "routine"}),
         "urgency_changed"),
        (lambda: changes(ana, "contact", contact_name="Ana One"), "amended"),
        (lambda: changes(ana, "contact", contact_name="Ana Two"), "amended"),
        (lambda: sends(cora, f"{case}/safety", {"protocol": OTHER, "completed": "no"}),
         "safety_flagged"),
        (hands_on, "reassigned"),
        (lambda: hands_on(old), "reassigned"),
        (sends_again, "letter_sent_again"),
        (lambda: sends(ana, "/status/withdraw", {"decision": "withdraw"}), "withdrawn"),
        (lambda: sends(ana, "/status/reopen", {"decision": "yes", "reason": "not_finished"}),
         "reopened"),
        (lambda: sends(ana, "/status/withdraw", {"decision": "withdraw"}), "withdrawn"),
        (lambda: sends(cora, f"{case}/reopen", {"reason": "closed_by_mistake"}), "reopened"),
    ]  # fmt: skip
    for number, (act, event) in enumerate(acts):
        before = log(story).count(event)
        act()
        harness.settle()
        assert log(story).count(event) == before + 1, (number, event, log(story)[-4:])
        tape.replay()
    tape.replay(random.Random(1))


def test_an_answer_that_is_taken_back_and_given_again(
    tape: Tape, client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "offer")
    browser = Browser(client)
    offered = open_task(browser, story)
    answer(browser, offered, {"decision": "accept"})
    for then in ({"decision": "accept"}, {"decision": "decline", "decline_reason": "no_time"}):
        shown = browser.get(f"/task/{story.reference}/2")
        undo = hidden(form_of(shown, "undo")) | {"back": "yes"}
        again = browser.post(form_of(shown, "undo").get("action"), undo)
        assert "undone" in again.text and story.asks == "offer"
        tape.replay()
        back = answer(browser, offered, {"decision": "accept"})
        assert back.status == 422 and "This page was sent before" in back.text
        assert story.asks == "offer", "the first page is good no more"
        answer(browser, again, then)
        tape.replay()
    tape.replay(random.Random(2))


def test_a_task_that_takes_many_answers(
    tape: Tape, client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "service")
    browser, held = Browser(client), {k: str(v) for k, v in usual(story).items()}
    first = inside(browser, mailed(story))
    answer(browser, first, held)
    tape.replay()
    assert story.state.sessions is not None and story.state.sessions.held == 1
    # Back, another answer, sent again: it corrects what was sent first.
    changed = answer(browser, first, held | {"minutes": "45"})
    assert changed.status == 200 and "Corrected. Thank you." in changed.text
    assert story.state.sessions.held == 1 and sessions(story) == [45]
    tape.replay()
    # The first press again changes nothing back.
    again = answer(browser, first, held)
    assert again.status == 422 and "This page was sent before" in again.text
    tape.replay(random.Random(3))
    assert sessions(story) == [45]


def test_a_task_beside_and_who_takes_a_task(
    tape: Tape, client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "triage")
    world, case = harness.world, f"/console/referrals/{story.reference}"
    sam, sofia = signed_in(world, client, "supervisor"), signed_in(world, client, "specialist")
    for browser in (sam, sofia, sam):
        browser.get(case)
        press(browser, f"{case}/task", n="1")
        assert browser.page.path.startswith("/task/")
        tape.replay()
    assert log(story).count("task_taken") == 3
    sends(sam, f"{case}/safety", {"protocol": OTHER, "completed": "no"})
    (n,) = story.state.side_tasks
    harness.settle()
    lead, link = Browser(client), mailed_about(story, n)[-1]
    page = inside(lead, link)
    answer(lead, page, {"talked": "phone", "outcome": "no_concern"})
    assert story.state.side_tasks == []
    tape.replay(random.Random(5))


def test_letters_that_are_sent_again_by_their_readers(
    tape: Tape, client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "agreement")
    world, ana = harness.world, at_status(client, story)
    for _ in range(2):
        shown = ana.get("/status/view")
        press(ana, "/status/mail")
        tape.replay()
        world.at += 60
        ana = at_status(client, story)
    assert log(story).count("link_renewed") == 2, shown.text
    known = links.read(mailed(story))
    assert known is not None
    # A link of this task lasts as long as the task does: one that a letter carried before that was so.
    ended = links.mint(known.reference, known.n, known.number, world.at - 1)
    renew(Browser(client), ended)
    assert log(story).count("link_renewed") == 3
    world.at += 60
    tape.replay()
    tape.replay(random.Random(3))


def test_the_directory_the_emergencies_and_the_house(
    tape: Tape, client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "first_contact")
    world, who = harness.world, story.state.consultant
    cora, ada = signed_in(world, client, "coordinator"), signed_in(world, client, "admin")
    page, own = f"/console/consultants/{who}", Browser(client)
    for act in ("pause", "take", "pause", "take"):
        cora.get(page)
        press(cora, page, act=act)
        tape.replay()
    leave = {"what": "leave", "leave_from": day(world, 1), "leave_until": day(world, 9)}
    sends(cora, f"{page}", {"act": "pause"})
    cora.get(page)
    press(cora, f"{page}/away", **leave, note="A note.", **{row_of(story.reference): "keep"})
    tape.replay()
    cora.get(page)
    press(cora, page, act="return")
    tape.replay()
    opened(own, link_of(harness, who))
    for wish in ("resume", "pause", "resume"):
        own.get("/mine/offers")
        press(own, "/mine/offers", offers=wish)
        tape.replay()
    declared = {"counties": "butte", "reason": "disaster", "until": day(world, 5), "note": WHY}
    for _ in range(2):
        sends(ada, "/console/emergencies", declared)
        (one,) = [e for e in emergencies.all_of_them() if e.in_force(world.at)]
        tape.replay()
        world.at += 1
        sends(ada, f"/console/emergencies/{one.id}", {"note": WHY})
        tape.replay()
    tape.replay(random.Random(4))


def test_what_staff_write_down_for_somebody_and_take_out(
    tape: Tape, client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "offer")
    world, case = harness.world, f"/console/referrals/{story.reference}"
    cora, sam = signed_in(world, client, "coordinator"), signed_in(world, client, "supervisor")
    told = {"told_by": "Ana Demo", "told_how": "phone"}
    said = {k: str(v) for k, v in usual(story).items()}
    n = story.state.tasks
    sends(cora, f"{case}/behalf/{n}", told | said)
    harness.settle()
    assert story.asks == "first_contact"
    tape.replay()
    words = {"words": "Demo Center", "reason": "other_person", "_go": "do"}
    page = sam.get(f"{case}/redact")
    texts = re.findall(r'name="texts"[^>]*value="([^"]+)"', page.body)
    sam.post(f"{case}/redact", page.hidden | words | {"texts": texts})
    assert "redacted" in log(story)
    tape.replay()
    run = f"/console/runs/referral/{story.reference}-referral-1"
    sam.get(run)
    press(sam, f"{run}/restart", reason="It hung after a deploy.")
    assert story.state.generation == 2
    tape.replay(random.Random(6))


def test_the_house_is_asked_once_for_each_page(
    tape: Tape, client: Client, harness: LifecycleHarness
) -> None:
    at(harness, "triage")
    ada = signed_in(harness.world, client, "admin")
    for path in ("/console/reconcile", "/console/mail"):
        for _ in range(2):
            ada.get(path)
            press(ada, path)
            tape.replay()
            harness.world.at += 90
            tape.replay()


@pytest.mark.parametrize("later", [0, 13 * 3600, 30 * 86400])
def test_a_replay_when_keys_were_rotated_and_days_have_passed(
    tape: Tape, client: Client, harness: LifecycleHarness, later: int
) -> None:
    story = at(harness, "triage")
    browser = Browser(client)
    answer(browser, open_task(browser, story), {k: str(v) for k, v in TRIAGED.items()})
    harness.world.at += later
    links.forget_keys()
    tape.replay()


def test_what_is_kept_for_later_stays_the_newest(
    tape: Tape, client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "first_contact")
    browser, link = Browser(client), mailed(story)
    for note in ("Call before noon", "Call after noon"):
        page = inside(browser, link)
        kept = answer(browser, page, {"note": note, "_keep": "1"})
        assert "Nothing is sent yet" in kept.text
        harness.world.at += 60
        tape.replay()
    assert "Call after noon" in inside(browser, link).body
    older = answer(browser, page, {"note": "Call at noon", "_keep": "1"})
    assert "Nothing is sent yet" in older.text, "the newest page may keep as often as it likes"
