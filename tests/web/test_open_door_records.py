"""Who signs up for Open-Door sessions and comes, in the one record of a person."""

from __future__ import annotations

import logging

import pytest
from chalice.test import Client

from chalicelib.directory import contacts
from chalicelib.meetings import attendance, rows, sign_up
from chalicelib.meetings.model import Meeting
from chalicelib.workflow.lists import records
from tests.meetings import entered, now, sign
from tests.web.conftest import Browser
from tests.web.staff import press, signed_in
from tests.world import World

pytestmark = pytest.mark.promise("one-record", "open-door")
PHONE = "213-555-0142"


def known(email: str = "rosa@example.org", phone: str = "") -> list[tuple[str, bool]]:
    return [(one.service, one.given) for one in contacts.found(email=email, phone=phone)]


def held(world: World, meeting: Meeting, came: list[str], names: str = "", more: int = 0) -> None:
    """The session takes place, and its host says who came."""
    world.at = max(world.at, meeting.begins)
    said = {"came": came, "names": names, "drop_ins": more}
    attendance.record(now(meeting), said, "consultant:alma-reyes", world.at)


def test_a_sign_up_is_in_the_record_at_once_and_counts_once_they_came(world: World) -> None:
    meeting = entered(world)
    rosa = sign(world, meeting)
    assert known() == [("open_door", False)]
    held(world, meeting, [rosa.key])
    assert known() == [("open_door", True)]
    held(world, meeting, [])
    assert known() == [("open_door", False)]


def test_who_drops_in_by_name_or_uncounted_writes_nothing(world: World) -> None:
    meeting = entered(world)
    held(world, meeting, [], "Ana Díaz\nLuz", 4)
    assert list(contacts.every()) == []


def test_an_address_that_a_stranger_typed_is_in_no_record_any_more(world: World) -> None:
    meeting = entered(world)
    for email, quietly in (("rosa@example.org", False), ("luis@example.org", True)):
        who = sign(world, meeting, email)
        sign_up.decline(meeting, who, world.at, quietly=quietly)
    assert (known(), known("luis@example.org")) == ([("open_door", False)], [])


def test_the_timeline_says_what_somebody_signed_up_for_and_came_to(
    world: World, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    meeting, other = entered(world), entered(world, days=30)
    sofia = signed_in(world, client, "specialist")
    for one in (meeting, other):
        own = f"/console/open-door/{one.id}"
        sofia.get(f"{own}/add")
        press(sofia, f"{own}/add", name="Ana Díaz", phone=PHONE, lang="es")
    ana = next(one for one in rows.guests(meeting.id) if one.name)
    held(world, meeting, [ana.key])
    records.forget()
    sofia = signed_in(world, client, "specialist")
    keys = [one.key for one in contacts.every()]
    shown = sofia.get(f"/console/people/{records.records().owner('person', keys[0])}")
    assert "Came to: When a day is hard" in shown.text and "Signed up: When a day" in shown.text
    assert f"/console/open-door/{meeting.id}" in shown.links
    with caplog.at_level(logging.INFO):
        session = sofia.get(f"/console/open-door/{meeting.id}")
    assert "Alma Reyes said so" in session.text
    looks = [vars(one) for one in caplog.records if one.message == "sign-ups viewed"]
    assert [(one["actor"], one["meeting"]) for one in looks][-1:] == [
        ("staff:sofia-south", meeting.id)
    ]


def test_the_host_who_looks_is_written_down(
    world: World, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    from tests.web.test_open_door import hosted, opened

    meeting, link = hosted(world, client)
    sign(world, meeting)
    with caplog.at_level(logging.INFO):
        opened(Browser(client), link)
    looks = [vars(one) for one in caplog.records if one.message == "sign-ups viewed"]
    assert [one["actor"] for one in looks][-1:] == ["consultant:alma-reyes"]
