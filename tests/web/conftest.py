"""A person with a browser, for tests: follows redirects, keeps cookies, fills in forms."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from chalice.test import Client
from lxml import etree, html

FORM = "application/x-www-form-urlencoded"
# Elements as lxml.html has them, by a table of names: its own parser asks a function of Python for each.
KINDS_OF_ELEMENTS = etree.ElementNamespaceClassLookup(
    etree.ElementDefaultClassLookup(element=html.HtmlElement, comment=html.HtmlComment)
)
for name, kind in html.HtmlElementClassLookup._default_element_classes.items():
    KINDS_OF_ELEMENTS.get_namespace(None)[name] = kind
PARSER = html.HTMLParser()
PARSER.set_element_class_lookup(KINDS_OF_ELEMENTS)
Answers = Mapping[str, "str | list[str]"]


@dataclass(eq=False)
class Page:
    """What a test looks at: text, inputs, links, ids, the language. It is read when first looked at."""

    status: int
    headers: dict[str, Any]
    body: str
    path: str

    @cached_property
    def root(self) -> html.HtmlElement:
        """The page as a program reads it."""
        source = self.body if self.body.strip() else "<html></html>"
        return html.document_fromstring(source, parser=PARSER)

    @cached_property
    def lang(self) -> str:
        """The language that the page says it is in."""
        return str(self.root.get("lang", ""))

    @cached_property
    def ids(self) -> list[str]:
        """Every id, as often as it is given."""
        return [str(one) for one in self.root.xpath("//@id")]

    @cached_property
    def links(self) -> list[str]:
        """Where the links lead."""
        return [one.get("href", "") for one in self.root.iter("a")]

    @cached_property
    def names(self) -> list[str]:
        """The names of the inputs."""
        inputs = self.root.iter("input", "select", "textarea")
        return [one.get("name") for one in inputs if one.get("name")]

    @cached_property
    def hidden(self) -> dict[str, str]:
        """What the page's forms carry unseen."""
        inputs = self.root.xpath("//input[@type='hidden'][string(@name)]")
        return {one.get("name"): one.get("value", "") for one in inputs}

    @cached_property
    def text(self) -> str:
        """The words of the page with single spaces."""
        return " ".join(" ".join(self.root.xpath("//text()", smart_strings=False)).split())

    def nonce(self, path: str) -> str:
        """What the form that leads to ``path`` carries, or any form where none does."""
        own = self.root.xpath("//form[@action=$path]//input[@name='_nonce']/@value", path=path)
        return str(own[0]) if own else self.hidden["_nonce"]

    @property
    def heading(self) -> str:
        """The words of the first h1."""
        found = re.search(r"<h1>(.*?)</h1>", self.body, re.S)
        return " ".join(re.sub("<[^>]+>", " ", found[1]).split()) if found else ""

    @property
    def errors(self) -> list[str]:
        """The fields that show an error beside them."""
        return re.findall(r'id="(\w+)-error"', self.body)


class Browser:
    """Talks to the app in this process as a phone would.

    ``cookies`` go to every page; those in ``own`` to the page of that path, and to those below it.
    """

    def __init__(self, client: Client, lang: str = "en") -> None:
        self.client, self.lang = client, lang
        self.cookies: dict[str, str] = {}
        self.own: dict[str, dict[str, str]] = {}
        self.page: Page

    def send(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Page:
        """One request; cookies are kept."""
        sent = {"accept-language": self.lang, **(headers or {})}
        if cookies := self.cookies_for(path.split("?")[0]):
            sent["cookie"] = "; ".join(f"{n}={v}" for n, v in cookies.items())
        answer = self.client.http.request(method, path, headers=sent, body=body)
        found = answer.headers.get("Set-Cookie") or []
        for cookie in [found] if isinstance(found, str) else found:
            name, _, value = cookie.split(";")[0].partition("=")
            name = re.sub("^__(Host|Secure)-", "", name)
            own = re.search("; Path=(/task/[^;]+)", cookie)
            (self.own.setdefault(own[1], {}) if own else self.cookies)[name] = value
        body_text = answer.body.decode("utf-8")
        self.page = Page(answer.status_code, dict(answer.headers), body_text, path)
        return self.page

    def cookies_for(self, path: str) -> dict[str, str]:
        """What is sent to a page."""
        near = [given for at, given in self.own.items() if f"{path}/".startswith(f"{at}/")]
        kept = [(f"__Host-{name}", value) for name, value in self.cookies.items()]
        theirs = [(f"__Secure-{n}", value) for given in near for n, value in given.items()]
        return dict(kept + theirs)

    def follow(self) -> Page:
        """Go where a 303 points, as often as it does."""
        for _ in range(5):
            if self.page.status != 303:
                break
            target = urlsplit(str(self.page.headers["Location"]))
            self.get(target.path + (f"?{target.query}" if target.query else ""), follow=False)
        return self.page

    def get(self, path: str, follow: bool = True) -> Page:
        """Open a page."""
        self.send("GET", path.split("#")[0])
        return self.follow() if follow else self.page

    def post(self, path: str, answers: Answers, follow: bool = True, **headers: str) -> Page:
        """Send exactly these answers."""
        body = urlencode(dict(answers), doseq=True).encode()
        sent = {"content-type": FORM, "sec-fetch-site": "same-origin"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        self.send("POST", path, body, sent)
        return self.follow() if follow else self.page

    def answer(self, answers: Answers, follow: bool = True, **more: str) -> Page:
        """Fill in the page at hand with those of the answers that it asks for, and send it."""
        given = {name: value for name, value in answers.items() if name in self.page.names}
        path = self.page.path
        return self.post(path.split("?")[0], {**self.page.hidden, **given, **more}, follow)


def the_app() -> Any:
    """The whole app: a blueprint can be registered only once in a process."""
    return importlib.import_module("app").app


@cache
def the_client() -> Client:
    """What asks the app, made once: it keeps nothing of what it asked."""
    return Client(the_app())


@pytest.fixture
def client(table: Any) -> Iterator[Client]:
    """The app of a test, on an empty table."""
    with the_client() as made:
        yield made


@pytest.fixture
def browser(client: Client) -> Browser:
    """An English-speaking person's browser."""
    return Browser(client)


COMMON: dict[str, str | list[str]] = {
    "county": "los_angeles",
    "age_bands": ["toddler", "preschool"],
    "outside_scope": ["none"],
    "city": "Los Angeles",
    "zip": "90012",
    "children_enrolled": "12",
    "concerns": ["challenging_behavior", "staff_stress_turnover"],
    "behavior_serious": ["persistent"],
    "circumstances": ["none"],
    "recent_event": "none",
    "safety_now": "no",
    "support_wanted": ["observation"],
    "prior_contacts": "0",
    "language": "es",
    "language_required": "yes",
    "availability": ["mornings", "naptime"],
    "contact_name": "Rosa Díaz",
    "contact_email": "rosa@example.org",
    "contact_by": "email",
    "letters_language": "es",
    "anything_else": "Mornings are best.",
}
CENTER = {
    **COMMON,
    "setting": "center",
    "requester_role": "teacher",
    "director_knows": "yes",
    "site_name": "Sunny Days",
    "license_number": "191234567",
    "classroom": "Room 3",
    "funding": ["CSPP"],
    "suspension_expulsion_status": "suspension_considered",
    "focus": ["classroom"],
    "modality": "onsite",
}
HOME = {
    **COMMON,
    "setting": "fcch_small",
    "requester_role": "owner_licensee",
    "suspension_expulsion_status": "none",
    "focus": ["home"],
    "modality": "hybrid",
}
EXEMPT = {**CENTER, "setting": "other_license_exempt", "requester_role": "director"}
FFN = {
    **COMMON,
    "setting": "ffn",
    "requester_role": "ffn_caregiver",
}
PEOPLE = {"center": CENTER, "home": HOME, "exempt": EXEMPT, "ffn": FFN}


def fill_in(browser: Browser, answers: Answers) -> list[str]:
    """From the three first questions to the summary; returns the paths of the screens passed."""
    screens = []
    browser.get("/start")
    for _ in range(20):
        screens.append(browser.page.path)
        if browser.page.path == "/request/check":
            return screens
        before = browser.page.path
        browser.answer(answers)
        assert browser.page.path != before, (before, browser.page.errors, browser.page.text[:300])
    raise AssertionError(f"never reached the summary: {screens}")


def resume_with(browser: Browser, answers: Answers) -> None:
    """A browser whose draft has all these answers already, at the summary, without the long walk."""
    keep_draft(browser, answers)
    browser.get("/request/check")
    assert browser.page.path == "/request/check"


def keep_draft(browser: Browser, answers: Answers) -> None:
    """The same where something is still missing."""
    from chalicelib.referral import questions
    from chalicelib.referral.intake import flow
    from chalicelib.referral.intake.draft_cookie import now
    from chalicelib.referral.rows import request_drafts

    secret, draft = request_drafts.begin("en", now())
    draft.answers = questions.kept(dict(answers))
    draft.seen = list(flow.BY_SLUG)
    request_drafts.create(secret, draft)
    browser.cookies["draft"] = secret


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this person take their time, without the test doing so."""
    from chalicelib.referral.intake import submit

    monkeypatch.setattr(submit, "QUICKEST", 0)
