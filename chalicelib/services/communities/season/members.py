"""Who has a seat is on the list of each meeting of their group, hears of it, and is off it when they leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chalicelib.aws.now import now
from chalicelib.aws.ses import Attachment
from chalicelib.meetings import rows
from chalicelib.meetings.groups.members import calendar, put_on, take_off
from chalicelib.meetings.groups.members import key_of as key_of
from chalicelib.meetings.model import GUEST, Meeting, SignUp
from chalicelib.services.communities.met import met_with_group
from chalicelib.services.communities.model import Seat, told_in
from chalicelib.services.communities.season import plan
from chalicelib.workflow.cases import Case, Entry
from chalicelib.workflow.effects import Effect, SendLetter, TellRoom
from chalicelib.workflow.storage import store

# Letters that bring the meetings of the group into a calendar, and those that take them out.
BRING: Final = ("communities/seated",)
TAKE: Final = ("communities/left", "communities/closed")


def tells(before: Seat, after: Seat) -> list[Effect]:
    """What leaves with an entry of a seat after which lists of meetings are not as the seat is."""
    had, has = (one.group if one.open and one.seated else "" for one in (before, after))
    same = had == has and (before.contact, before.language) == (after.contact, after.language)
    about = {"groups": [one for one in dict.fromkeys((had, has)) if one]}
    return [] if same or not about["groups"] else [TellRoom(room="group_members", about=about)]


def put_right(state: Case, version: int, told: TellRoom) -> None:
    """Put a seat on the lists of its group's meetings, or off them, as it stands now."""
    seat = store.load(state.reference, Seat, consistent=True)
    for group in told.about["groups"]:
        comes = seat.open and seat.seated and seat.group == group
        for meeting in plan.meetings(group):
            if comes:
                put_on(meeting, seat, now())
            else:
                take_off(meeting, seat.reference, now())


def came(meeting: Meeting, who: SignUp, at: int) -> None:
    """Somebody with a seat came to a meeting, or made it up: their record has that they met."""
    if who.part == GUEST and who.contact:
        met_with_group(store.load(who.contact, Seat), at)


def counted(group: str) -> dict[str, int]:
    """How many meetings of a group each came to or made up, by reference."""
    found: dict[str, int] = {}
    for meeting in plan.meetings(group):
        for who in rows.guests(meeting.id):
            if who.part == GUEST and meeting.on and (who.came or who.made_up):
                found[who.key] = found.get(who.key, 0) + 1
    return found


def files(
    state: Seat, entry: Entry, effect: SendLetter, to: str, lang: str
) -> Sequence[Attachment]:
    """The calendar file of a letter about a seat: all meetings of the group that are to come."""
    off = effect.letter in TAKE
    group = told_in(entry).get("group") or state.group
    if not group or not (off or effect.letter in BRING):
        return []
    return calendar(plan.meetings(group), state, to, lang, now(), off=off)
