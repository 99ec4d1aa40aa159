"""Plays people against a running stack, through the real pages and the real mailed links.

Used by the demo, the benchmark and the end-to-end tests. It knows pages and mails only: no table,
no engine.
"""

from __future__ import annotations

import json
import re
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin, urlsplit

import mechanicalsoup

Values = Mapping[str, object]
Test = Callable[[Mapping[str, Any]], bool]
REFERENCE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]\b")
# Seconds to wait for a mail: a dozen scenarios share two processors, and a lost effect is swept up
# after a minute.
PATIENCE = 90
# Seconds after which somebody who waits for a mail looks again whether it is time to give up.
NEWS = 2
# Seconds that somebody takes to read what was recorded before they go on.
READING = 3
KNOWN = "known"


class Unexpected(AssertionError):
    """A page or a mail was not what the scenario expects."""


class TooLate(Unexpected):
    """A page that asks nothing anymore."""


class Mailbox:
    """Every mail that the stack sent, as the local mailbox shows them."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._mails: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    def all(self, seconds: float = 0) -> list[dict[str, Any]]:
        """All mails, oldest first: ``to``, ``subject``, ``text``, ``html``, ``at``.

        Those that are known already are not fetched again; ``seconds``: how long a new one is waited
        for.
        """
        where = f"{self.address}?after={len(self._mails)}&wait={seconds:.0f}"
        with urllib.request.urlopen(where, timeout=30 + seconds) as answer:
            found = json.load(answer)
        with self._lock:
            self._mails += [mail for mail in found if int(mail["id"]) > len(self._mails)]
            return list(self._mails)

    def wait(self, what: str, seconds: float, test: Test) -> dict[str, Any]:
        """The newest mail that passes ``test``, waited for. Raises Unexpected."""
        end = time.monotonic() + seconds
        mails, seen = self.all(), 0
        message: dict[str, Any]
        while True:
            for message in reversed(mails[seen:]):
                if test(message):
                    return message
            if time.monotonic() > end:
                raise Unexpected(f"no mail: {what}")
            seen, mails = len(mails), self.all(NEWS)

    def link(self, reference: str, n: int, seconds: float = PATIENCE) -> tuple[str, str]:
        """The address behind task ``n`` of a referral, and to whom it was mailed."""
        start = f"/t/{reference.replace('-', '').lower()}-{n}-"
        message = self.wait(f"task {n} of {reference}", seconds, lambda m: start in m["text"])
        found = re.search(r"https?://\S*" + re.escape(start) + r"[a-z0-9-]+", message["text"])
        assert found is not None
        to = message["to"]
        return found.group(0), to if isinstance(to, str) else to[0]

    def links(self, reference: str, n: int) -> list[str]:
        """The addresses behind task ``n`` that were mailed by now, the oldest first."""
        start = re.escape(f"/t/{reference.replace('-', '').lower()}-{n}-")
        found = [re.search(rf"https?://\S*{start}[a-z0-9-]+", m["text"]) for m in self.all()]
        return [one.group(0) for one in found if one]

    def codes(self, to: str, reference: str = "", seconds: float = 0) -> list[str]:
        """The six digits mailed to somebody, oldest first; with ``reference`` those about a referral.

        ``seconds``: how long a new mail is waited for, before the look.
        """
        found = []
        for message in self.all(seconds):
            if to not in message["to"] or reference not in message["subject"]:
                continue
            digits = re.search(r"\b\d{6}\b", message["text"])
            found += [digits.group(0)] if digits and "/t/" not in message["text"] else []
        return found

    def newer_code(
        self, to: str, before: int, reference: str = "", seconds: float = PATIENCE
    ) -> str:
        """The code that came after ``before`` others, waited for. Raises Unexpected."""
        end = time.monotonic() + seconds
        found = self.codes(to, reference)
        while len(found) <= before:
            if time.monotonic() > end:
                raise Unexpected(f"no code for {reference or to}")
            found = self.codes(to, reference, NEWS)
        return found[-1]

    def about(self, reference: str, words: str, seconds: float = PATIENCE) -> dict[str, Any]:
        """The newest mail whose subject names the reference and whose text has ``words``."""
        return self.wait(
            f"{words!r} about {reference}",
            seconds,
            lambda m: reference in m["subject"] and words.lower() in m["text"].lower(),
        )


class Browsers:
    """Which people have a browser that the stack knows: each of them types a mailed code once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str] = {}
        self._locks: dict[tuple[str, str], threading.Lock] = {}
        self._own = threading.Lock()

    @contextmanager
    def of(self, base_url: str, to: str) -> Iterator[dict[str, str]]:
        """The cookie of somebody's browser, to start from and to keep what it has learned.

        Whoever has none yet has the browser alone meanwhile: two at once would ask for two codes.
        """
        key = (base_url, to)
        with self._own:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._known:
                jar: dict[str, str] = {}
                yield jar
                if KNOWN in jar:
                    self._known[key] = jar[KNOWN]
                return
        yield {KNOWN: self._known[key]}


class Person:
    """Somebody with a browser. ``lang`` is what the browser asks for."""

    def __init__(self, base_url: str, lang: str = "en") -> None:
        self.base_url = base_url.rstrip("/")
        self.browser = mechanicalsoup.StatefulBrowser(
            soup_config={"features": "html.parser"}, user_agent="demo"
        )
        self.browser.session.headers["Accept-Language"] = lang
        self.status = 0

    @property
    def page(self) -> Any:
        """The parsed page."""
        return self.browser.page

    @property
    def text(self) -> str:
        """What the page says."""
        return " ".join(self.page.get_text(" ").split())

    @property
    def title(self) -> str:
        """The page's first heading."""
        heading = self.page.find("h1")
        return " ".join(heading.get_text(" ").split()) if heading else ""

    def open(self, address: str) -> Person:
        """Go to a page: a path of the stack, or a whole address."""
        where = urljoin(self.base_url + "/", address)
        self.status = self.browser.open(where).status_code
        if self.status >= 500:
            raise Unexpected(f"{where}: {self.status}")
        return self

    def fill(self, form: str, values: Values) -> Person:
        """Type and choose what is asked on the page; names that it does not ask are passed over."""
        selected = self.browser.select_form(form)
        for name, value in values.items():
            found = selected.form.select(f'[name="{name}"]')
            if not found:
                continue
            kind = found[0].get("type", found[0].name)
            if kind in ("checkbox", "radio"):
                wanted = [str(one) for one in value] if isinstance(value, list) else [str(value)]
                offered = [one.get("value") for one in found]
                if missing := [one for one in wanted if one not in offered]:
                    raise Unexpected(f"{self.title}: {name} does not offer {missing}")
                for one in found:
                    if one.get("value") in wanted:
                        one["checked"] = ""
                    else:
                        one.attrs.pop("checked", None)
            else:
                selected.set(name, str(value))
        return self

    def press(self) -> Person:
        """Send the form."""
        self.status = self.browser.submit_selected().status_code
        if self.status >= 500:
            raise Unexpected(f"{self.title}: {self.status}")
        return self

    def names(self, form: str) -> set[str]:
        """The names of the fields that a form asks."""
        found = self.page.select_one(form)
        fields = found.select("input,select,textarea") if found else []
        return {field.get("name") for field in fields if field.get("name")}

    def know(self, cookie: str) -> Person:
        """Go on with the browser that somebody proved to be theirs."""
        if cookie:
            # Of the site's own domain, or the site's next cookie would stand beside it.
            domain = urlsplit(self.base_url).hostname
            self.browser.session.cookies.set(KNOWN, cookie, domain=domain)
        return self

    @property
    def known(self) -> str:
        """The cookie that says whose browser this is; "" when nobody asked yet."""
        found = [c.value for c in self.browser.session.cookies if c.name == KNOWN and c.value]
        return found[-1] if found else ""

    def sign_in(self, email: str, password: str) -> Person:
        """Come into the console through the hosted login."""
        self.open("/login")
        self.browser.select_form("main form")
        self.press()
        self.browser.select_form("form")
        self.browser["username"], self.browser["password"] = email, password
        self.press()
        if not str(self.browser.url).startswith(self.base_url):
            raise Unexpected(f"not signed in: {self.text[:200]}")
        return self

    def open_task(self, link: str, code: Callable[[], str] | None = None) -> Person:
        """Open a mailed link, and say that it is ours if the page asks that first."""
        self.open(link)
        if "mine" in self.names("#task"):
            self.fill("#task", {"mine": "yes"}).press().prove(code)
        return self.go_on()

    @property
    def led_on(self) -> str:
        """Where the page of an answered task leads on to; "" when nothing comes next for this person."""
        found = self.page.select_one('section[aria-labelledby="next"] a.button')
        return str(found["href"]) if found else ""

    def go_on(self) -> Person:
        """To the page of the task that comes next, as soon as it is there. Raises Unexpected."""
        for _ in range(PATIENCE // READING):
            if not self.led_on:
                return self
            time.sleep(READING)
            self.open(self.led_on)
        raise Unexpected(f"the next page is never there: {self.text[:200]}")

    def prove(self, code: Callable[[], str] | None) -> Person:
        """Type the mailed code, if the page asks for it."""
        if "_code" in self.names("#task"):
            if code is None:
                raise Unexpected(f"a code is asked: {self.text[:200]}")
            self.fill("#task", {"_code": code()}).press()
        return self

    def answer(self, link: str, values: Values, code: Callable[[], str] | None = None) -> Person:
        """Open a mailed link and decide. ``code`` looks into the mailbox when a code is asked."""
        return self.open_task(link, code).decide(values, code)

    def decide(self, values: Values, code: Callable[[], str] | None = None) -> Person:
        """Fill in the task's form on the page that is open, and send it."""
        if "mine" in self.names("#task") and "mine" not in values:
            self.fill("#task", {"mine": "yes"}).press().prove(code)
        if not self.page.select_one("#task"):
            raise TooLate(f"nothing to answer: {self.status} {self.text[:200]}")
        asked = self.names("#task")
        self.fill("#task", values).press().prove(code)
        if self.status == 422 and (self.names("#task") - asked) & set(values):
            # The page asks back, as for a second session on one day.
            self.fill("#task", values).press().prove(code)
        if self.status >= 400:
            problems = self.page.select(".errors") or [self.page]
            raise Unexpected(f"{self.title}: {problems[0].get_text(' ', strip=True)[:300]}")
        return self

    def request(self, answers: Values, before_sending: Callable[[], None] = lambda: None) -> str:
        """Go through the whole request form with these answers, send it, return the reference."""
        self.open("/request")
        for _ in range(30):
            found = REFERENCE.search(self.text) if "/sent" in str(self.browser.url) else None
            if found:
                return found.group(0)
            form = "main form"
            if not self.page.select_one(form):
                # "This is not for you": every such page offers to send a request all the same.
                on = self.page.select_one('main .panel a[href$="/request"]')
                if on is None:
                    raise Unexpected(f"no form on {self.browser.url}: {self.text[:200]}")
                self.open(on["href"])
                continue
            before = self.browser.url
            if str(before).endswith("/request/check"):
                before_sending()
            self.fill(form, answers).press()
            for _ in range(40):
                # The form is for people: it asks a program that is too fast to look again.
                if self.status != 422 or self.names(form) - {"_nonce", "website"}:
                    break
                time.sleep(0.5)
                self.fill(form, answers).press()
            if self.status >= 400:
                problems = self.page.select(".errors") or [self.page]
                raise Unexpected(f"{before}: {problems[0].get_text(' ', strip=True)[:300]}")
        raise Unexpected("the request form has no end")


class Scanner:
    """A mail gateway that opens every link before the person does, as Outlook Safe Links: HEAD, GET,
    and every form of the page submitted as it is rendered. Counts what it did."""

    def __init__(self) -> None:
        self.visits = self.forms = 0

    def visit(self, address: str) -> None:
        """Look at a link and press whatever can be pressed. Raises Unexpected on a 5xx."""
        browser = mechanicalsoup.StatefulBrowser(
            soup_config={"features": "html.parser"}, user_agent="scanner"
        )
        for method in ("HEAD", "GET", "GET"):
            self._fine(browser.session.request(method, address, timeout=30).status_code, address)
        self.visits += 1
        browser.open(address)
        for number in range(len(browser.page.select("form"))):
            browser.open(address)
            for _ in range(2):  # the page that answers has a form too, sometimes
                forms = browser.page.select("form") if browser.page else []
                if number >= len(forms):
                    break
                browser.select_form(forms[number])
                self._fine(browser.submit_selected().status_code, address)
                self.forms += 1

    @staticmethod
    def _fine(status: int, address: str) -> None:
        if status >= 500:
            raise Unexpected(f"{address}: {status} for a scanner")
