"""The mailed links of a meeting: each is signed for one purpose and one person, and ends by itself."""

from __future__ import annotations

from typing import Final

from chalicelib.aws.settings import settings
from chalicelib.meetings import rows
from chalicelib.meetings.model import Meeting, SignUp
from chalicelib.web import links

CANNOT_COME: Final = "meeting-no"
THANKS: Final = "meeting-thanks"
HOST: Final = "meeting-host"
PATHS: Final = {CANNOT_COME: "/meeting/no", THANKS: "/meeting/thanks", HOST: "/meeting/host"}
# Seconds for which a link is good after the meeting.
AFTER: Final = 60 * 86400


def address(purpose: str, meeting: Meeting, who: SignUp) -> str:
    """The whole address of somebody's page."""
    ticket = links.ticket(purpose, meeting.id + who.key, meeting.ends + AFTER)
    return f"{settings().base_url}{PATHS[purpose]}/{ticket}"


def read(purpose: str, text: str, at: int) -> tuple[Meeting, SignUp] | None:
    """Whom a link is of, and the meeting as it stands; None for one that is not good (any more)."""
    subject = links.read_ticket(purpose, text, at) or ""
    size = len(rows.new_id())
    meeting = rows.find(subject[:size]) if subject else None
    who = rows.guest(meeting.id, subject[size:]) if meeting else None
    return (meeting, who) if meeting and who else None
