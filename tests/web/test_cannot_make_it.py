"""Each side can reach the other, and a provider who cannot make a session says so in one press."""

from __future__ import annotations

import re

import pytest
from chalice.test import Client

from chalicelib.referral.delivery import service, service_form
from chalicelib.web.languages import moment_words
from chalicelib.workflow.storage import store
from infra.answers import day
from tests import episode
from tests.web.conftest import Browser
from tests.web.staff import signed_in
from tests.web.test_pauses import enter
from tests.world import World

pytestmark = pytest.mark.promise("sides-reach-each-other")
WISH = "Any morning but Tuesday"


def in_service(world: World) -> str:
    reference = episode.in_service(world, contact_phone="555-555-0142", contact_by="phone")
    world.relay()
    return reference


def letter_page(world: World) -> str:
    """The page that the provider's letter about the sessions leads to."""
    sent = next(m for m in world.mails[::-1] if m.to == "ana@example.org" and m.file)
    (found,) = re.findall(r"/session/[a-z0-9-]+", sent.text)
    return str(found)


def test_one_press_tells_the_consultant_and_asks_for_a_new_time(
    world: World, client: Client
) -> None:
    reference = in_service(world)
    state, browser = world.state(reference), Browser(client)
    assert state.sessions is not None and state.sessions.next is not None
    start, days = state.sessions.next, state.sessions.days()
    path, since = letter_page(world), len(world.mails)
    page = browser.get(path)
    assert page.status == 200 and "checked" not in page.body and "Ana" not in page.body
    assert browser.answer({}).status == 422
    assert world.state(reference).version == state.version, "looking and an empty press do nothing"
    browser.get(path)
    page = browser.answer({"decision": "cannot", "wish": WISH})
    assert page.path == path and "no time now" in page.text
    browser.get(path)
    world.relay()
    told = world.mails[since:]
    consultant = f"{state.consultant}@example.org"
    assert sorted(m.to for m in told) == sorted(["ana@example.org", consultant])
    assert all([f.method for f in m.files] == ["CANCEL"] for m in told)
    assert all(m.files[0].content.count("BEGIN:VEVENT") == 1 for m in told)
    (asked,) = [m for m in told if m.to == consultant]
    assert asked.link and "new time" in asked.text and WISH not in asked.text + asked.html
    after = world.state(reference)
    assert after.sessions is not None and after.sessions.next is None
    assert after.appointments == {n: at for n, at in days.items() if at != start}
    assert after.task is not None and start not in after.task.remind
    (shown,) = service.details(after)["declined"]
    assert (shown["moved_from"], shown["wish"]) == (start, WISH)
    since = len(world.mails)
    episode.post(world, reference, happened="move", next_day=day(world.at, 3), next_time="14:00")
    world.relay()
    assert {m.to for m in world.mails[since:]} == {"ana@example.org", consultant}
    assert all(f"UID:{reference}-1@" in m.files[0].content for m in world.mails[since:])
    assert service.details(world.state(reference))["declined"] == []


def test_a_page_that_showed_another_time_decides_nothing(world: World, client: Client) -> None:
    reference = in_service(world)
    browser, path = Browser(client), letter_page(world)
    browser.get(path)
    episode.post(world, reference, happened="move", next_day=day(world.at, 5), next_time="14:00")
    before = world.state(reference)
    page = browser.answer({"decision": "cannot"})
    assert page.status >= 400 and "2:00" in page.text
    assert world.state(reference).version == before.version
    assert browser.get(path[:-3] + "aaa").path == "/status", "a link that is not ours leads nowhere"
    world.at = (before.appointment or 0) + 3600
    assert "no time now" in browser.get(path).text, "what has begun cannot be declined"


def test_any_coming_session_can_be_declined_and_the_others_keep_their_days(
    world: World, client: Client
) -> None:
    reference = in_service(world)
    before, browser = world.state(reference), Browser(client)
    days, since = dict(before.appointments), len(world.mails)
    (third, start) = sorted(days.items())[2]
    page = browser.get(letter_page(world))
    (path,) = re.findall(rf'href="([^"]+)">{moment_words(start, "en")}<', page.body)
    browser.get(path)
    page = browser.answer({"decision": "cannot", "wish": WISH})
    assert "no time now" in page.text and path not in page.body
    after = world.state(reference)
    assert after.appointments == {n: at for n, at in days.items() if n != third}
    assert after.task == before.task, "the next one stands, and is asked about as before"
    world.relay()
    consultant = f"{after.consultant}@example.org"
    told = {m.to: m for m in world.mails[since:]}
    assert told.keys() == {"ana@example.org", consultant}
    assert all(f"UID:{reference}-{third}@" in m.files[0].content for m in told.values())
    assert moment_words(start, "en") in told[consultant].text
    for held in range(
        2
    ):  # until its turn comes the consultant reads of it; then it gets another day
        assert [one["wish"] for one in service.details(world.state(reference))["declined"]] == [
            WISH
        ]
        world.at = world.state(reference).appointments[held + 1] + 7200
        asked = service_form.form(world.state(reference))
        offered = [value for value, *_ in next(f for f in asked.fields if f.name == "next").options]
        assert ("as_planned" in offered) == (held == 0), (
            "a day that they cannot make is not offered"
        )
        coming = {"next": "as_planned"}
        if held:
            coming = {"next": "another", "next_day": day(world.at, 10), "next_time": "14:00"}
        episode.post(world, reference, happened="planned", minutes=60, mode="virtual", **coming)
    done = world.state(reference)
    assert done.sessions is not None and (done.sessions.off, done.sessions.held) == ([], 2)
    assert done.appointments.keys() == days.keys() - {1, 2}
    assert {n: at for n, at in done.appointments.items() if n > third} == {
        n: at for n, at in days.items() if n > third
    }


def test_keeping_it_changes_nothing_and_the_status_page_leads_here(
    world: World, client: Client
) -> None:
    reference = in_service(world)
    browser = Browser(client)
    page = enter(world, browser, reference)
    path, *later = re.findall(r"/session/[a-z0-9-]+", page.body)
    assert len(later) == len(world.state(reference).appointments) - 1 > 0
    before = world.state(reference).version
    browser.get(path)
    browser.answer({"decision": "can"})
    assert world.state(reference).version == before
    browser.get(path)
    browser.answer({"decision": "cannot"})
    assert [e.event for e in store.log(world.state(reference))].count("session_declined") == 1
    page = browser.get("/status/view")
    assert "You said that you cannot make a session." in page.text


def test_staff_say_it_for_whoever_calls(world: World, client: Client) -> None:
    reference = in_service(world)
    state = world.state(reference)
    assert state.sessions is not None
    staff = signed_in(world, client, "specialist")
    page = staff.get(f"/console/referrals/{reference}/act")
    (path,) = [link for link in page.links if link.endswith("/act/session")]
    assert staff.get(path).status == 200 and staff.answer({}).errors == [
        "session",
        "told_by",
        "told_how",
    ]
    staff.get(path)
    said = {"wish": WISH, "told_by": "Ana Demo", "told_how": "phone"}
    stale = staff.answer({**said, "session": "1.1"})
    assert stale.status == 422 and world.state(reference).version == state.version
    staff.get(path)
    page = staff.answer({**said, "session": f"1.{state.sessions.next}"})
    assert page.path == f"/console/referrals/{reference}" and page.status == 200
    after = world.state(reference)
    assert after.sessions is not None and after.sessions.next is None
    entry = store.log(after)[-1]
    assert (entry.actor, entry.payload["told_by"]) == ("staff:sofia-south", "Ana Demo")
    assert [one["wish"] for one in service.details(after)["declined"]] == [WISH]
    world.relay()
    assert [m.to for m in world.mails if "cannot make a session" in m.subject]
    assert f"1.{state.sessions.next}" not in staff.get(path).body, "it cannot be declined twice"


def test_both_sides_read_how_to_reach_the_other(world: World, client: Client) -> None:
    reference = in_service(world)
    who = world.state(reference).consultant
    page = enter(world, Browser(client), reference)
    assert f"{who}@example.org" in page.text and "555-555-01" in page.text
    sent = [m for m in world.mails if "How to reach" in m.text]
    theirs = [m for m in sent if m.to == "ana@example.org"]
    assert any(f"{who}@example.org" in m.text for m in theirs)
    ours = [m for m in world.mails if m.to == f"{who}@example.org"]
    world.relay()
    since = len(world.mails)
    episode.post(world, reference, happened="move", next_day=day(world.at, 5), next_time="14:00")
    world.relay()
    news = [m for m in world.mails[since:] if m.to == f"{who}@example.org"]
    assert news and "Ana Demo: 555-555-0142 · ana@example.org" in news[0].text, "as they prefer"
    assert not any("Ana" in m.subject for m in [*ours, *news])


def test_where_they_meet_is_the_site_and_never_ours(world: World, client: Client) -> None:
    """The Network speaks on the status page: "our site" would be the Network's."""
    page = enter(world, Browser(client), in_service(world))
    assert "In person, at the site" in page.text and "our site" not in page.text
