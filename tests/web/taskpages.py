"""What tests of mailed links share: somebody with a mail and a browser, and a nosy machine."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from lxml import html

from chalicelib.mail import email_code
from chalicelib.referral.status.who import cookie as status_cookie
from chalicelib.web import links
from chalicelib.workflow.kinds import kind_of
from tests.workflow.lifecycle import WAY, LifecycleHarness, Story, usual
from tests.world import World

from .conftest import FORM, Browser, Page
from .kinds import KINDS, asked


def mailed(story: Story) -> str:
    """The link in the newest mail about the open task."""
    task = story.state.task
    assert task is not None
    return mailed_about(story, task.number)[-1]


def mailed_about(story: Story, n: int) -> list[str]:
    """The links to a task that were mailed, the oldest first."""
    own = f"{story.reference.replace('-', '').lower()}-{n}-"
    return [m.link for m in story.harness.world.mails if m.link.startswith(own)]


def first(story: Story) -> bool:
    """Whether the form is on the link's first page already."""
    return not kind_of(story.asks).page.shows_details_first


def open_task(browser: Browser, story: Story) -> Page:
    """Follow the mailed link to where the form is, or the one of the task before, which leads on to it."""
    task = story.state.task
    assert task is not None
    if not mailed_about(story, task.number):
        before = inside(browser, mailed_about(story, task.number - 1)[-1])
        return may_see(browser, go_on(browser, before))
    link = mailed(story)
    page = browser.get(f"/t/{link}")
    if page.status == 410:  # it ended: one press for a fresh one
        renew(browser, link)
        story.harness.settle()
        link = mailed(story)
        page = browser.get(f"/t/{link}")
    assert page.status == 200, page.text
    return page if first(story) else inside(browser, link)


def renew(browser: Browser, link: str) -> Page:
    """Press for a fresh link, on the page of one that has ended."""
    page = browser.get(f"/t/{link}")
    return browser.post(f"/t/{link}/fresh", hidden(form_of(page, "fresh")))


def inside(browser: Browser, link: str) -> Page:
    """Say that the message was sent to me, and prove it where that is asked."""
    return prove(browser, browser.post(f"/t/{link}/open", {"mine": "yes"}))


def go_on(browser: Browser, page: Page) -> Page:
    """Press the button under "What comes next for you"."""
    (way,) = page.root.xpath("//section[@aria-labelledby='next']//a/@href")
    return browser.get(str(way))


def may_see(browser: Browser, page: Page) -> Page:
    """Say that it is mine, where a page of a task asks for that first."""
    if "mine" not in page.names:
        return page
    return prove(browser, browser.post(f"{page.path.split('?')[0]}/open", {"mine": "yes"}))


def shown_status(browser: Browser, reference: str) -> Page:
    """The status page, as in a browser that has just shown its code."""
    browser.cookies["status"] = status_cookie(reference).value
    return browser.get("/status/view")


def newest_code() -> str:
    """The digits in the newest mail that carries a code."""
    return next((m.code for m in reversed(World.newest.mails) if m.code), "")


def known_as(browser: Browser, person: str) -> None:
    """A browser in which somebody (``consultant:id``) has typed their code."""
    until = World.newest.at + email_code.KNOWN_SECONDS
    browser.cookies[email_code.KNOWN] = links.sign(
        email_code.KNOWN, f"{email_code._mark(person)}-{until:x}"
    )


def prove(browser: Browser, page: Page, follow: bool = True) -> Page:
    """Type the mailed code, if that is what the page asks for."""
    if page.status != 200 or "_code" not in page.names:
        return page
    form = form_of(page)
    return browser.post(form.get("action"), hidden(form) | {"_code": newest_code()}, follow)


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
    form = form_of(page)
    return prove(browser, browser.post(form.get("action"), hidden(form) | answers, follow), follow)


Pairs = list[tuple[str, str]]


def forms(page: Page) -> list[tuple[str, str, list[Pairs]]]:
    """Every form exactly as rendered: method, action, and the pairs sent by each of its buttons."""
    root, found = parsed(page), []
    for form in root.forms:
        pairs, method = filled(form), form.method
        buttons = [*form.iter("button"), *root.xpath("//button[@form=$id]", id=form.get("id", ""))]
        sent = [pairs + ([(b.get("name"), b.get("value", ""))] if b.get("name") else [])
                for b in buttons]  # fmt: skip
        found.append((method, form.get("action") or page.path, sent or [pairs]))
        # One that sends the same form to another address.
        found += [(method, b.get("formaction"), [pairs]) for b in buttons if b.get("formaction")]
    return found


def parsed(page: Page) -> html.HtmlElement:
    """The page as a program reads it."""
    return page.root


def form_of(page: Page, name: str = "task") -> html.FormElement:
    """The form of that id, by default of the task that the page is about."""
    form = next((one for one in parsed(page).forms if one.get("id") == name), None)
    assert form is not None, page.text
    return form


def filled(form: html.FormElement) -> Pairs:
    """What a form sends as it is shown; a browser drops the newline that a text area begins with."""
    areas = {one.get("name") for one in form.iter("textarea")}
    sent = form.form_values()
    return [(name, v.removeprefix("\n") if name in areas else v) for name, v in sent]


def hidden(form: html.FormElement) -> dict[str, list[str]]:
    """What a form sends without being filled in."""
    found: dict[str, list[str]] = {}
    for one in form.iter("input"):
        if one.get("type") == "hidden":
            found.setdefault(one.get("name"), []).append(one.get("value", ""))
    return found


def send_pairs(browser: Browser, method: str, action: str, pairs: Pairs) -> Page:
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
