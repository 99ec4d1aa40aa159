"""One page of one Chromium, in which every page is shown in turn: axe, size, targets."""

from __future__ import annotations

import json
import os
import re
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
# Puts a page in, unseen because painting takes as long as all else, and says what is wrong with its size, its targets and its labels; and whether it
# has a kind of element that no page before it had, for axe to look at.
LAY = """
([lang, title, body, console]) => {
  const root = document.documentElement;
  root.style.visibility = 'hidden';
  root.lang = lang;
  document.title = title;
  document.getElementById('console').media = console ? 'all' : 'not all';
  document.body.innerHTML = body;
  window.scrollTo(0, 0);
  const wrong = [], named = (e) => e.outerHTML.slice(0, 120);
  if (root.scrollWidth > window.innerWidth) {
    const far = [...document.querySelectorAll('body *')].filter((e) => {
      return e.getBoundingClientRect().right > window.innerWidth + 1 && !e.closest('.scroll, .sheet, .trap, .unseen');
    });
    wrong.push('wider than the screen: ' + (far.length ? named(far[far.length - 1]) : ''));
  }
  const targets = 'a, button, input:not([type=hidden]), select, textarea, summary, label.choice';
  for (const e of document.querySelectorAll(targets)) {
    if (e.closest('.unseen, .trap, .skip, svg') || (e.closest('label.choice') && !e.matches('label'))) continue;
    const box = e.getBoundingClientRect();
    if (!box.width) continue;
    // A link inside a sentence is as high as its line.
    const inline = getComputedStyle(e).display === 'inline';
    const least = inline ? 0 : e.matches('.console *') ? 24 : 44;
    if (box.height < least || (!inline && box.width < 24)) {
      wrong.push(`a target of ${Math.round(box.width)} x ${Math.round(box.height)}: ` + named(e));
    }
    if (e.matches('input, select, textarea') && !e.labels.length && !e.ariaLabel) {
      wrong.push('no label: ' + named(e));
    }
  }
  for (const e of document.querySelectorAll('dt, dd, td, th, p, li, a, label')) {
    const box = e.getBoundingClientRect();
    if (box.width && box.width < 40 && e.textContent.trim().length > 12 && !e.closest('.unseen, .brand, thead, svg')) {
      wrong.push(`words in a column of ${Math.round(box.width)}: ` + named(e));
    }
  }
  const known = (window.known ??= new Set());
  const fresh = (sign) => !known.has(sign) && known.add(sign);
  const sign = (e) => [e.localName, e.className.baseVal ?? e.className, e.type, e.role].join('.');
  for (const e of document.querySelectorAll('body *')) {
    const attributes = e.getAttributeNames().filter((n) => n.startsWith('aria')).join();
    if (fresh([sign(e.parentElement), sign(e), attributes].join(' '))) e.dataset.fresh = '';
  }
  const outline = [...document.querySelectorAll('h1,h2,h3,h4,main,nav,header,footer,section')];
  return [wrong, !!document.querySelector('[data-fresh]'), !!fresh(outline.map(sign).join())];
}
"""
# The page that lies there with larger text, then with words that have no blank in them, one in each kind of
# element: what runs over the edge.
LARGE = """
([sizes, word]) => {
  const root = document.documentElement, wrong = [];
  const named = (e) => e.outerHTML.slice(0, 120);
  const look = (how) => {
    const edge = window.innerWidth + 1;
    const over = (e) => {
      const box = e.getBoundingClientRect();
      return box.width && (box.right > edge || box.left < -1) && !e.closest('.scroll, .sheet, .trap, .unseen, .skip');
    };
    if (root.scrollWidth > window.innerWidth) {
      const far = [...document.querySelectorAll('body *')].filter(over);
      wrong.push(`${how}: wider than the screen: ` + (far.length ? named(far[far.length - 1]) : ''));
    } else {
      const far = [...document.querySelectorAll('button, .button, input, select, textarea')].find(over);
      if (far) wrong.push(`${how}: leaves the screen: ` + named(far));
    }
  };
  for (const size of sizes) {
    root.style.fontSize = `${112.5 * size}%`;
    look(`text at ${100 * size} %`);
  }
  const known = new Set();
  for (const e of document.querySelectorAll('main :is(dd, td, p, li, h1, h2, h3, blockquote, label, a, button)')) {
    if (e.closest('.unseen, .trap, .nowrap, svg') || !e.textContent.trim()) continue;
    let sign = '';
    for (let on = e; on.localName !== 'main'; on = on.parentElement) sign += on.localName + '.' + on.className + ' ';
    if (known.has(sign)) continue;
    known.add(sign);
    e.append(' ' + word);
  }
  look('long words');
  root.style.fontSize = '';
  return wrong;
}
"""
# As Android and iOS offer it.
TEXT_SIZES: Final = (1.33, 1.6, 2)
# An address of sixty characters, and what a person types who leans on a key.
LONG_WORD: Final = "maria.guadalupe.hernandez-gutierrez@childcare-home.example.org" + "w" * 1000
# The forms of a page on a desk that are wider than a line of theirs may be.
WIDE = """
() => [...document.forms].filter((form) => {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return form.getBoundingClientRect().width > 38 * rem + 1;
}).map((form) => form.outerHTML.slice(0, 120))
"""
FORM: Final = re.compile(r"<form[^>]*>")


class PageInspector:
    """Looks at drawn pages without a server. ``distinct`` counts those that axe has seen."""

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
        self.new = 0
        self._forms: set[str] = set()

    def _sheet(self, name: str) -> str:
        found = assets.read(f"{name}.css")
        assert found is not None
        return found.text

    def problems(self, name: str, html: str, lang: str) -> list[str]:
        """What is wrong with a page at 360 px, a line each."""
        parts = PARTS.search(html)
        assert parts is not None, name
        said, title, head, body = parts.groups()
        wrong, new, shape = self.page.evaluate(LAY, [said, title, body, "console." in head])
        if said != lang:
            wrong.append(f"lang is {said!r}")
        if new:
            self.new += 1
            wrong += self._violations(ELEMENTS, "[data-fresh]")
        if shape:
            wrong += self._violations(SHAPE)
        wrong += self._wide_forms(html)
        if LOOK:
            self._keep(name, lang)
        # What fits at the largest size fits at those between; each new kind of page is looked at in all.
        wrong += self.page.evaluate(
            LARGE, [TEXT_SIZES if new or shape else TEXT_SIZES[-1:], LONG_WORD]
        )
        return [f"{name} ({lang}): {one}" for one in wrong]

    def _wide_forms(self, html: str) -> list[str]:
        """Forms that are too wide on a desk; each kind of form is looked at once."""
        signs = {re.sub(r"[A-Z0-9-]{9,}", "", form) for form in FORM.findall(html)}
        if signs <= self._forms:
            return []
        self._forms |= signs
        self.page.set_viewport_size(DESK)
        found: list[str] = self.page.evaluate(WIDE)
        self.page.set_viewport_size(PHONE)
        return [f"a form that is wider than 38rem: {form}" for form in found]

    def show(self) -> None:
        """Paint the page that lies there."""
        self.page.evaluate("document.documentElement.style.visibility = ''")

    def in_the_dark(self, name: str) -> list[str]:
        """What is wrong with the colors of the page that lies there, on a dark screen."""
        self.page.emulate_media(color_scheme="dark")
        found = self._violations(CONTRAST)
        self.page.emulate_media(color_scheme="light")
        return [f"{name} (dark): {one}" for one in found]

    def _violations(self, options: dict[str, Any], where: str = "html") -> list[str]:
        self.show()
        results = self.page.evaluate(f"axe.run({where!r}, {json.dumps(options)})")
        return [
            f"{one['id']}: {one['help']}: {node['html'][:160]} {_why(node)}"
            for one in results["violations"]
            for node in one["nodes"]
        ]

    def _keep(self, name: str, lang: str) -> None:
        file = re.sub(r"\W+", "-", name).strip("-")
        self.show()
        self.page.evaluate("document.getElementById('unfolded').media = 'not all'")
        for size in (PHONE, DESK):
            self.page.set_viewport_size(size)
            target = Path(LOOK) / f"{file}.{lang}.{size['width']}.png"
            self.page.screenshot(path=target, full_page=True)
        self.page.evaluate("document.getElementById('unfolded').media = 'all'")
        self.page.set_viewport_size(PHONE)
