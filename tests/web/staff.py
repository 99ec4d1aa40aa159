"""Staff with a browser, for tests of the console."""

from __future__ import annotations

from chalice.test import Client

from chalicelib.directory import people
from chalicelib.web import sessions
from tests.web.conftest import Browser, Page
from tests.world import World

PEOPLE = {
    "specialist": "sofia-south",
    "coordinator": "cora-match",
    "supervisor": "sam-lead",
    "admin": "ada-admin",
}


def signed_in(world: World, client: Client, role: str, lang: str = "en", who: str = "") -> Browser:
    """A browser with a session of that role's person, or of ``who``."""
    browser = Browser(client, lang)
    browser.cookies["staff"] = sessions.begin(who or PEOPLE[role], world.at)
    return browser


def becomes(world: World, who: str, **fields: object) -> None:
    """Change a member of staff's row, as an administrator does."""
    row = world.table.get_item(Key={"pk": people.STAFF, "sk": who})["Item"]
    world.table.put_item(Item={**row, **fields})
    people.forget()


def press(browser: Browser, path: str, follow: bool = True, **fields: str | list[str]) -> Page:
    """Send a form of the page at hand, with its nonce."""
    return browser.post(path, {"_nonce": browser.page.nonce(path), **fields}, follow)
