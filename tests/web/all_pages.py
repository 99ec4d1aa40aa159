"""Every page of the system as its readers see it, in both languages, drawn in this process.

Each tour goes where people go and adds the pages that it passes. What the routes, the templates and the
kinds of task know and no tour shows is ``missing``.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.directory import people
from chalicelib.domain.calendar import local
from chalicelib.referral.intake import flow
from chalicelib.referral.question import SECTIONS
from chalicelib.web import render
from tests.web.conftest import Browser, Page, the_app
from tests.web.kinds import Story, asked, every_kind
from tests.web.staff import signed_in
from tests.workflow.lifecycle import LifecycleHarness, at

LIB = Path(__file__).resolve().parents[2] / "chalicelib"
# Those that show no page of their own.
PAGELESS = {
    "/static/{name}",
    "/login/callback",
    "/request",
    "/status/papers/{paper}/pdf",
    "/desk/{link}/{reference}",
    "/open-door/feed/{language}",
    "/mine/calendar/{link}",
    "/console/emergencies/{key}/report/csv",
    "/console/emergencies/{key}/report/pdf",
    "/console/training/certificates/{certificate}/pdf",
}

# How often a page may read the same row while it is drawn: more is a read for each line that it shows.
READS = 7


@dataclass
class PageCollection:
    """The pages in the order of the tour, and what was needed to draw them."""

    client: Client
    harness: LifecycleHarness
    monkeypatch: pytest.MonkeyPatch
    pages: dict[tuple[str, str], Page] = field(default_factory=dict)
    templates: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    reads: Counter[str] = field(default_factory=Counter)
    # What a page read again and again to be drawn once.
    again: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.harness.settle()
        self.empty = self.harness.snapshot(Story(self.harness, ""))
        made = render.environment()
        real = made.get_template

        def noted(name: Any, *more: Any, **named: Any) -> Any:
            self.templates.add(name)
            return real(name, *more, **named)

        self.monkeypatch.setattr(made, "get_template", noted)
        self._send = self.client.http.request
        table = self.harness.world.aws.fake_table
        call = table.call

        def counted(operation: str, request: Any) -> Any:
            if operation == "GetItem":
                self.reads[" ".join(one["S"] for one in request["Key"].values())] += 1
            return call(operation, request)

        self.monkeypatch.setattr(table, "call", counted)

        def sent(method: str, path: str, headers: dict[str, str], body: bytes) -> Any:
            self._last = (method, path, headers, body)
            return self._send(method, path, headers=headers, body=body)

        self.monkeypatch.setattr(self.client.http, "request", sent)

    def tour(self) -> dict[tuple[str, str], Page]:
        """All of it: name and language -> page."""
        from tests.web import (
            all_open_door_pages,
            all_public_pages,
            all_staff_pages,
            all_training_pages,
        )

        for add in (
            *all_public_pages.ROOMS,
            *all_staff_pages.ROOMS,
            *all_open_door_pages.ROOMS,
            *all_training_pages.ROOMS,
        ):
            add(self)
        return self.pages

    def browser(self) -> Browser:
        """Somebody new, who reads Spanish."""
        return Browser(self.client, "es")

    def staff(self, role: str) -> Browser:
        """A member of staff who has just signed in."""
        people.forget()
        return signed_in(self.harness.world, self.client, role, "es")

    def begin(self) -> None:
        """Nothing in the world."""
        self.harness.restore(self.empty)
        people.forget()

    def at(self, moment: str) -> Story:
        """The usual story at a moment, and nothing else in the world."""
        self.begin()
        return at(self.harness, moment)

    def asked(self, kind: str) -> Story:
        """A story in which a task of that kind is open, and nothing else in the world."""
        self.begin()
        return asked(self.harness, kind)

    def add(self, name: str, page: Page, status: int = 200) -> Page:
        """The page that was drawn last, for all to see; and the same for those who read English."""
        assert page.status == status, (name, page.status, page.text[:400])
        assert (name, "es") not in self.pages, name
        self.pages[name, "es"] = page
        method, path, head, body = self._last
        sent = {**head, "accept-language": "en"}
        self.reads.clear()
        again = self._send(method, path, headers=sent, body=body)
        self.again += [
            f"{name}: reads {key} {count} times"
            for key, count in self.reads.items()
            if count > READS
        ]
        assert again.status_code == status, (name, again.status_code)
        shown = Page(status, dict(again.headers), again.body.decode(), path)
        self.pages[name, "en"] = shown
        return page

    def day(self, days: int) -> str:
        """The Pacific day, so many days from now."""
        return (local(self.harness.world.at) + timedelta(days=days)).date().isoformat()

    def missing(self) -> list[str]:
        """What nobody hung: a route, a template, a kind of task, a question of the form."""
        paths = [page.path.split("?")[0] for page in self.pages.values()]
        routes = {
            route
            for route, methods in the_app().routes.items()
            if "GET" in methods and route not in PAGELESS
        }
        seen = {r for r in routes if any(re.fullmatch(_pattern(r), path) for path in paths)}
        files = {f"{p.parents[1].name}/{p.name}" for p in LIB.glob("**/templates/*.html")}
        lacking = [f"a page of {route}" for route in sorted(routes - seen)]
        lacking += [f"a page with {name}" for name in sorted(files - self.templates)]
        lacking += [f"a task {kind}" for kind in sorted(every_kind() - self.kinds)]
        asked_for = {path.rpartition("/")[2] for path in paths if path.startswith("/request/")}
        lacking += [f"the question {slug}" for slug in sorted(set(flow.BY_SLUG) - asked_for)]
        changed = {path.rpartition("/")[2] for path in paths if path.startswith("/status/change/")}
        return lacking + [f"the change {slug}" for slug in sorted(set(SECTIONS) - changed)]


def _pattern(route: str) -> str:
    return re.sub(r"\{\w+\}", "[^/]+", route)
