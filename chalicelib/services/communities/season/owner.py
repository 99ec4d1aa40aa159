"""What this room hands in for the meetings of its groups."""

from __future__ import annotations

from typing import Final

from chalicelib.meetings.model import Meeting, SignUp
from chalicelib.meetings.owners import Owner
from chalicelib.services.communities import groups
from chalicelib.services.communities.room import CONSOLE
from chalicelib.services.communities.season import members, plan
from chalicelib.services.communities.season.desk_link import address
from chalicelib.web.languages import N_


def desk_page(meeting: Meeting, who: SignUp) -> str:
    """Who leads the group says on its desk who came; whoever leads one meeting of it has only that one."""
    group = groups.group(meeting.group)
    if who.contact != group.facilitator:
        return ""
    return f"{address(group)}/meetings/{meeting.id}"


OWNER: Final = Owner(
    name=plan.ROOM,
    what=N_("Meeting of your Community of Support"),
    plural=N_("Meetings of the groups"),
    expect=N_("You share what is hard, and what works. What is said in the group stays there."),
    service="community",
    desk=f"{CONSOLE}/meetings",
    console=lambda meeting: f"{CONSOLE}/meetings/{meeting.id}",
    group_page=lambda meeting: f"{CONSOLE}/groups/{meeting.group}",
    host_page=desk_page,
    leads=lambda meeting: groups.group(meeting.group).facilitator,
    came=members.came,
    looked=lambda meeting, at: plan.keep_times(meeting.group, at),
)
