"""The pages to pause, to open again and to flag: strict headers, own ids, and a GET that writes nothing
."""

from __future__ import annotations

import pytest
from chalice.test import Client

from tests import episode
from tests.web.conftest import Browser
from tests.web.staff import signed_in
from tests.web.test_every_page import headers_are_strict
from tests.web.test_status_pages import enter
from tests.world import World


def looked_at(world: World, browser: Browser, paths: list[str], lang: str) -> None:
    before = world.table.scan()["Items"]
    for path in paths:
        for method in ("HEAD", "GET"):
            page = browser.send(method, path)
            assert page.status == 200, path
            headers_are_strict(page.headers)
        assert page.lang == lang and page.heading and len(page.ids) == len(set(page.ids)), path
        assert " checked" not in page.body and "None" not in page.text
    assert world.table.scan()["Items"] == before


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_providers_pages(world: World, client: Client, lang: str) -> None:
    reference = episode.in_service(world)
    browser = Browser(client, lang)
    enter(world, browser, reference)
    looked_at(world, browser, ["/status/pause"], lang)
    reference = episode.closed(world)
    browser = Browser(client, lang)
    enter(world, browser, reference)
    looked_at(world, browser, ["/status/reopen"], lang)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_pages_of_staff_and_of_a_task(world: World, client: Client, lang: str) -> None:
    reference = episode.in_service(world)
    looked_at(world, Browser(client, lang), [f"/t/{world.link(reference)}/safety"], lang)
    browser = signed_in(world, client, "coordinator", lang)
    ways = ("pause", "safety")
    looked_at(world, browser, [f"/console/referrals/{reference}/{way}" for way in ways], lang)
    ended = episode.closed(world)
    browser = signed_in(world, client, "coordinator", lang)  # weeks have passed
    looked_at(world, browser, [f"/console/referrals/{ended}/reopen"], lang)
