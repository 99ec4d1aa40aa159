"""What Open-Door sessions hand in to the wing of meetings."""

from __future__ import annotations

from typing import Final

from chalicelib.meetings.owners import Owner
from chalicelib.web.languages import N_

NAME: Final = "open_door"
CALENDAR: Final = "/open-door"

ROOM: Final = Owner(
    name=NAME,
    what=N_("Open-Door session"),
    expect=N_(
        "A drop-in meeting with others who care for young children. Come with a question, or only "
        "listen. Please do not name a child."
    ),
    calendar=CALENDAR,
    page=lambda meeting: f"{CALENDAR}/{meeting.id}",
    console=lambda meeting: f"/console/open-door/{meeting.id}",
)
