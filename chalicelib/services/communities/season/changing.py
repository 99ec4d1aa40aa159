"""What staff change of a group: who leads it, its places, its meetings. Whoever is concerned is told."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.meetings import changing, hosts
from chalicelib.meetings.groups.members import put_on
from chalicelib.meetings.model import Meeting
from chalicelib.services.communities import groups
from chalicelib.services.communities.groups import Group
from chalicelib.services.communities.model import Seat
from chalicelib.services.communities.season import desk_link, plan
from chalicelib.workflow.storage.store import states

# Fields of a group that its meetings have too.
SHARED = ("facilitator", "join", "name")


def change(before: Group, new: Group, by: str, at: int) -> bool:
    """Keep a group as it is to be; False where more places are held than there would be."""
    if not groups.change(new):
        return False
    if any(getattr(before, one) != getattr(new, one) for one in SHARED):
        for meeting in plan.ahead(new.id, at):
            _as_the_group(meeting, before, new, by, at)
    plan.keep_times(new.id, at)
    if before.facilitator != new.facilitator:
        desk_link.mail(new.id, at)
        desk_link.not_theirs_anymore(before, at)
    return True


def _as_the_group(meeting: Meeting, before: Group, new: Group, by: str, at: int) -> None:
    """A meeting as its group is now. Somebody else may lead it, and goes on doing so."""
    host = new.facilitator if meeting.host == before.facilitator else meeting.host
    title = dict.fromkeys(meeting.title, new.name)
    after = replace(meeting, host=host, join=new.join, title=title, why={})
    led = hosts.rows_for(after, meeting.host, by, at, heard=True)
    changing.change(meeting, after, by, at, led, unsaid=["title"])


def add_meeting(group: Group, starts: str, by: str, at: int, press: str) -> None:
    """One more meeting: everybody with a seat, and who leads it, is told by the meeting's own letters."""
    for meeting in plan.enter(group, [starts], by, at, press):
        for seat in states(groups.group(group.id).held):
            if isinstance(seat, Seat) and seat.seated:
                put_on(meeting, seat, at, heard=False)
