"""Somebody in a real browser. Every page they see is looked at: axe, width, and no error of ours."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import axe_playwright_python
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# The rules of WCAG 2.2 AA and axe's good practice; the size of targets is off unless asked for.
RULES = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
# Chromium itself must ask nobody outside.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SECONDS = 20
Values = Mapping[str, str | Iterable[str]]
_ONE = re.compile(r"[0-9a-z]{4}-?[0-9a-z]{4}-?[0-9a-z](-[a-z0-9-]+)?|\b[0-9]+\b", re.IGNORECASE)


class NoChromium(RuntimeError):
    """There is no Chromium to test with."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, or the one that CHROMIUM names. Raises NoChromium."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path or not Path(path).exists():
        raise NoChromium("Chromium is missing: install the package chromium, or set CHROMIUM=")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, headless=True, args=list(ARGUMENTS))
        yield browser
        browser.close()


class PageChecker:
    """Looks at pages as axe does, in a context of its own: the page itself may run no script."""

    def __init__(self, browser: Browser) -> None:
        # No change of color takes time: what axe looks at has arrived.
        self.context = browser.new_context(reduced_motion="reduce")
        self.context.add_init_script(AXE)
        self.page = self.context.new_page()
        self.seen: set[tuple[Any, ...]] = set()
        self._shown: dict[str, str] = {}
        self._styles: dict[str, str] = {}
        self.context.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        """The page that is checked comes from memory; its style sheet from the stack, once."""
        html = self._shown.get(route.request.url)
        if html is not None and route.request.is_navigation_request():
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif route.request.resource_type == "script":
            route.abort()
        elif route.request.resource_type == "stylesheet":
            if route.request.url not in self._styles:
                self._styles[route.request.url] = route.fetch().text()
            route.fulfill(body=self._styles[route.request.url], content_type="text/css")
        else:
            route.continue_()

    def problems(self, url: str, html: str, size: dict[str, int]) -> list[str]:
        """What is wrong with a page, a line each; the same page is looked at once."""
        address = url.partition("#")[0]
        lang = re.search(r'<html lang="?([a-z]+)', html)
        errors = tuple(re.findall(r'id="([a-z_]+)-error"', html))
        kind = _ONE.sub("*", urlsplit(url).path)
        heading = _ONE.sub("*", "".join(re.findall(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)))
        key = (kind, heading, lang and lang[1], errors, size["width"])
        if key in self.seen:
            return []
        self.seen.add(key)
        self._shown = {address: html}
        self.page.set_viewport_size(size)
        self.page.emulate_media(color_scheme="light")
        self.page.goto(address)
        found = [f"{url} ({size['width']} px): {one}" for one in self._violations(RULES)]
        if self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(f"{url}: wider than {size['width']} px")
        self.page.emulate_media(color_scheme="dark")
        found += [f"{url} (dark): {one}" for one in self._violations(CONTRAST)]
        return found

    def _violations(self, options: dict[str, Any]) -> list[str]:
        # What passed is most of the answer, and each part of it would be carried over.
        run = f"axe.run({json.dumps(options)}).then((all) => all.violations)"
        return [
            f"{one['id']}: {one['help']}: {node['html'][:160]} {_why(node)}"
            for one in self.page.evaluate(run)
            for node in one["nodes"]
        ]


def _why(node: dict[str, Any]) -> str:
    return "; ".join(one["message"] for one in [*node["any"], *node["all"], *node["none"]])


class Visitor:
    """One person, one browser context. ``problems`` collects what the pages got wrong."""

    def __init__(
        self,
        context: BrowserContext,
        base_url: str,
        checker: PageChecker | None,
        size: dict[str, int],
    ) -> None:
        self.context, self.base_url, self.checker, self.size = context, base_url, checker, size
        self.page: Page = context.new_page()
        self.page.set_default_timeout(SECONDS * 1000)
        self.status = 0
        self.problems: list[str] = []
        self.page.on("response", self._note)

    def _note(self, response: Any) -> None:
        if response.request.is_navigation_request() and response.frame == self.page.main_frame:
            self.status = response.status

    # -- reading -----------------------------------------------------------------------------------

    @property
    def path(self) -> str:
        """The path of the address."""
        return urlsplit(self.page.url).path

    @property
    def text(self) -> str:
        """What the main part says."""
        return " ".join(self.page.locator("main").inner_text().split())

    @property
    def title(self) -> str:
        """The first heading."""
        return " ".join(self.page.locator("h1").first.inner_text().split())

    def asks(self, form: str = "main form") -> list[str]:
        """The names of the fields of the first such form, in their order."""
        fields = self.page.locator(form).first.locator("input,select,textarea")
        names = fields.evaluate_all("all => all.filter(f => f.type != 'hidden').map(f => f.name)")
        return list(dict.fromkeys(names))

    # -- doing -------------------------------------------------------------------------------------

    def look(self) -> Visitor:
        """Look at the page that is open, once it is there: a click returns before it is."""
        self.page.wait_for_load_state("domcontentloaded")
        assert self.status < 500, f"{self.page.url}: {self.status}"
        if self.checker is not None and self.page.url.startswith(self.base_url):
            self.problems += self.checker.problems(self.page.url, self.page.content(), self.size)
        return self

    def open(self, address: str) -> Visitor:
        """Go to a path of the stack, or to a whole address."""
        self.page.goto(urljoin(self.base_url + "/", address))
        return self.look()

    def press(self, name: str | re.Pattern[str], role: str = "button") -> Visitor:
        """Press the first visible button (or link) of that name, and look at what comes."""
        shown = self.page.get_by_role(role, name=name)  # type: ignore[arg-type]
        with self.page.expect_navigation():
            shown.first.click()
        return self.look()

    def follow(self, name: str | re.Pattern[str]) -> Visitor:
        """Press a link."""
        return self.press(name, "link")

    def fill(self, values: Values, form: str = "main form") -> Visitor:
        """Type and choose; names that the page does not ask are passed over."""
        inside = self.page.locator(form).first
        for name in self.asks(form):
            if name not in values:
                continue
            value = values[name]
            field = inside.locator(f'[name="{name}"]')
            kind = field.first.evaluate("f => f.type")
            if kind in ("radio", "checkbox"):
                for one in value if isinstance(value, list) else [value]:
                    inside.locator(f'[name="{name}"][value="{one}"]').check()
            elif kind == "select-one":
                field.select_option(str(value))
            else:
                field.fill(str(value))
        return self

    def tab_to(self, css: str, most: int = 60) -> Visitor:
        """Press Tab until what ``css`` names has the focus, with a ring that one can see."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            found = self.page.locator(f"{css}:focus")
            if found.count():
                style = "f => parseFloat(getComputedStyle(f).outlineWidth)"
                ring = max(
                    float(found.evaluate(style)),
                    float(found.evaluate(style.replace("(f)", "(f.closest('label') || f)"))),
                )
                assert ring >= 2, f"{css} has no focus ring"
                return self
        raise AssertionError(f"Tab never reaches {css} on {self.page.url}")

    def enter(self) -> Visitor:
        """Press Enter where the focus is, and look at what comes."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self.look()


def visitor(
    browser: Browser,
    base_url: str,
    checker: PageChecker | None = None,
    *,
    size: dict[str, int] | None = None,
    script: bool = False,
    lang: str = "en-US",
    dark: bool = False,
) -> Visitor:
    """Somebody new: a phone without script, unless told otherwise."""
    context = browser.new_context(
        viewport=size or PHONE,  # type: ignore[arg-type]
        java_script_enabled=script,
        locale=lang,
        color_scheme="dark" if dark else "light",
        timezone_id="America/Los_Angeles",
    )
    return Visitor(context, base_url, checker, size or PHONE)
