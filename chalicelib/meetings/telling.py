"""Sends what those who come, and those who host, are owed: at once by whoever pressed, and for certain by
the clock, which wakes the meeting.

A sign-up is taken before its letter is sent and marked afterwards, so only a crash between the two repeats
a letter; what SES does not take now stays owed.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.log import logger
from chalicelib.aws.writes import field, update
from chalicelib.directory import mail_choices
from chalicelib.directory.mail_choices import Choices
from chalicelib.mail import send_now
from chalicelib.mail.choices.holding import held_until
from chalicelib.mail.mail_priority import LANES
from chalicelib.meetings import letter, rows
from chalicelib.meetings.model import HOST, STUCK, Meeting, SignUp
from chalicelib.meetings.owed import Letter, near, next_look, owed
from chalicelib.meetings.owners import owner_of
from chalicelib.meetings.phone import calls
from chalicelib.workflow.storage import keys

# Seconds of one look, and until the next where letters are left.
SECONDS: Final = 30.0
AGAIN: Final = 60


def look(pk: str, sk: str, at: int) -> None:
    """The clock's look at a meeting: everybody gets what they are owed, and the next look is set."""
    meeting = rows.find(rows.id_of(pk))
    if meeting is None:
        return
    owner_of(meeting).looked(meeting, at)
    until, looks = time.monotonic() + SECONDS, [next_look(meeting, at)]
    for who in rows.guests(meeting.id):
        if time.monotonic() > until:
            looks.append(at + AGAIN)
            break
        looks.append(tell(meeting, who, at))
    wake = min((look for look in looks if look is not None), default=None)
    still = update(rows.key(meeting.id)).only_if(
        field("version").equals(meeting.version), field("presses").equals(meeting.presses)
    )
    # Who signed up, or what changed, meanwhile keeps the meeting due.
    dynamodb.write(
        still.set(wpk=keys.WAKE_PARTITION, wake_at=wake) if wake else still.remove("wpk", "wake_at")
    )


def tell(meeting: Meeting, who: SignUp, at: int) -> int | None:
    """Send somebody the letters that they are owed, or see to it that they are called; when something is
    left for later, the instant (UTC seconds) of the next try."""
    if not who.by_letter:
        return None if calls.keep(meeting, who, at) else at + AGAIN
    if owed(meeting, who, at) is None:
        return None
    chosen = mail_choices.of(mail_choices.mark_of(who.email))
    who = replace(who, lang=chosen.language or who.lang)
    while kind := owed(meeting, who, at):
        if held := _held(kind, meeting, who, chosen, at):
            return held
        if not _taken(who, at):
            return at + AGAIN
        try:
            fate = _send(kind, meeting, who, chosen, at)
        except Exception:
            # One letter that cannot be written holds up no other.
            logger().exception("a letter of a meeting", extra={"meeting": meeting.id})
            return at + AGAIN
        after = _told(kind, meeting, who, at) if fate in ("sent", "left") else who
        if fate == "never":
            after = replace(who, failed="refused")
        _keep(after)
        if fate == "later":
            return at + AGAIN
        who = after
    return None


def _held(kind: Letter, meeting: Meeting, who: SignUp, chosen: Choices, at: int) -> int | None:
    """Until when a letter waits for its reader's morning; None when it leaves now."""
    lane, late = LANES.index(letter.lane(kind)), letter.too_late(kind, meeting, who)
    return held_until(lane, at, at, chosen, works_here=who.part == HOST, due=late)


def _taken(who: SignUp, at: int) -> bool:
    """Take a sign-up to send it a letter; False when somebody else does, or did since it was read."""
    count = field("letters")
    as_read = count.equals(who.letters)
    free = field("sending").absent() | field("sending").less_than(at - STUCK)
    same = field("status").equals(who.status)
    taken = update(rows.guest_key(who.meeting, who.key)).set(sending=at)
    return dynamodb.write(taken.only_if(as_read, free, same))


def _keep(who: SignUp) -> None:
    told = {"told": who.told, "told_at": who.told_at, "failed": who.failed or None}
    counted = {"letters": who.letters, "reminded": who.reminded or None}
    marks = {"thanked": who.thanked or None, "asked": who.asked or None, "sending": None}
    row = update(rows.guest_key(who.meeting, who.key))
    dynamodb.write(row.set_or_remove({**told, **counted, **marks}))


def _send(kind: Letter, meeting: Meeting, who: SignUp, chosen: Choices, at: int) -> send_now.Fate:
    return send_now.send_owed(
        letter.name_of(kind, who),
        who.email,
        who.lang,
        at,
        LANES.index(letter.lane(kind)),
        chosen=chosen,
        tags={"kind": kind, "guest": f"{meeting.id}-{who.key}"},
        files=letter.files(kind, meeting, who, at),
        **letter.facts(kind, meeting, who, at),
    )


def _told(kind: Letter, meeting: Meeting, who: SignUp, at: int) -> SignUp:
    """Somebody who got a letter: it said how things stand, and was the reminder, if one was due."""
    after = replace(who, letters=who.letters + 1)
    if kind == "thanks":
        return replace(after, thanked=True)
    if kind == "attendance":
        return replace(after, asked=who.asked + 1)
    if kind == "taken_off":
        return replace(after, told=None, told_at=None, reminded="")
    return replace(after, told=meeting.sequence, told_at=meeting.at, reminded=near(meeting, at))


def reported(tag: str, status: str, at: int) -> None:
    """A letter to somebody did not arrive: they are called instead, and no more letters are tried."""
    meeting, _, key = tag.partition("-")
    row = update(rows.guest_key(meeting, key)).set(failed=status)
    dynamodb.write(row.only_if(field("pk").exists()))
