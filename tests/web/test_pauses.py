"""Pause and go on: by the provider, by the consultant, by staff; who is told, and what comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from chalice.test import Client

from chalicelib.console.sentence import sentence
from chalicelib.domain.calendar import pacific_date
from chalicelib.referral.delivery import service_form
from chalicelib.referral.model import Referral
from chalicelib.web.languages import translator
from chalicelib.workflow import scheduler
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.storage import store
from tests import episode
from tests.web.conftest import Browser
from tests.web.staff import press, signed_in
from tests.web.test_status_pages import enter
from tests.world import World

pytestmark = pytest.mark.promise("pauses-are-said")

DAY = 86400


def on(world: World, days: int) -> str:
    return (pacific_date(world.at) + timedelta(days=days)).isoformat()


def letters(world: World, since: int) -> list[tuple[str, str]]:
    world.relay()
    return [(m.to, m.subject.split(" · ")[0]) for m in world.mails[since:]]


def whole(world: World, reference: str) -> None:
    state = world.state(reference)
    assert same_story(fold(Referral, reference, store.log(state)), state)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_provider_pauses_until_a_day_and_the_consultant_is_told(
    world: World, client: Client, lang: str
) -> None:
    _ = translator(lang)
    reference = episode.in_service(world)
    world.relay()
    browser = Browser(client, lang)
    page = enter(world, browser, reference)
    assert _("Pause my request") in page.text
    since = len(world.mails)
    page = browser.get("/status/pause")
    assert page.status == 200 and page.lang == lang and "checked" not in page.body
    page = browser.answer({"decision": "yes", "until": on(world, 20)})
    assert page.path == "/status/view" and page.heading == _("Paused")
    told = _("You asked for the pause on %(date)s.", date="X").split("X")[0]
    assert told in page.text and _("Go on now") in page.text
    state = world.state(reference)
    assert state.pause is not None and state.status == "paused_by_site"
    assert (state.reason, state.pause.by) == ("site_asked", "provider")
    consultant = f"{state.consultant}@example.org"
    off = (state.contact.email, "Planned sessions that do not take place")
    assert letters(world, since) == [(consultant, "The work on a request is paused"), off]
    assert all([f.method for f in m.files] == ["CANCEL"] for m in world.mails[since:])
    whole(world, reference)


def test_too_long_a_pause_or_none_at_all_is_refused_beside_the_field(
    world: World, client: Client
) -> None:
    reference = episode.in_service(world)
    browser = Browser(client)
    enter(world, browser, reference)
    for until in (on(world, 91), on(world, 0), ""):
        browser.get("/status/pause")
        page = browser.answer({"decision": "yes", "until": until})
        assert page.status == 422 and set(page.errors) == {"until"}
    browser.get("/status/pause")
    assert browser.answer({"decision": "no"}).path == "/status/view"
    assert browser.get("/status/resume").path == "/status/view"
    assert world.state(reference).pause is None


@pytest.mark.promise("double-press")
def test_the_provider_goes_on_earlier_and_a_second_press_changes_nothing(
    world: World, client: Client
) -> None:
    reference = episode.in_service(world)
    browser = Browser(client)
    enter(world, browser, reference)
    browser.get("/status/pause")
    browser.answer({"decision": "yes", "until": on(world, 20)})
    before = world.state(reference).task
    world.at += 5 * DAY
    enter(world, browser, reference)
    page = browser.get("/status/resume")
    fields = {"decision": "yes", "_nonce": page.hidden["_nonce"]}
    browser.post("/status/resume", fields)
    browser.post("/status/resume", fields)
    state = world.state(reference)
    assert state.pause is None and state.status == "in_service"
    assert [e.event for e in store.log(state)].count("resumed") == 1
    assert before is not None and state.task is not None and state.task.escalate is not None
    assert before.escalate is not None
    assert state.task.escalate == before.escalate + 5 * DAY, "quiet days do not count the pause"
    whole(world, reference)


def test_the_one_who_paused_is_reminded_and_it_goes_on_by_itself(
    world: World, client: Client
) -> None:
    reference = episode.in_service(world)
    browser = Browser(client)
    enter(world, browser, reference)
    browser.get("/status/pause")
    browser.answer({"decision": "yes", "until": on(world, 20)})
    world.relay()
    hold = world.state(reference).pause
    assert hold is not None and hold.remind is not None
    assert 2 * DAY < hold.until - hold.remind < 4 * DAY
    since = len(world.mails)
    for at, kind in ((hold.remind, "pause_ends_soon"), (hold.until, "resumed")):
        world.at = at
        scheduler.look(reference, at)
        assert store.log(world.state(reference))[-1].event == kind
        scheduler.look(reference, at)
    state = world.state(reference)
    assert state.pause is None and state.status == "in_service"
    told = letters(world, since)
    assert told[0] == ("ana@example.org", "The pause ends soon")
    assert ("ana@example.org", "The pause is over: the work goes on") in told
    assert [to for to, _subject in told].count(f"{state.consultant}@example.org") == 1
    whole(world, reference)


def test_the_consultant_pauses_on_the_session_page_and_an_entry_ends_the_pause(
    world: World,
) -> None:
    reference = episode.in_service(world)
    episode.hold(world, reference)
    world.relay()
    since = len(world.mails)
    episode.post(
        world, reference, happened="pause", pause_reason="permission_not_given",
        pause_until=on(world, 40),
    )  # fmt: skip
    state = world.state(reference)
    assert (state.status, state.reason) == ("awaiting_consent", "permission_not_given")
    off = (f"{state.consultant}@example.org", "Planned sessions that do not take place")
    assert letters(world, since) == [("ana@example.org", "The work on a request is paused"), off]
    said = sentence(state, store.log(state), world.at, "en").text
    assert said.startswith("Paused by the consultant") and "permission" in said
    options = [o[0] for o in service_form.form(state).fields[0].options]
    assert "resume" in options and "pause" in options
    world.at += 10 * DAY
    state = episode.hold(world, reference)
    assert state.pause is None and state.status == "in_service" and state.reason == ""
    assert state.paused >= 10 * DAY
    whole(world, reference)


def test_the_consultant_goes_on_by_a_press(world: World) -> None:
    reference = episode.in_service(world)
    episode.post(
        world, reference, happened="pause", pause_reason="site_asked", pause_until=on(world, 40)
    )
    world.at += 3 * DAY
    world.relay()
    since = len(world.mails)
    state = episode.post(world, reference, happened="resume")
    assert state.pause is None and state.task is not None
    assert letters(world, since)[0] == ("ana@example.org", "The pause is over: the work goes on")
    assert [f.method for m in world.mails[since:] for f in m.files] == ["REQUEST"] * 2, "both sides"


@pytest.mark.promise("ended-stays-ended")
def test_a_withdrawal_in_a_pause_stays_the_end(world: World) -> None:
    from chalicelib.referral.status.withdraw import withdraw

    reference = episode.in_service(world)
    episode.post(
        world, reference, happened="pause", pause_reason="site_asked", pause_until=on(world, 40)
    )
    world.at += DAY
    withdraw(reference, "", "w")
    world.at += 50 * DAY
    scheduler.look(reference, world.at)
    state = world.state(reference)
    assert (state.status, state.pause) == ("withdrawn", None)
    whole(world, reference)


@pytest.mark.promise("deny-by-default")
@pytest.mark.parametrize("role", ["specialist", "coordinator", "supervisor", "admin"])
def test_staff_pause_with_a_reason_and_a_disaster_is_for_some(
    world: World, client: Client, role: str
) -> None:
    reference = episode.in_service(world)
    world.relay()
    browser = signed_in(world, client, role)
    path = f"/console/referrals/{reference}/pause"
    # Who talks with providers finds it with all else that is done for one who calls.
    ways = f"/console/referrals/{reference}" + ("" if role == "admin" else "/act")
    assert path in browser.get(ways).links
    page = browser.get(path)
    disaster = "disaster_pause:declared_emergency"
    assert (disaster in page.body) == (role in ("coordinator", "admin"))
    since = len(world.mails)
    asked = {"decision": "pause", "why": disaster, "until": on(world, 30)}
    page = press(browser, path, **asked)
    if role not in ("coordinator", "admin"):
        assert page.status == 422 and world.state(reference).pause is None
        told = {"told_by": "Ana Demo", "told_how": "phone"}
        page = press(browser, path, **(asked | told | {"why": "paused_by_site:site_asked"}))
    assert page.path == f"/console/referrals/{reference}"
    world.at += 3600
    page = browser.get(f"/console/referrals/{reference}")
    assert "Paused by the Network" in page.text and "Of it not counted" not in page.text
    state = world.state(reference)
    told = [to for to, _subject in letters(world, since)]
    assert told == ["ana@example.org", f"{state.consultant}@example.org"]
    browser.get(path)
    press(browser, path, decision="resume")
    assert world.state(reference).pause is None
    whole(world, reference)
