"""What Open-Door sessions hand in to the wing of meetings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chalicelib.meetings.guest_pages import helpline
from chalicelib.meetings.model import Meeting, SignUp
from chalicelib.meetings.owners import Owner, Step
from chalicelib.web.languages import N_

NAME: Final = "open_door"
CALENDAR: Final = "/open-door"
DESK: Final = "/console/open-door"

COMMUNITY: Final = Step(
    N_("Communities of Support"),
    N_("For people who give care at home: a group that meets online over a season."),
    begin="community",
    press=N_("Look at the groups"),
)
REQUEST: Final = Step(
    N_("Ask for a consultant"),
    N_("A consultant gets to know you and your program, and makes a plan with you."),
    begin="request",
    press=N_("Begin a request"),
)


def steps(meeting: Meeting, who: SignUp) -> Sequence[Step]:
    """What somebody is offered who came."""
    return (helpline(), COMMUNITY, REQUEST)


ROOM: Final = Owner(
    name=NAME,
    what=N_("Open-Door session"),
    plural=N_("Open-Door sessions"),
    expect=N_(
        "A drop-in meeting with others who care for young children. Come with a question, or only "
        "listen. Please do not name a child."
    ),
    desk=DESK,
    enters=f"{DESK}/new",
    console=lambda meeting: f"{DESK}/{meeting.id}",
    calendar=CALENDAR,
    service=NAME,
    page=lambda meeting: f"{CALENDAR}/{meeting.id}",
    steps=steps,
)
