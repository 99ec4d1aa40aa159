"""A Community in Spanish through its pages: staff enter it, a provider joins, the seat is theirs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from chalice.test import Client

from chalicelib.aws import dynamodb
from chalicelib.directory import contacts
from chalicelib.domain.calendar import into_waking_hours, local
from chalicelib.meetings import attendance, rows
from chalicelib.services.communities import groups, met
from chalicelib.services.communities.model import Seat
from chalicelib.services.communities.season import desk_link, members, plan
from chalicelib.workflow import board
from chalicelib.workflow.storage import store
from tests.communities.script import begins, season
from tests.meetings import entered
from tests.web.conftest import Browser
from tests.web.staff import press, signed_in
from tests.web.taskpages import known_as, prove
from tests.web.test_open_door import opened
from tests.workflow.lifecycle import LifecycleHarness

ROSA = {
    "setting": "ffn",
    "languages": "es",
    "name": "Rosa",
    "email": "rosa@example.org",
    "county": "los_angeles",
}


def day(harness: LifecycleHarness, days: int) -> str:
    return (local(harness.world.at) + timedelta(days=days)).date().isoformat()


def group_leader(key: str) -> str:
    return groups.group(key).facilitator


def seats(harness: LifecycleHarness) -> list[Seat]:
    lines, _ = board.page("open", "", harness.world.at, case_type="seat")
    return [store.load(line.reference, Seat, consistent=True) for line in lines]


def passes(harness: LifecycleHarness, seconds: int) -> None:
    harness.world.at += seconds
    harness.run_scheduler()
    harness.settle()


def given(seat: Seat) -> dict[str, bool]:
    """What their record says of them: whether it was support that they had."""
    return {one.service: one.given for one in contacts.found(email=seat.contact.email)}


def link_in(harness: LifecycleHarness, path: str) -> str:
    found = [re.search(rf"/{path}/([a-z0-9-]+)", mail.text) for mail in harness.world.mails]
    return next(one[1] for one in reversed(found) if one)


@pytest.mark.promise("seat-information-first", "seat-attendance", "seat-on-record")
def test_a_community_from_the_staff_s_pages_to_completion(
    harness: LifecycleHarness, client: Client
) -> None:
    world = harness.world
    cora = signed_in(world, client, "coordinator", "es")
    entering = "/console/communities/sessions/new"
    said = {"title_en": "What it is", "title_es": "Qué es", "language": "es", "repeat": "once",
            "first": day(harness, 2), "time": "17:30", "minutes": "60",
            "host": "consultant:alma-reyes", "join": "https://example.org/demo"}  # fmt: skip
    cora.get(entering)
    shown = press(cora, entering, **said)
    assert press(cora, entering, **said, _dates=shown.hidden["_dates"]).status == 200
    cora.get("/console/communities")
    page = cora.answer(
        {
            "name": "Primavera",
            "opens": day(harness, 0),
            "first": day(harness, 7),
            "last": day(harness, 60),
        }
    )
    group = {"name": "Martes", "language": "es", "facilitator": "consultant:alma-reyes", "cap": "1",
             "day": day(harness, 7), "time": "18:00", "minutes": "90", "every": "1", "times": "3",
             "on_holiday": "keep", "needed": "2", "joins": "2",
             "join": "https://example.org/group"}  # fmt: skip
    page = cora.answer(group)
    key = page.path.rpartition("/")[2]
    assert groups.group(key).cap == 1, page.text

    browser = Browser(client, "es")
    page = browser.get("/communities")
    assert "Martes (Español)" in page.text
    (session,) = re.findall(r'name="session"[^>]*value="([0-9a-f]{12})"', page.body)
    assert browser.answer({**ROSA, "session": session}).status == 200
    harness.settle()
    (seat,) = seats(harness)
    assert seat.task is not None and seat.task.kind == "information_wait"
    browser.get("/communities")
    browser.answer({**ROSA, "session": session})
    assert len(seats(harness)) == 1, "an address has one seat"
    assert given(seat) == {"community": False, "information": False}

    passes(harness, rows.load(session).ends - world.at + 60)
    assert seats(harness)[0].task.kind == "information_wait", "nobody has said who came"
    host = f"/meeting/host/{link_in(harness, 'meeting/host')}"
    opened(browser, host)
    came = rows.key_for(session, "rosa@example.org")
    browser.post(host, {**browser.page.hidden, "came": came})
    passes(harness, 3 * 3600 + 60)
    (seat,) = seats(harness)
    assert seat.task is not None and seat.task.kind == "registration"
    # It is evening by now: the letter comes in the morning.
    passes(harness, into_waking_hours(world.at) - world.at + 60)
    page = browser.get(f"/t/{link_in(harness, 't')}")
    browser.post(page.path, {**page.hidden, "decision": "register", "groups": key})
    harness.settle()
    (seat,) = seats(harness)
    assert seat.seated and groups.group(key).held == [seat.reference]
    assert "https://example.org/group" not in world.mails[-1].text, "told when it is near"
    assert given(seat) == {"community": False, "information": True}

    table = link_in(harness, "desk")
    first, second, _third = plan.meetings(key)
    who = members.key_of(seat.reference)
    passes(harness, first.begins - world.at + 60)
    leads = group_leader(key)
    known_as(browser, leads)
    browser.get(f"/desk/{table}/meetings/{first.id}")
    page = browser.answer({"came": who})
    assert page.status == 200 and "Rosa" in page.text
    passes(harness, second.begins - world.at + 60)
    browser.get(f"/desk/{table}/meetings/{second.id}")
    browser.answer({"made_up": who})
    browser.get(f"/desk/{table}")
    browser.answer({"notes": "Good talk"})
    assert (
        "Good talk"
        not in signed_in(world, client, "admin").get(f"/console/communities/groups/{key}").text
    )
    passes(harness, groups.group(key).over - world.at + 60)
    assert given(seat) == {"community": True, "information": True}
    assert met.tell([seat.reference], "es")[seat.reference][0] == "Temporada terminada"
    done = store.load(seat.reference, Seat, consistent=True)
    assert (done.status, done.closure, done.met) == ("completed", "completed", 2)
    assert "Felicidades" in world.mails[-1].text
    report = signed_in(world, client, "coordinator").get(f"/console/communities/groups/{key}")
    assert re.search(r"Completed it</dt><dd>1<", report.body)
    assert not world.broken


@pytest.mark.promise("seat-home-based-only", "seat-language")
@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"setting": "center"}, "Las Comunidades son para quienes cuidan en un hogar"),
        ({"languages": "other"}, "Por ahora no hay un grupo en su idioma"),
    ],
)
def test_who_the_groups_are_not_for_is_led_to_what_fits(
    harness: LifecycleHarness, client: Client, answers: dict[str, str], told: str
) -> None:
    browser = Browser(client, "es")
    assert "¿No tiene correo electrónico?" in browser.get("/communities").text
    page = browser.answer({**ROSA, "session": "later", **answers})
    assert told in page.text and not seats(harness) and not harness.world.mails


def test_a_seat_is_given_back_by_its_own_page_and_goes_to_the_next(
    harness: LifecycleHarness, client: Client
) -> None:
    season(harness.world, martes=1)
    for number in range(2):
        reference = begins(harness.world)
        harness.settle()
        browser = Browser(client, "es")
        page = browser.get(f"/t/{link_in(harness, 't')}")
        browser.post(page.path, {**page.hidden, "decision": "register", "groups": "martes"})
        harness.settle()
        if not number:
            first, own = reference, link_in(harness, "seat")
        harness.world.at += 60
    browser = Browser(client, "es")
    browser.get(f"/seat/{own}")
    page = browser.answer({"decision": "leave"})
    assert page.status == 200
    assert store.load(first, Seat, consistent=True).status == "left"
    passes(harness, 60)
    assert groups.group("martes").held == [reference]


def test_places_are_never_fewer_than_the_seats_that_are_held(
    harness: LifecycleHarness, client: Client
) -> None:
    season(harness.world, martes=2)
    for one in ("A", "B"):
        dynamodb.write(groups.take_place("martes", one))
    cora = signed_in(harness.world, client, "coordinator")
    said = {"name": "martes", "facilitator": "consultant:alma-reyes", "needed": "4", "joins": "1",
            "join": "https://example.org/group"}  # fmt: skip
    cora.get("/console/communities/groups/martes/change")
    refused = cora.answer({**said, "cap": "1"})
    assert refused.status == 422 and "More people than that have a seat" in refused.text
    assert groups.group("martes").cap == 2
    cora.get("/console/communities/groups/martes/change")
    assert cora.answer({**said, "cap": "3"}).status == 200
    assert groups.group("martes").cap == 3


@pytest.mark.promise("safety-concern-paged")
def test_somebody_in_the_group_who_worries_the_facilitator_pages_the_lead(
    harness: LifecycleHarness, client: Client
) -> None:
    season(harness.world, martes=1)
    reference = begins(harness.world)
    harness.settle()
    dynamodb.write(groups.take_place("martes", reference))
    groups.count_link("martes")
    link = desk_link.address(groups.group("martes")).rpartition("/")[2]
    browser = Browser(client)
    known_as(browser, group_leader("martes"))
    browser.get(f"/desk/{link}/{reference}/safety")
    browser.answer({"protocol": "other_safety", "completed": "yes"})
    harness.settle()
    assert harness.world.mails[-1].to == "sam-lead@example.org"


def test_an_older_link_to_the_desk_is_closed_by_a_newer_one(
    harness: LifecycleHarness, client: Client
) -> None:
    season(harness.world)
    old = desk_link.address(groups.group("martes")).rpartition("/")[2]
    cora = signed_in(harness.world, client, "coordinator")
    cora.get("/console/communities/groups/martes/desk")
    assert "The old one opens nothing now" in cora.answer({}).text
    gone = Browser(client).get(f"/desk/{old}")
    assert gone.status == 410 and "martes" not in gone.text
    new = link_in(harness, "desk")
    browser = Browser(client)
    page = browser.get(f"/desk/{new}")
    assert new != old and "martes" not in page.text, "no name of anybody before the code"
    assert browser.post(f"/desk/{new}/open", {}).status == 422
    page = browser.post(f"/desk/{new}/open", {"mine": "yes"})
    assert "_code" in page.names and "martes" not in page.text
    assert "martes" in prove(browser, page).text
    assert "martes" not in Browser(client).get(f"/desk/{new}").text, "in that browser alone"


def test_who_can_come_to_no_session_is_asked_again_in_a_week_as_they_wished(
    harness: LifecycleHarness, client: Client
) -> None:
    browser = Browser(client, "es")
    browser.get("/communities")
    page = browser.answer({**ROSA, "session": "later"})
    assert "En una semana le escribiremos otra vez" in page.text
    harness.settle()
    (seat,) = seats(harness)
    assert seat.task is not None and seat.task.kind == "information_wait"
    assert not harness.world.mails, "nobody is asked before the week is over"
    passes(harness, 7 * 86400 + 120)
    (seat,) = seats(harness)
    assert seat.task is not None and seat.task.kind == "information_session"
    assert [m.to for m in harness.world.mails] == [ROSA["email"]]


def test_who_comes_to_a_session_while_we_wait_to_ask_again_may_register(
    harness: LifecycleHarness, client: Client
) -> None:
    session = entered(harness.world, days=3, room="communities", language="es")
    browser = Browser(client, "es")
    browser.get("/communities")
    browser.answer({**ROSA, "session": "later"})
    harness.settle()
    harness.world.at = session.ends + 60
    typed = {"names": f"Rosa Vega, {ROSA['email']}"}
    attendance.record(rows.load(session.id), typed, "staff:ada-admin", harness.world.at)
    passes(harness, 5 * 86400)
    (seat,) = seats(harness)
    assert seat.task is not None and seat.task.kind == "registration"


def test_nobody_signs_up_for_a_session_that_they_cannot_follow(
    harness: LifecycleHarness, client: Client
) -> None:
    session = entered(harness.world, days=3, room="communities", language="en")
    browser = Browser(client, "es")
    browser.get("/communities")
    page = browser.answer({**ROSA, "session": session.id})
    assert page.status == 422 and page.errors == ["session"] and not seats(harness)
    page = browser.answer({**ROSA, "languages": ["es", "en"], "session": session.id})
    assert page.status == 200 and len(seats(harness)) == 1
    browser.get("/communities")
    page = browser.answer({**ROSA, "languages": "other", "session": session.id})
    assert "Por ahora no hay un grupo en su idioma" in page.text
