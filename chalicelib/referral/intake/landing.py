"""The pages in front of the form: three doors, where else to turn, joining peers, privacy."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.directory import emergencies
from chalicelib.domain import calendar
from chalicelib.domain.errors import NotFound
from chalicelib.meetings.upcoming import soonest
from chalicelib.referral.intake import notice
from chalicelib.referral.intake.draft_cookie import COOKIE
from chalicelib.referral.intake.exits import EXITS
from chalicelib.web.pages import current, render

# Open-Door sessions, as the room that holds them is registered.
OPEN_DOOR: Final = "open_door"


def landing() -> Response:
    """Three doors: talk to someone, ask for consultation, join peers."""
    opens, closes = calendar.opening(now())
    return render(
        "intake/landing.html",
        begun=COOKIE in current().cookies,
        open_door=soonest(OPEN_DOOR),
        emergencies=emergencies.shown(),
        opens=opens,
        closes=closes,
    )


def peers() -> Response:
    """What Open-Door sessions and Communities of Support are, and how to ask for them."""
    return render("intake/peers.html", open_door=soonest(OPEN_DOOR))


def privacy() -> Response:
    """The notice at collection."""
    return render(
        "intake/privacy.html", version=notice.VERSION, parts=notice.PARTS, kept=notice.COOKIES
    )


def elsewhere(reason: str) -> Response:
    """Where else to turn, after an answer that we are not the right place for."""
    if reason not in EXITS:
        raise NotFound(reason)
    return render(
        "intake/elsewhere.html",
        exit=EXITS[reason],
        begun=COOKIE in current().cookies,
        open_door=soonest(OPEN_DOOR),
    )
