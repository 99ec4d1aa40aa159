"""An answer on a connection that drops, in a real browser on a small phone: it is kept, seen, and sent once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from chalice.test import Client
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, expect

from tests.e2e.visitor import SECONDS, chromium
from tests.web.conftest import Browser
from tests.web.test_my_tasks import link_of, opened
from tests.workflow.lifecycle import LifecycleHarness, Story, at
from tests.workflow.test_reassign import hand, somebody

pytestmark = pytest.mark.promise("kept-on-the-phone")
NOTE = "The family of room two is calmer in the morning"
PHONE: Any = {"width": 360, "height": 740}


class Network:
    """The app of this process behind a real address. ``cuts``: how many posts are taken before their line
    breaks; ``busy``: how many are answered that we are busy."""

    def __init__(self, phone: Browser) -> None:
        self.cuts, self.busy, self.posts = 0, 0, 0
        network, one_at_a_time = self, threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(b"")

            def do_POST(self) -> None:
                self._answer(self.rfile.read(int(self.headers["content-length"])))

            def _answer(self, body: bytes) -> None:
                head = {"sec-fetch-site": "same-origin"}
                if kind := self.headers.get("content-type"):
                    head["content-type"] = kind
                if self.command == "POST":
                    network.posts += 1
                    if network.busy:
                        network.busy -= 1
                        self.send_error(503)
                        return
                with one_at_a_time:
                    got = phone.send(self.command, self.path, body, head)
                if self.command == "POST" and network.cuts:
                    network.cuts -= 1
                    self.connection.close()
                    return
                self.send_response(got.status)
                for name in ("Content-Type", "Location", "Content-Security-Policy"):
                    if name in got.headers:
                        self.send_header(
                            name, str(got.headers[name]).partition("https://")[0] or _path(got)
                        )
                data = got.body.encode()
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        # Of threads: Chromium opens a line before it says anything on it, and would hold up the others.
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def _path(page: Any) -> str:
    return "/" + str(page.headers["Location"]).split("/", 3)[3]


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    expect.set_options(
        timeout=SECONDS * 1000
    )  # the page itself waits five seconds before it tries again
    with chromium() as found:
        yield found


@pytest.fixture
def phone(browser: Chromium) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE)
    context.set_default_timeout(SECONDS * 1000)
    yield context
    context.close()


@pytest.fixture
def story(harness: LifecycleHarness) -> Story:
    found = at(harness, "third session")
    harness.world.at = max(harness.world.at, found.state.appointment or 0)
    return found


@pytest.fixture
def network(client: Client, harness: LifecycleHarness, story: Story) -> Iterator[Network]:
    """The consultant's own browser has opened their list."""
    known = Browser(client)
    opened(known, link_of(harness, story.state.consultant))
    found = Network(known)
    yield found
    found.server.shutdown()
    found.server.server_close()


def typed(phone: BrowserContext, network: Network, story: Story) -> Any:
    """The record of a session, ready to be sent."""
    page = phone.new_page()
    page.goto(f"{network.address}/mine")
    page.locator("a[href*='begin=planned']").click()
    page.locator("input[name=next][value=not_agreed]").check()
    page.locator("textarea[name=note]").fill(NOTE)
    return page


def held(story: Story) -> int:
    sessions = story.state.sessions
    assert sessions is not None
    return sessions.held


def lies_there(page: Any) -> str:
    return str(page.evaluate("JSON.stringify(localStorage)"))


def test_an_answer_without_a_connection_is_kept_unreadable_and_sent_once_there_is_one(
    phone: BrowserContext, network: Network, story: Story
) -> None:
    page, before = typed(phone, network, story), held(story)
    phone.set_offline(True)
    page.get_by_role("button", name="Send my answer").click()
    expect(page.locator("#kept")).to_contain_text("kept on this phone and will be sent")
    assert page.locator("#kept").get_attribute("role") == "status"
    assert page.locator("#kept").bounding_box()["y"] < PHONE["height"], "in sight of the button"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert "sealed" in lies_there(page) and "family" not in lies_there(page)
    assert "note" not in lies_there(page) and held(story) == before
    page.get_by_role("button", name="Send my answer").click()
    phone.set_offline(False)
    page.wait_for_selector("text=Recorded. Thank you.")
    assert held(story) == before + 1 and network.posts == 1
    assert lies_there(page) == "{}"


def test_an_answer_that_arrived_before_the_line_broke_counts_once(
    phone: BrowserContext, network: Network, story: Story
) -> None:
    page, before = typed(phone, network, story), held(story)
    network.cuts = 1
    page.get_by_role("button", name="Send my answer").click()
    page.wait_for_selector("text=Recorded. Thank you.")
    assert network.posts == 2 and held(story) == before + 1 and lies_there(page) == "{}"


def test_an_answer_survives_the_closed_tab_and_is_sent_from_the_list(
    phone: BrowserContext, network: Network, story: Story
) -> None:
    page, before = typed(phone, network, story), held(story)
    phone.set_offline(True)
    page.get_by_role("button", name="Send my answer").click()
    expect(page.locator("#kept")).to_contain_text("kept on this phone")
    page.close()
    phone.set_offline(False)
    page = phone.new_page()
    network.busy = 1
    page.goto(f"{network.address}/mine")
    expect(page.locator(".kept:not(:empty)")).to_contain_text("Sent.")
    assert held(story) == before + 1 and lies_there(page) == "{}"


def test_what_was_typed_is_shown_and_not_lost_where_somebody_else_has_taken_over(
    phone: BrowserContext, network: Network, story: Story
) -> None:
    page, before = typed(phone, network, story), held(story)
    phone.set_offline(True)
    page.get_by_role("button", name="Send my answer").click()
    expect(page.locator("#kept")).to_contain_text("kept on this phone")
    hand(story, somebody(story))
    phone.set_offline(False)
    expect(page.locator("#kept")).to_contain_text("was not recorded")
    expect(page.locator("#kept")).to_contain_text(NOTE)
    assert held(story) == before and "family" not in lies_there(page)
    page.reload()
    expect(page.locator("#kept")).to_contain_text(NOTE)
    page.get_by_role("button", name="Clear it from this phone").click()
    expect(page.locator("#kept")).to_contain_text("Cleared")
    assert lies_there(page) == "{}"


def test_mistakes_come_back_beside_their_fields_as_without_the_script(
    phone: BrowserContext, network: Network, story: Story
) -> None:
    page = typed(phone, network, story)
    page.locator("textarea[name=note]").fill("")
    page.locator("input[name=next]").first.evaluate("one => one.closest('fieldset').remove()")
    page.get_by_role("button", name="Send my answer").click()
    page.wait_for_selector(".errors")
    assert page.evaluate("document.activeElement.className") == "errors"
    assert lies_there(page) == "{}"
    page.locator("input[name=next][value=not_agreed]").check()
    page.locator("textarea[name=note]").fill(NOTE)
    page.get_by_role("button", name="Send my answer").click()
    page.wait_for_selector("text=Recorded. Thank you.")
