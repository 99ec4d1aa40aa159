"""Every page of a mailed task in every state that its visit can be in, and every press on it there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, get_args

import pytest
from chalice.test import Client

from chalicelib.directory import people
from chalicelib.domain.errors import AlreadyDone
from chalicelib.mail import email_code
from chalicelib.mail.fresh_links import send_fresh
from chalicelib.referral.model import Referral
from chalicelib.referral.question import SECTIONS
from chalicelib.referral.reopen import reopen
from chalicelib.referral.status.withdraw import withdraw
from chalicelib.routes import CASE, ROUTES
from chalicelib.tasks.link_status import Stand, standing
from chalicelib.web import links
from chalicelib.workflow import tasks
from chalicelib.workflow.cases import Case, Command, Entry
from chalicelib.workflow.pause import pause
from chalicelib.workflow.side_tasks import find
from chalicelib.workflow.storage import store
from tests.episode import cleaned
from tests.web.staff import signed_in
from tests.web.test_status_change import inside as at_status
from tests.workflow.lifecycle import at

from .conftest import Browser, Page
from .kinds import OF_REFERRALS, asked
from .taskpages import LifecycleHarness, Story, form_of, forms, hidden, inside, mailed, usual

pytestmark = pytest.mark.promise("every-page-in-every-state")
KEPT = {"_kept": "1"}
# Whose visits meet every press: one with a code, one that takes many answers, and one beside. The
# others meet those that send their own form.
THOROUGHLY = ("offer", "service", "attention")


@dataclass
class Visitor:
    """Somebody who has opened the page of a task, and what they would answer."""

    story: Story
    browser: Browser
    link: str
    page: Page
    answers: dict[str, Any]
    kind: str

    @property
    def n(self) -> int:
        known = links.read(self.link)
        assert known is not None
        return known.n

    @property
    def stand(self) -> Stand:
        return standing(self.link, self.story.harness.world.at).stand

    def sends(self, more: dict[str, Any]) -> Page:
        """The form as it was shown at first, filled in."""
        form = form_of(self.page)
        sent = hidden(form) | self.answers | more
        return self.browser.post(form.get("action"), sent)


def _nothing(visitor: Visitor) -> None:
    pass


def _kept(visitor: Visitor) -> None:
    visitor.sends({"_keep": "1"})


def _kept_and_answered(visitor: Visitor) -> None:
    visitor.sends({"_keep": "1"})
    visitor.sends(KEPT)


def _answered(visitor: Visitor) -> None:
    visitor.sends({})


def _taken_back(visitor: Visitor) -> None:
    shown = visitor.sends({})
    if 'id="undo"' in shown.body:
        form = form_of(shown, "undo")
        visitor.browser.post(form.get("action"), hidden(form) | {"back": "yes"})


def _answered_by_another(visitor: Visitor) -> None:
    story, at = visitor.story, visitor.story.harness.world.at
    view = find(story.state, visitor.n) or story.state
    assert isinstance(view, Referral) and view.task is not None
    values = cleaned(view, view.task.kind, visitor.answers).values
    with suppress(AlreadyDone):
        tasks.answer(story.reference, visitor.n, values, "staff:sam-lead", "another", at)


def _link_ended(visitor: Visitor) -> None:
    known = links.read(visitor.link)
    assert known is not None
    visitor.story.harness.world.at = known.expires + 1


def _time_over(visitor: Visitor) -> None:
    _link_ended(visitor)
    visitor.story.harness.run_scheduler()


def _withdrawn(visitor: Visitor) -> None:
    withdraw(visitor.story.reference, "", "withdrawn")


def _reopened(visitor: Visitor) -> None:
    _withdrawn(visitor)
    visitor.story.harness.settle()
    at = visitor.story.harness.world.at
    reopen(visitor.story.reference, "not_finished", "provider", "reopened", at)


def _superseded(visitor: Visitor) -> None:
    send_fresh(visitor.story.reference, visitor.n, void_older=True)


def _given_to_another(visitor: Visitor) -> None:
    def decide(state: Case) -> Command | None:
        if state.task is None or state.task.number != visitor.n:
            return None
        other = "ben-okafor" if state.task.role == "consultant" else "nina-north"
        at = visitor.story.harness.world.at
        moved = state.task.given_to(other)
        return Entry(event="task_taken", at=at, actor="x", command="y", changes={"task": moved}), ()

    store.change(visitor.story.reference, decide)


def _paused(visitor: Visitor) -> None:
    def decide(state: Case) -> Command | None:
        if not state.open or state.pause is not None:
            return None
        at = visitor.story.harness.world.at
        held = pause(state, "paused_by_site", "site_asked", at, at + 86400)
        return Entry(event="paused", at=at, actor="x", command="y", changes=held), ()

    store.change(visitor.story.reference, decide)


# What may happen to a task after somebody opened its page, and where it may stand then.
HAPPENS: dict[str, tuple[Callable[[Visitor], None], set[Stand]]] = {
    "fresh": (_nothing, {"open"}),
    "kept": (_kept, {"open"}),
    "kept, then answered": (_kept_and_answered, {"answered", "open"}),
    "answered by me": (_answered, {"answered", "open"}),
    "answered by me, and taken back": (_taken_back, {"open", "answered"}),
    "answered by another": (_answered_by_another, {"answered", "open"}),
    "the link ended": (_link_ended, {"expired"}),
    "the time is over": (_time_over, {"expired", "over", "answered", "elsewhere"}),
    "withdrawn": (_withdrawn, {"over", "open", "expired"}),
    "withdrawn and reopened": (_reopened, {"over", "open", "elsewhere"}),
    "a newer link": (_superseded, {"superseded", "open"}),
    "somebody else has it": (_given_to_another, {"elsewhere", "superseded", "open"}),
    "paused": (_paused, {"open"}),
}
SAID = ("recorded", "kept", "taken", "next")


def test_every_stand_of_a_link_is_among_them() -> None:
    assert {one for _, stands in HAPPENS.values() for one in stands} | {"unknown"} == set(
        get_args(Stand)
    )


def opens(harness: LifecycleHarness, client: Client, kind: str) -> Visitor:
    story = asked(harness, kind)
    answers = {k: v if isinstance(v, list) else str(v) for k, v in usual(story).items()}
    browser, link = Browser(client), mailed(story)
    return Visitor(story, browser, link, inside(browser, link), answers, kind)


def presses(visitor: Visitor, now: Page) -> list[tuple[str, dict[str, Any]]]:
    """Every form of the page as it was and as it is: filled in, kept, kept before, and bare."""
    form = form_of(visitor.page)
    action, own = str(form.get("action")), hidden(form)
    found = [(action, own | visitor.answers | more) for more in ({"_keep": "1"}, KEPT, KEPT)]
    if visitor.kind not in THOROUGHLY:
        return found
    found += [(action, {}), (action, own | {"_switch": "es"}), (action, own | {"_code": "1"})]
    found.append((f"/t/{visitor.link}", own | visitor.answers | KEPT))
    for method, path, sent in forms(now):
        found += [(path, dict(pairs)) for pairs in sent if method == "POST"]
    for where in (action, f"/t/{visitor.link}"):
        found.append((f"{where}/open", own | visitor.answers | {"mine": "yes"}))
        found.append((f"{where}/undo", own | {"back": "yes"}))
        found.append((f"{where}/safety", own | {"protocol": "other", "completed": "no"}))
    found.append((f"/t/{visitor.link}/fresh", own))
    return found


@pytest.mark.parametrize("kind", OF_REFERRALS)
def test_no_press_on_any_page_of_a_visit_ends_in_an_error_of_ours(
    client: Client, harness: LifecycleHarness, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email_code.time, "sleep", lambda seconds: None)
    visitor = opens(harness, client, kind)
    harness.settle()
    begun = harness.snapshot(visitor.story)
    known = deepcopy((visitor.browser.cookies, visitor.browser.own))
    for name, (happens, stands) in HAPPENS.items():
        harness.restore(begun)
        people.forget()
        visitor.browser.cookies, visitor.browser.own = deepcopy(known)
        happens(visitor)
        harness.settle()
        assert visitor.stand in stands, (name, visitor.stand)
        seen = [Browser(client).get(f"/t/{visitor.link}"), visitor.browser.get(visitor.page.path)]
        said = SAID if kind in THOROUGHLY else SAID[:1]
        seen += [visitor.browser.get(f"{visitor.page.path}?{one}=yes") for one in said]
        for path, sent in presses(visitor, seen[1]):
            seen.append(visitor.browser.post(path, sent, follow=False))
            assert seen[-1].status < 500, (name, path, sent, seen[-1].text[:300])
        assert all(page.status < 500 for page in seen), (name, [page.status for page in seen])


# -- the pages of a request, for its provider and for staff, at every moment -------------------------
OF_CASE = [
    route.path
    for route in ROUTES
    if route.method == "GET"
    and route.path.startswith((CASE, "/status"))
    and "{n}" not in route.path
]
ENDS: dict[str, Callable[[Visitor], None]] = {
    "": _nothing, "withdrawn": _withdrawn, "reopened": _reopened, "paused": _paused,
}  # fmt: skip


def everywhere(client: Client, story: Story) -> list[tuple[Browser, str]]:
    """Every page of a request, and who may look at it."""
    world = story.harness.world
    ana, sam = at_status(client, story), signed_in(world, client, "supervisor")
    found = []
    for path in OF_CASE:
        browser = ana if path.startswith("/status") else sam
        for slug in SECTIONS if "{slug}" in path else [""]:
            found.append(
                (browser, path.format(reference=story.reference, slug=slug, paper="answers"))
            )
    return found


@pytest.mark.parametrize("moment", ["offer", "second session", "survey"])
def test_no_press_on_the_pages_of_a_request_ends_in_an_error_of_ours(
    client: Client, harness: LifecycleHarness, moment: str
) -> None:
    story = at(harness, moment)
    visitor = Visitor(story, Browser(client), mailed(story), Page(200, {}, "", ""), {}, story.asks)
    begun, before = harness.snapshot(story), []
    for name, happens in ENDS.items():
        harness.restore(begun)
        happens(visitor)
        harness.settle()
        for browser, path in everywhere(client, story):
            page = browser.get(path)
            assert page.status < 500, (name, path, page.text[:300])
            if page.path == path:
                before += [(path, one) for one in forms(page) if one[0] == "POST"]
        # The forms of this state, and those of the states before, bare as a program sends them.
        whose = {path: browser for browser, path in everywhere(client, story)}
        for path, (_, action, buttons) in before:
            for pairs in buttons:
                page = whose[path].post(action, dict(pairs), follow=False)
                assert page.status < 500, (name, action, pairs, page.text[:300])
