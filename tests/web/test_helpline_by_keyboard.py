"""A call-taker with a headset: from the search to the saved call by keyboard alone, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chalice.test import Client
from playwright.sync_api import Page, Route

from tests.e2e.visitor import chromium
from tests.web.staff import signed_in
from tests.web.test_helpline import CALL, kept
from tests.world import World

pytestmark = pytest.mark.promise("helpline-short-call")
MOST = 14
SITE = "https://network.test"


class Keyboard:
    """Presses keys, and counts those that are no typed text."""

    def __init__(self, page: Page) -> None:
        self.page, self.strokes = page, 0

    def press(self, key: str, until: str = "") -> None:
        """One stroke; ``until``: again and again until that has the focus."""
        for _ in range(6):
            self.page.keyboard.press(key)
            self.strokes += 1
            if not until or until == self.at:
                return
        raise AssertionError(f"{until} is never reached, {self.at} is")

    def type(self, text: str) -> None:
        """What is typed into a field, or to find an answer in a list."""
        self.page.keyboard.type(text)

    @property
    def at(self) -> str:
        """The name of what has the focus."""
        script = "document.activeElement.name || document.activeElement.localName"
        return str(self.page.evaluate(script))

    def saves(self) -> None:
        """From the county on: the shortest honest call."""
        assert self.at == "county"
        self.type("Fresno")
        self.press("Tab", "language")
        for name, typed in (
            ("role", "Teacher"), ("setting", "Child care c"), ("topic", "Behavior"),
            ("disposition", "Answered"),
        ):  # fmt: skip
            self.press("Tab", name)
            self.type(typed)
        self.press("Tab", "button")
        self.press("Enter")
        self.page.wait_for_selector(".panel.done")


@pytest.fixture(scope="module")
def desk() -> Iterator[Page]:
    """A window of Chromium."""
    with chromium() as browser:
        yield browser.new_context().new_page()


@pytest.fixture
def keys(world: World, client: Client, desk: Page) -> Keyboard:
    """The call-taker's page, answered by the app in this process, before the first stroke."""
    staff = signed_in(world, client, "specialist")

    def answer(route: Route) -> None:
        asked = route.request
        path = asked.url.removeprefix(SITE)
        if asked.method == "POST":
            head = {"content-type": asked.headers["content-type"], "sec-fetch-site": "same-origin"}
            staff.send("POST", path, asked.post_data_buffer or b"", head)
            got = staff.follow()
        else:
            got = staff.get(path)
        kind = str(got.headers.get("Content-Type", "text/html; charset=utf-8"))
        route.fulfill(status=got.status, body=got.body, headers={"content-type": kind})

    desk.unroute("**/*")
    desk.route("**/*", answer)
    desk.goto(SITE + CALL)
    return Keyboard(desk)


def test_an_anonymous_call_is_written_down_in_fourteen_strokes(
    world: World, keys: Keyboard
) -> None:
    keys.saves()
    (one,) = kept(world)
    assert (one.county, one.role, one.setting) == ("fresno", "teacher", "center")
    assert (one.topics, one.disposition) == (("challenging_behavior",), "resolved_on_contact")
    assert keys.strokes <= MOST


def test_who_is_known_is_searched_chosen_and_saved_in_fourteen_strokes(
    world: World, client: Client, keys: Keyboard
) -> None:
    reference = world.submit(contact_name="Rosa Díaz")
    keys.press("Shift+Tab", "q")
    keys.type("rosa diaz")
    keys.press("Enter")
    keys.page.wait_for_selector("#known-title")
    assert keys.at == "case"
    keys.press("ArrowDown")
    keys.press("Tab", "county")
    keys.saves()
    (one,) = kept(world)
    assert (one.case, one.disposition) == (reference, "resolved_on_contact")
    assert keys.strokes <= MOST
