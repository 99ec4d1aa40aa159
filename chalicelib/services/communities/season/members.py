"""Who has a seat is on the list of each meeting of their group, hears of it, and is off it when they leave.

The seat's own letter brings all meetings into the calendar in one file, so no letter comes for each; what
changes later, and the link to join, comes as for every meeting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.now import now
from chalicelib.aws.ses import Attachment
from chalicelib.aws.writes import update
from chalicelib.mail.calendar_file import invitation
from chalicelib.meetings import letter, rows, sign_up
from chalicelib.meetings.model import GUEST, NOT_COMING, Meeting, SignUp
from chalicelib.meetings.owners import owner_of
from chalicelib.services.communities.met import met_with_group
from chalicelib.services.communities.model import Seat, told_in
from chalicelib.services.communities.season import plan
from chalicelib.workflow.cases import Case, Entry
from chalicelib.workflow.effects import Effect, SendLetter, TellRoom
from chalicelib.workflow.storage import store

# Letters that bring the meetings of the group into a calendar, and those that take them out.
BRING: Final = ("communities/seated",)
TAKE: Final = ("communities/left", "communities/closed")
REACHED: Final = ("name", "email", "phone", "lang")


def key_of(reference: str) -> str:
    """What a seat is called on the list of a meeting."""
    return reference.replace("-", "").lower()


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


def put_on(meeting: Meeting, seat: Seat, at: int, *, heard: bool = True) -> None:
    """Somebody with a seat is on the list of a meeting; of one that is over, only to make it up.
    ``heard``: a letter has told them of it."""
    contact = seat.contact
    who = SignUp(
        key_of(seat.reference), meeting.id, at, "system", email=contact.email, name=contact.name,
        phone=contact.phone, lang=seat.language, contact=seat.reference,
        told=meeting.sequence if heard else None, told_at=meeting.at if heard else None,
        letters=1 if heard else 0,
    )  # fmt: skip
    found = rows.guest(meeting.id, who.key)
    if found is None and not meeting.open_at(at):
        late = replace(who, status=NOT_COMING, told=None, told_at=None, letters=0)
        dynamodb.write(rows.guest_row(late))
    elif found is None or (not found.coming and not found.contact):
        sign_up.sign_up(who, at)
    changed = [one for one in REACHED if found and getattr(found, one) != getattr(who, one)]
    if changed:
        reached = update(rows.guest_key(meeting.id, who.key))
        reached = reached.set({one: getattr(who, one) for one in REACHED if getattr(who, one)})
        dynamodb.write(reached.remove("failed"))


def take_off(meeting: Meeting, reference: str, at: int) -> None:
    """Who left is off the list, without a letter of the meeting's own; what they came to stays."""
    who = rows.guest(meeting.id, key_of(reference))
    if who is None or not who.contact:
        return
    if who.coming and meeting.open_at(at):
        sign_up.decline(meeting, who, at, quietly=True)
    dynamodb.write(update(rows.guest_key(meeting.id, who.key)).remove("contact"))


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
    at = now()
    events = []
    for meeting in plan.ahead(group, at) if not off else plan.meetings(group):
        who = rows.guest(meeting.id, key_of(state.reference))
        if meeting.at > at:
            sequence = (who.letters if who else 0) + 1
            events.append(letter.event(meeting, lang, owner_of(meeting), sequence, off))
    return [invitation(events, to, at)] if events else []
