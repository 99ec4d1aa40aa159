"""What tests of mailed links share: somebody with a mail and a browser, and a nosy machine."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from bs4 import BeautifulSoup, Tag

from chalicelib.workflow.kinds import kind_of
from tests.workflow.lifecycle import WAY, LifecycleHarness, Story, usual
from tests.world import World

from .conftest import FORM, Browser, Page
from .kinds import KINDS, asked


def mailed(story: Story) -> str:
    """The link in the newest mail about the open task."""
    task = story.state.task
    assert task is not None
    own = f"{story.reference.replace('-', '').lower()}-{task.number}-"
    return next(m.link for m in reversed(story.harness.world.mails) if m.link.startswith(own))


def first(story: Story) -> bool:
    """Whether the form is on the link's first page already."""
    return not kind_of(story.asks).page.shows_details_first


def open_task(browser: Browser, story: Story) -> Page:
    """Follow the mailed link to where the form is."""
    link = mailed(story)
    page = browser.get(f"/t/{link}")
    if page.status == 410:  # it ended: one press for a fresh one
        browser.post(f"/t/{link}/fresh", {})
        story.harness.settle()
        link = mailed(story)
        page = browser.get(f"/t/{link}")
    assert page.status == 200, page.text
    return page if first(story) else inside(browser, link)


def inside(browser: Browser, link: str) -> Page:
    """Say that the message was sent to me, and prove it where that is asked."""
    return prove(browser, browser.post(f"/t/{link}/open", {"mine": "yes"}))


def newest_code() -> str:
    """The digits in the newest mail that carries a code."""
    return next((m.code for m in reversed(World.newest.mails) if m.code), "")


def prove(browser: Browser, page: Page, follow: bool = True) -> Page:
    """Type the mailed code, if that is what the page asks for."""
    if page.status != 200 or "_code" not in page.names:
        return page
    (form,) = BeautifulSoup(page.body, "lxml").find_all("form", id="task")
    hidden = [(str(i["name"]), str(i["value"])) for i in form.find_all("input", type="hidden")]
    answers: dict[str, Any] = {"_code": newest_code()}
    for name, value in hidden:
        answers.setdefault(name, []).append(value)
    return browser.post(str(form["action"]), answers, follow)


def by_the_page(browser_of: Any) -> Any:
    """People answer through their mailed link, each in a browser of their own."""

    theirs: dict[str, Browser] = {}

    def say(story: Story, raw: dict[str, Any]) -> None:
        who = story.state.task.assignee if story.state.task else ""
        browser = theirs.setdefault(who, browser_of())
        page = open_task(browser, story)
        answers = {name: v if isinstance(v, list) else str(v) for name, v in raw.items()}
        page = press(browser, page, answers)
        assert page.status == 200, (page.status, page.errors, page.text[:600])

    return say


def press(browser: Browser, page: Page, answers: dict[str, Any], follow: bool = True) -> Page:
    """Fill in the task's form on a page and send it."""
    soup = BeautifulSoup(page.body, "lxml")
    form = soup.find("form", id="task")
    assert isinstance(form, Tag), page.text
    hidden = {
        str(i["name"]): str(i.get("value", "")) for i in form.find_all("input", type="hidden")
    }
    return prove(browser, browser.post(str(form["action"]), hidden | answers, follow), follow)


def forms(page: Page) -> list[tuple[str, str, list[list[tuple[str, str]]]]]:
    """Every form exactly as rendered: method, action, and the pairs sent by each of its buttons."""
    soup = BeautifulSoup(page.body, "lxml")
    found = []
    for form in soup.find_all("form"):
        pairs = _pairs(form)
        buttons = form.find_all("button")
        if form.get("id"):
            buttons += soup.find_all("button", attrs={"form": form["id"]})
        sent = [
            pairs + ([(str(b["name"]), str(b.get("value", "")))] if b.get("name") else [])
            for b in buttons
        ]
        method = str(form.get("method", "get")).upper()
        found.append((method, str(form.get("action") or page.path), sent or [pairs]))
        for button in buttons:  # one that sends the same form to another address
            if button.get("formaction"):
                found.append((method, str(button["formaction"]), [pairs]))
    return found


def _pairs(form: Tag) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for one in form.find_all(["input", "select", "textarea"]):
        name, kind = str(one.get("name", "")), str(one.get("type", "text"))
        if not name or (kind in ("radio", "checkbox") and not one.has_attr("checked")):
            continue
        if one.name == "select":
            options = one.find_all("option")
            chosen = [o for o in options if o.has_attr("selected")] or options[:1]
            pairs += [(name, str(o.get("value", ""))) for o in chosen]
        elif one.name == "textarea":
            pairs.append((name, one.get_text().removeprefix("\n")))
        else:
            pairs.append((name, str(one.get("value", ""))))
    return pairs


def send_pairs(browser: Browser, method: str, action: str, pairs: list[tuple[str, str]]) -> Page:
    """Send a form as a program would."""
    if method == "GET":
        return browser.get(f"{action}?{urlencode(pairs)}" if pairs else action, follow=False)
    head = {"content-type": FORM, "sec-fetch-site": "same-origin"}
    return browser.send("POST", action, urlencode(pairs).encode(), head)


def rows(world: World) -> list[dict[str, Any]]:
    """The whole table."""
    items = world.table.scan()["Items"]
    return sorted(items, key=lambda row: (row["pk"], row["sk"]))


__all__ = [
    "KINDS",
    "WAY",
    "LifecycleHarness",
    "Story",
    "asked",
    "usual",
]
