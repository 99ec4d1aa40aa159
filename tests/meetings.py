"""Meetings for tests: one to come, people who sign up, and the clock that looks at what is due."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.calendar import local
from chalicelib.meetings import changing, rows, sign_up
from chalicelib.meetings.model import HOST, Meeting, SignUp
from chalicelib.workflow import scheduler
from tests.world import Mail, World

DAY = 86400
JOIN = "https://meet.example.org/room-7731"


def entered(world: World, days: float = 10, room: str = "open_door", **more: Any) -> Meeting:
    """A meeting so many days from now, as staff enter it."""
    starts = local(int(world.at + days * DAY)).strftime("%Y-%m-%dT%H:%M")
    minutes = more.pop("minutes", 60)
    made = Meeting(
        id=rows.new_id(),
        room=room,
        starts=starts,
        minutes=minutes,
        **{
            "title": {"en": "When a day is hard", "es": "Cuando el día es difícil"},
            "join": JOIN,
            "language": "en",
            **rows.instants(starts, minutes, world.at),
            **more,
        },
    )
    changing.enter(made, "staff:ada-admin", world.at)
    return made


def sign(world: World, meeting: Meeting, email: str = "rosa@example.org", **more: Any) -> SignUp:
    """Somebody signs up; the clock sends what they are owed."""
    who = sign_up.guest(meeting, world.at, "self", email=email, **more)
    sign_up.sign_up(who, world.at)
    return who


def clock(world: World, at: int | None = None) -> list[Mail]:
    """Let the clock look at ``at``; the letters that left."""
    world.at = at if at is not None else world.at
    before = len(world.mails)
    scheduler.clock({"detail": {"duty": "due"}}, None)
    return world.mails[before:]


def now(meeting: Meeting) -> Meeting:
    """A meeting as it stands."""
    return rows.load(meeting.id)


def host(world: World, meeting: Meeting, to: str = "host@example.org") -> SignUp:
    """Somebody who leads it."""
    who = SignUp("h" * 26, meeting.id, world.at, "staff:ada-admin", part=HOST, email=to)
    from chalicelib.aws import dynamodb

    dynamodb.write(rows.guest_row(who))
    return who
