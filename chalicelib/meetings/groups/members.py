"""Who is on the lists of a group's meetings: people whose case says that they belong to it.

A letter of their own brings all meetings into the calendar in one file, so none comes for each; what
changes later, and the link to join, comes as for every meeting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.ses import Attachment
from chalicelib.aws.writes import update
from chalicelib.mail.calendar_file import invitation
from chalicelib.meetings import letter, rows, sign_up
from chalicelib.meetings.model import NOT_COMING, Meeting, SignUp
from chalicelib.meetings.owners import owner_of
from chalicelib.workflow.cases import Case

REACHED: Final = ("name", "email", "phone", "lang")


def key_of(reference: str) -> str:
    """What a case is called on the list of a meeting."""
    return reference.replace("-", "").lower()


def put_on(meeting: Meeting, member: Case, at: int, *, heard: bool = True) -> None:
    """Somebody is on the list of a meeting; of one that is over, only to make it up. ``heard``: a letter has
    told them of it."""
    contact = member.contact
    who = SignUp(
        key_of(member.reference), meeting.id, at, "system", email=contact.email, name=contact.name,
        phone=contact.phone, lang=member.language, contact=member.reference,
        told=meeting.sequence if heard else None, told_at=meeting.at if heard else None,
        letters=1 if heard else 0,
    )  # fmt: skip
    found = rows.guest(meeting.id, who.key)
    if not meeting.open_at(at):
        _to_make_up(who, found)
    elif found is None or (not found.coming and not found.contact):
        sign_up.sign_up(who, at)
    changed = [one for one in REACHED if found and getattr(found, one) != getattr(who, one)]
    if changed:
        reached = update(rows.guest_key(meeting.id, who.key))
        reached = reached.set({one: getattr(who, one) for one in REACHED if getattr(who, one)})
        dynamodb.write(reached.remove("failed"))


def _to_make_up(who: SignUp, found: SignUp | None) -> None:
    """They were not on the list of a meeting that is over, or were off it on its day."""
    if found is None:
        late = replace(who, status=NOT_COMING, told=None, told_at=None, letters=0)
        dynamodb.write(rows.guest_row(late))
    elif not found.contact:
        dynamodb.write(update(rows.guest_key(who.meeting, who.key)).set({"contact": who.contact}))


def take_off(meeting: Meeting, reference: str, at: int) -> None:
    """Who left is off the list, without a letter of the meeting's own; what they came to stays."""
    who = rows.guest(meeting.id, key_of(reference))
    if who is None or not who.contact:
        return
    if who.coming and meeting.open_at(at):
        sign_up.decline(meeting, who, at, quietly=True)
    dynamodb.write(update(rows.guest_key(meeting.id, who.key)).remove("contact"))


def calendar(
    meetings: Sequence[Meeting], member: Case, to: str, lang: str, at: int, *, off: bool = False
) -> list[Attachment]:
    """The calendar file of a letter to a member: those of the meetings that are to come; ``off``: they are not
    the member's any more."""
    events = []
    for meeting in meetings:
        if meeting.at > at and (off or meeting.open_at(at)):
            who = rows.guest(meeting.id, key_of(member.reference))
            sequence = (who.letters if who else 0) + 1
            events.append(letter.event(meeting, lang, owner_of(meeting), sequence, off))
    return [invitation(events, to, at)] if events else []
