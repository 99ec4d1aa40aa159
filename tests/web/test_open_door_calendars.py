"""A month of Open-Door sessions in people's own calendars: whatever happens, each shows what is so."""

from __future__ import annotations

import random

import icalendar
import pytest
import recurring_ical_events
from chalice.test import Client

from chalicelib.domain.calendar import into_waking_hours, local
from chalicelib.meetings import changing, rows, sign_up
from chalicelib.meetings.model import Meeting
from tests.meetings import DAY, clock, entered, host, now, sign
from tests.phone import Phone
from tests.web.conftest import Browser
from tests.world import World

pytestmark = pytest.mark.promise("meetings-told", "open-door")
PEOPLE = [f"p{n}@example.org" for n in range(3)]


def act(world: World, chance: random.Random, meetings: list[Meeting]) -> None:
    """One thing that somebody does."""
    meeting = now(chance.choice(meetings))
    email = chance.choice(PEOPLE)
    found = rows.guest(meeting.id, rows.key_for(meeting.id, email))
    match chance.choice(["sign", "sign", "decline", "move", "cancel", "wait", "minute"]):
        case "sign" if meeting.on:
            sign(world, meeting, email)
        case "decline" if found is not None:
            sign_up.decline(meeting, found, world.at)
        case "move" if meeting.on and meeting.begins > world.at:
            later = local(meeting.at + chance.choice([-2, 1, 7, 35]) * DAY)
            if later.timestamp() > world.at:
                changing.move(meeting, later.strftime("%Y-%m-%dT%H:%M"), "staff:a", world.at)
        case "cancel" if meeting.on and meeting.begins > world.at and chance.random() < 0.4:
            changing.cancel(meeting, "staff:a", world.at)
        case "wait":
            world.at += chance.randrange(3600, 4 * DAY)
        case _:
            world.at += 60


@pytest.mark.parametrize("seed", range(6))
def test_every_calendar_shows_what_stands_however_the_month_went(
    world: World, client: Client, seed: int
) -> None:
    chance = random.Random(seed)
    meetings = [entered(world, days=days) for days in (6, 13, 20)]
    hosts = [host(world, one, f"host{n}@example.org").email for n, one in enumerate(meetings)]
    phones = {email: Phone() for email in (*PEOPLE, *hosts)}
    for _ in range(25):
        act(world, chance, meetings)
        if chance.random() < 0.6:
            clock(world)
    clock(world, into_waking_hours(world.at + 60))
    for mail in world.mails:
        phones[mail.to].take(mail.files)
    stand = [one for one in map(now, meetings) if one.on and one.at > world.at]
    for email in PEOPLE:
        mine = [
            (one.at, one.at + 3600)
            for one in stand
            if (who := rows.guest(one.id, rows.key_for(one.id, email))) and who.coming
        ]
        assert phones[email].shows(world.at) == sorted(mine), (seed, email)
    for email, first in zip(hosts, meetings, strict=True):
        led = now(first)
        expected = [(led.at, led.at + 3600)] if led in stand else []
        assert phones[email].shows(world.at) == expected
    public = icalendar.Calendar.from_ical(Browser(client).get("/open-door/feed/es").body)
    on = [one for one in public.walk("VEVENT") if str(one["STATUS"]) == "CONFIRMED"]
    whole = icalendar.Calendar()
    for event in on:
        whole.add_component(event)
    begin, end = local(world.at), local(world.at + 400 * DAY)
    shown = sorted(
        int(e.start.timestamp()) for e in recurring_ical_events.of(whole).between(begin, end)
    )
    assert [at for at in shown if at > world.at] == sorted(one.at for one in stand)
    assert len({str(one["UID"]) for one in public.walk("VEVENT")}) == len(public.walk("VEVENT"))
