"""Every page in both languages on a phone of 360 px: axe, width, targets; a new page without a case fails."""

from __future__ import annotations

import re

import pytest
from chalice.test import Client

from chalicelib.domain.roles import ROLES
from chalicelib.web.forms import clean
from chalicelib.web.languages import languages
from chalicelib.workflow.cases import Case
from chalicelib.workflow.kinds import kind_of
from tests.e2e.visitor import DESK, PHONE, SECONDS, NoChromium, chromium
from tests.workflow.lifecycle import LifecycleHarness

from .all_pages import PageCollection, _pattern
from .conftest import Page, the_app
from .kinds import KINDS, asked
from .page_inspector import PageInspector

pytestmark = pytest.mark.promise("accessible", "session-in-four-taps")

# One page of each look is looked at in the dark, too.
DARK = ("/", "/request/concerns", "/request/contact without an answer", "no such help", "/console",
        "a case with sessions", "/console/run", "status at service", "service: details")  # fmt: skip

# What a session as planned takes from the plan.
AS_PLANNED = ("minutes", "mode", "classroom")
# In pixels, at 1280 px.
LIST_BEGINS_BY = 260

# They hold the words to say to a provider or a consultant, and it is these who may call the helpline.
SAID_TO_OTHERS = ("tell_by_phone", "tell_person")


def sends_staff_to_the_helpline(pages: dict[tuple[str, str], Page]) -> list[str]:
    """Pages of our own staff that tell them to call where they are called."""
    kinds = [kind for kind in KINDS if kind not in SAID_TO_OTHERS]
    theirs = tuple(f"{kind}:" for kind in kinds if kind_of(kind).role in ROLES)
    return [
        f"{name}: sends staff to the helpline"
        for (name, lang), page in pages.items()
        if lang == "en" and (name.startswith(theirs) or page.path.startswith("/console"))
        if re.search("call the helpline", page.text, re.I)
    ]


def dead_language_buttons(pages: dict[tuple[str, str], Page]) -> list[str]:
    """Buttons of a form that is not on the page, and language links to an address that shows no page."""
    shows = [_pattern(path) for path, methods in the_app().routes.items() if "GET" in methods]
    found = []
    for (name, lang), page in pages.items():
        forms = set(page.root.xpath("//form/@id"))
        dead = set(page.root.xpath("//button[@form]/@form")) - forms
        found += [
            f"{name} ({lang}): a button of the form {one}, which is not there" for one in dead
        ]
        path = page.path.split("?")[0]
        linked = page.root.xpath("//a[contains(concat(' ', @class, ' '), ' lang ')]")
        to = [str(one.get("href")).split("?")[0] or path for one in linked]
        if not all(any(re.fullmatch(one, there) for one in shows) for there in to):
            found.append(f"{name} ({lang}): its language link leads to no page")
        others = linked or page.root.xpath("//button[@name='_switch']")
        if not others and not page.path.startswith("/console"):
            found.append(f"{name} ({lang}): no way to the other language")
    return found


def taps_of_a_session(inspector: PageInspector, html: str, state: Case) -> list[str]:
    """What a consultant presses to record a session as planned, on the page that lies there."""
    inspector.show("a session", html)
    page = inspector.page
    page.evaluate("document.getElementById('unfolded').media = 'not all'")
    pressed = {"happened": "planned", "next": "as_planned"}
    for name, value in pressed.items():
        page.locator(f"input[name={name}][value={value}]").click(timeout=SECONDS * 1000)
    page.locator("textarea[name=note]").fill("Calm mornings")
    typed = page.evaluate("() => [...new FormData(document.getElementById('task'))]")
    sent = clean(kind_of("service").page.form(state), {k: [v] for k, v in typed if v}, "en")
    taps = len(pressed) + 1
    seen = [one for one in AS_PLANNED if page.locator(f"[name={one}]").first.is_visible()]
    wrong = [f"a session: {one} is asked though the plan says it" for one in seen]
    return wrong + ([] if sent.ok and taps <= 4 else [f"a session: {taps} taps, and {sent.errors}"])


def where_the_list_begins(inspector: PageInspector, name: str, html: str) -> list[str]:
    """Staff see the first rows of their list on a desk without scrolling, whatever else the page offers."""
    inspector.show(name, html)
    inspector.page.set_viewport_size(DESK)
    inspector.page.evaluate("document.getElementById('unfolded').media = 'not all'")
    top = inspector.page.evaluate("document.querySelector('table').getBoundingClientRect().top")
    inspector.page.evaluate("document.getElementById('unfolded').media = 'all'")
    inspector.page.set_viewport_size(PHONE)
    return [f"{name}: the list begins at {top:.0f} px"] if top > LIST_BEGINS_BY else []


def test_every_page_in_both_languages_is_fit_for_everybody_on_a_phone(
    client: Client, harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection = PageCollection(client, harness, monkeypatch)
    pages = collection.tour()
    problems = collection.missing() + collection.again + sends_staff_to_the_helpline(pages)
    problems += dead_language_buttons(pages)
    assert {(name, "en") for name in DARK} <= set(pages)
    for (name, lang), page in pages.items():
        twice = {one for one in page.ids if page.ids.count(one) > 1}
        problems += [f"{name} ({lang}): the id {one} twice" for one in sorted(twice)]
        if lang == "es" and re.search(r"\bNone\b", page.text):
            problems.append(f"{name} ({lang}): says None")
        # code that was meant for us; a sentence with two full stops
        for slip in re.findall(r"\w+\(\w+='|\w+\.\.(?!\.)", page.text):
            problems.append(f"{name} ({lang}): says {slip}")
    try:
        with chromium() as browser:
            inspector = PageInspector(browser)
            problems += inspector.problems({one: page.body for one, page in pages.items()})
            for name in DARK:
                problems += inspector.in_the_dark(name, pages[name, "en"].body)
            for lang in languages():
                wrong = where_the_list_begins(
                    inspector, f"list ({lang})", pages["/console", lang].body
                )
                problems += wrong
            session = asked(harness, "service").state
            problems += taps_of_a_session(inspector, pages["service: details", "en"].body, session)
    except NoChromium as error:
        pytest.fail(str(error), pytrace=False)
    assert not problems, "\n".join([f"{len(problems)} problems of pages:", *problems])
