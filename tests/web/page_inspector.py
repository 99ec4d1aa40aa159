"""One page of one Chromium, in which every page is shown in turn: axe, size, targets."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser

from chalicelib.web import assets
from tests.e2e.visitor import AXE, CONTRAST, DESK, PHONE, _why

SHEETS: Final = ("site", "console")
PARTS: Final = re.compile(
    r'<html lang="(\w*)">.*?<title>(.*?)</title>(.*?)</head>\s*<body>(.*)</body>', re.DOTALL
)
# What is said of the page as a whole; all other rules look at elements.
SHAPE: Final = {
    "runOnly": [
        "bypass",
        "document-title",
        "duplicate-id-aria",
        "heading-order",
        "html-has-lang",
        "html-lang-valid",
        "landmark-main-is-top-level",
        "landmark-no-duplicate-main",
        "landmark-one-main",
        "landmark-unique",
        "page-has-heading-one",
        "region",
        "skip-link",
    ],
    "resultTypes": ["violations"],
}
# The size of targets is looked at on every page.
ELEMENTS: Final = {
    "rules": {"target-size": {"enabled": False}, "region": {"enabled": False}},
    "resultTypes": ["violations"],
}
# Every question is looked at, as a browser that cannot fold shows it.
UNFOLDED: Final = "[data-if] { display: block !important; }"
# A picture of every page, at both widths, is kept in the folder that LOOK names.
LOOK: Final = os.environ.get("LOOK", "")
# As Android and iOS offer it.
TEXT_SIZES: Final = (1.33, 1.6, 2)
# An address of sixty characters, and what a person types who leans on a key.
LONG_WORD: Final = "maria.guadalupe.hernandez-gutierrez@childcare-home.example.org" + "w" * 1000
FORM: Final = re.compile(r"<form[^>]*>")
# What tells one form of a kind from another.
OWN: Final = re.compile(r"[A-Z0-9-]{9,}|(?<=/)[^/\"]*\d[^/\"]*")
SCRIPT: Final = Path(__file__).with_suffix(".js")
# So many pages are looked at in one call: nothing is painted between them.
AT_ONCE: Final = 1 if LOOK else 40
Drawn = dict[str, Any]


class PageInspector:
    """Looks at drawn pages without a server. ``new`` counts those that axe has seen."""

    def __init__(self, browser: Browser) -> None:
        self.page = browser.new_context(
            viewport=PHONE,  # type: ignore[arg-type]
            reduced_motion="reduce",
        ).new_page()
        styles = "".join(f'<style id="{s}">{self._sheet(s)}</style>' for s in SHEETS)
        styles += f'<style id="unfolded">{UNFOLDED}</style>'
        head = f'<meta name="viewport" content="width=device-width, initial-scale=1">{styles}'
        self.page.set_content(f"<!doctype html><html><head>{head}</head><body></body></html>")
        self.page.evaluate(AXE)
        self.page.evaluate(SCRIPT.read_text(encoding="utf-8"))
        self.new = 0

    def _sheet(self, name: str) -> str:
        found = assets.read(f"{name}.css")
        assert found is not None
        return found.text

    def problems(self, pages: Mapping[tuple[str, str], str]) -> list[str]:
        """What is wrong with pages, by their names and languages, at 360 px: a line each."""
        drawn = [
            (f"{name} ({lang})", lang, _parts(name, html)) for (name, lang), html in pages.items()
        ]
        wrong = [
            f"{name}: lang is {one['lang']!r}" for name, lang, one in drawn if one["lang"] != lang
        ]
        for begin in range(0, len(drawn), AT_ONCE):
            some = drawn[begin : begin + AT_ONCE]
            found = self._look([one for _, _, one in some])
            wrong += [
                f"{name}: {said}"
                for (name, _, _), told in zip(some, found, strict=True)
                for said in told
            ]
            if LOOK:
                self._keep(*some[0])
        return wrong + self._wide_forms({name: one for name, _, one in drawn})

    def _look(self, pages: list[Drawn]) -> list[list[str]]:
        given = {
            "pages": pages,
            "sizes": TEXT_SIZES,
            "word": LONG_WORD,
            "elements": ELEMENTS,
            "shape": SHAPE,
        }
        found = self.page.evaluate("(given) => inspect.look(given)", given)
        self.new += sum(new for _, _, new in found)
        return [[*wrong, *_told(violations)] for wrong, violations, _ in found]

    def _wide_forms(self, pages: dict[str, Drawn]) -> list[str]:
        """Forms that are too wide on a desk; each kind of form is looked at once."""
        known: set[str] = set()
        wrong: list[str] = []
        self.page.set_viewport_size(DESK)
        for name, one in pages.items():
            signs = {OWN.sub("", form) for form in FORM.findall(one["body"])} - known
            known |= signs
            wide = self.page.evaluate("(page) => inspect.wide(page)", one) if signs else ()
            wrong += [f"{name}: a form that is wider than 38rem: {form}" for form in wide]
        self.page.set_viewport_size(PHONE)
        return wrong

    def show(self, name: str, html: str) -> None:
        """Put a page there, and paint it."""
        self._paint(_parts(name, html))

    def _paint(self, one: Drawn) -> None:
        self.page.evaluate("(page) => inspect.lay(page)", one)
        self.page.evaluate("document.documentElement.style.visibility = ''")

    def in_the_dark(self, name: str, html: str) -> list[str]:
        """What is wrong with the colors of a page on a dark screen."""
        self.show(name, html)
        self.page.emulate_media(color_scheme="dark")
        found = self.page.evaluate("(options) => inspect.violations('html', options)", CONTRAST)
        self.page.emulate_media(color_scheme="light")
        return [f"{name} (dark): {one}" for one in _told(found)]

    def _keep(self, name: str, lang: str, one: Drawn) -> None:
        file = re.sub(r"\W+", "-", name.removesuffix(f" ({lang})")).strip("-")
        self._paint(one)
        self.page.evaluate("document.getElementById('unfolded').media = 'not all'")
        for size in (PHONE, DESK):
            self.page.set_viewport_size(size)
            target = Path(LOOK) / f"{file}.{lang}.{size['width']}.png"
            self.page.screenshot(path=target, full_page=True)
        self.page.evaluate("document.getElementById('unfolded').media = 'all'")
        self.page.set_viewport_size(PHONE)


def _parts(name: str, html: str) -> Drawn:
    """A page as the script takes it."""
    parts = PARTS.search(html)
    assert parts is not None, name
    lang, title, head, body = parts.groups()
    return {"lang": lang, "title": title, "body": body, "console": "console." in head}


def _told(violations: list[Drawn]) -> list[str]:
    return [
        f"{one['id']}: {one['help']}: {node['html'][:160]} {_why(node)}"
        for one in violations
        for node in one["nodes"]
    ]
