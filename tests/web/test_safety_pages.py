"""Where a safety concern can be reported, what the page says, and what it never asks."""

from __future__ import annotations

import pytest
from chalice.test import Client

from chalicelib.web.languages import translator
from chalicelib.workflow.storage import store
from tests.episode import STAGES
from tests.web.conftest import Browser
from tests.web.staff import press, signed_in
from tests.web.taskpages import inside as the_task
from tests.world import World

pytestmark = pytest.mark.promise("safety-concern-paged")

CHOSEN = {"protocol": "abuse_or_neglect", "completed": "no"}


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("inside", [False, True])
def test_a_consultant_reports_from_the_task(
    world: World, client: Client, inside: bool, lang: str
) -> None:
    _ = translator(lang)
    reference = STAGES["waits_for_summary"](world)
    browser = Browser(client, lang)
    link = world.link(reference)
    page = browser.get(f"/t/{link}")
    if inside:
        page = the_task(browser, link)
    path = f"{page.path}/safety"
    assert path in page.body and _("Report a safety concern") in page.text
    before = world.state(reference).version
    page = browser.get(path)
    assert page.status == 200 and page.lang == lang and world.state(reference).version == before
    for words in ("911", "988", _("hotline numbers of all counties")):
        assert words in page.text
    assert "<textarea" not in page.body and 'type="text"' not in page.body
    assert "checked" not in page.body
    assert browser.answer({}).status == 422
    browser.get(path)
    page = browser.answer(CHOSEN)
    assert page.status == 200 and _("The on-call lead is being told now.") in page.text
    state = world.state(reference)
    assert len(state.side_tasks) == 1 and state.task is not None and state.task.kind == "summary"
    assert store.log(state)[-1].actor == "consultant"


@pytest.mark.promise("scanner-submits", "known-and-unknown-alike")
def test_a_program_or_a_stranger_flags_nothing(world: World, client: Client) -> None:
    reference = world.offered()
    link = world.link(reference)
    browser = Browser(client)
    assert browser.post(f"/t/{link}/safety", CHOSEN).status == 422
    assert world.state(reference).side_tasks == []
    for path in ("/t/nothing/safety", f"/task/{reference}/1/safety"):
        page = browser.get(path)
        assert page.status == 404 and "safety concern" not in page.text


def test_a_providers_task_has_no_such_page(world: World, client: Client) -> None:
    reference = STAGES["waits_for_agreement"](world)
    browser = Browser(client)
    link = world.link(reference)
    assert "/safety" not in browser.get(f"/t/{link}").body
    assert browser.get(f"/t/{link}/safety").path == f"/t/{link}"


@pytest.mark.parametrize("role", ["specialist", "coordinator", "supervisor", "admin"])
def test_staff_report_from_the_case_page(world: World, client: Client, role: str) -> None:
    reference = STAGES["waits_for_triage"](world)
    browser = signed_in(world, client, role)
    path = f"/console/referrals/{reference}/safety"
    assert path in browser.get(f"/console/referrals/{reference}").body
    browser.get(path)
    page = press(browser, path, **CHOSEN)
    assert page.status == 200 and "being told now" in page.text
    assert store.log(world.state(reference))[-1].actor == role
