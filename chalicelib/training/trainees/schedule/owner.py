"""What the training program hands in for its meetings: the sessions of cohorts, and those of small groups."""

from __future__ import annotations

from typing import Final

from chalicelib.meetings.model import GUEST, Meeting, SignUp
from chalicelib.meetings.owners import Owner
from chalicelib.training.trainees.looking import look
from chalicelib.training.trainees.schedule import plan, small_groups
from chalicelib.web.languages import N_

CONSOLE: Final = "/console/training"


def came(meeting: Meeting, who: SignUp, at: int) -> None:
    """A trainee came, or made it up: perhaps that was all that was missing."""
    if who.part == GUEST and who.contact:
        look(who.contact, at)


def page_of(meeting: Meeting) -> str:
    """The path of a meeting in the console."""
    return f"{CONSOLE}/meetings/{meeting.id}"


def cohort_page(meeting: Meeting) -> str:
    """The path of the cohort's page."""
    small = meeting.room == plan.SMALL_GROUPS
    cohort = small_groups.group(meeting.group).cohort if small else meeting.group
    return f"{CONSOLE}/cohorts/{cohort}"


SESSIONS: Final = Owner(
    name=plan.SESSIONS,
    what=N_("Session of the training program"),
    plural=N_("Sessions of the training program"),
    expect=N_("You learn together with everybody in your cohort."),
    desk=f"{CONSOLE}/meetings",
    console=page_of,
    group_page=cohort_page,
    came=came,
)
SMALL_GROUPS: Final = Owner(
    name=plan.SMALL_GROUPS,
    what=N_("Meeting of your small group"),
    plural=N_("Meetings of the small groups"),
    expect=N_("You share what is hard, and what works. What is said in the group stays there."),
    desk=f"{CONSOLE}/meetings",
    console=page_of,
    group_page=cohort_page,
    came=came,
)
