"""What this room hands in for its Information Sessions, which are meetings like any other."""

from __future__ import annotations

from typing import Final

from chalicelib.meetings import rows
from chalicelib.meetings.model import Meeting
from chalicelib.meetings.owners import Owner
from chalicelib.web.languages import N_

ROOM: Final = "communities"
PAGE: Final = "/communities"
CONSOLE: Final = "/console/communities"
OWNER: Final = Owner(
    name=ROOM,
    what=N_("Information Session"),
    expect=N_(
        "You hear what a Community of Support is and how the groups work. Then you can register."
    ),
    service="information",
    plural=N_("Information Sessions"),
    desk=f"{CONSOLE}/sessions",
    enters=f"{CONSOLE}/sessions/new",
    page=lambda meeting: PAGE,
    console=lambda meeting: f"{CONSOLE}/sessions/{meeting.id}",
)


def sessions(at: int) -> list[Meeting]:
    """The Information Sessions ahead, the next first."""
    return [one for one in rows.ahead(ROOM, at) if one.open_at(at)]
