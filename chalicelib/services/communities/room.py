"""What this room hands in for its Information Sessions, which are meetings like any other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chalicelib.meetings import rows
from chalicelib.meetings.guest_pages import helpline
from chalicelib.meetings.model import DROP_IN, Meeting, SignUp
from chalicelib.meetings.owners import Owner, Step
from chalicelib.web.languages import N_
from chalicelib.workflow import registry

ROOM: Final = "communities"
PAGE: Final = "/communities"
CONSOLE: Final = "/console/communities"
SERVICE: Final = "information"


def _dropped_in(meeting: Meeting, who: SignUp, at: int) -> None:
    registry.load("chalicelib.services.communities.information:dropped_in")(meeting, who, at)


def _steps(meeting: Meeting, who: SignUp) -> Sequence[Step]:
    """What somebody is offered who came. Whoever asked for a seat is asked to register by itself."""
    return (REGISTER, helpline()) if who.part == DROP_IN else (helpline(),)


REGISTER: Final = Step(
    N_("Register for a Community of Support"),
    N_("You have been to an Information Session: send the first step with the same email address."),
    path=PAGE,
)
OWNER: Final = Owner(
    name=ROOM,
    what=N_("Information Session"),
    expect=N_(
        "You hear what a Community of Support is and how the groups work. Then you can register."
    ),
    service=SERVICE,
    plural=N_("Information Sessions"),
    desk=f"{CONSOLE}/sessions",
    enters=f"{CONSOLE}/sessions/new",
    page=lambda meeting: PAGE,
    came=_dropped_in,
    steps=_steps,
    console=lambda meeting: f"{CONSOLE}/sessions/{meeting.id}",
)


def sessions(at: int) -> list[Meeting]:
    """The Information Sessions ahead, the next first."""
    return [one for one in rows.ahead(ROOM, at) if one.open_at(at)]
