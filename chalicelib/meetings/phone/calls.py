"""The call that somebody is owed, kept as a case of the room that calls: one at a time, and another in its
place when the meeting moves or is canceled, or when it has lost its reason."""

from __future__ import annotations

from typing import Final

from chalicelib import rooms
from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Update, Write, field, update
from chalicelib.domain.ids import new_reference
from chalicelib.meetings import rows, sign_up
from chalicelib.meetings.model import Meeting, SignUp
from chalicelib.meetings.owed import DAY, near
from chalicelib.meetings.phone.owed import JOINING, Call, call_owed, day_before
from chalicelib.workflow import registry
from chalicelib.workflow.cases import Contact
from chalicelib.workflow.storage import store

_JOINED: Final = "-"


def keep(meeting: Meeting, who: SignUp, at: int) -> bool:
    """Promise the call that somebody is owed, once, and end one that they are not owed anymore. False where
    somebody else changes the same meanwhile, so that the clock looks again."""
    wanted = call_owed(meeting, who, at)
    name = f"{meeting.sequence}|{wanted.about}" if wanted else ""
    if name == who.call_for:
        return True
    if who.call:
        registry.load(rooms.GUEST_CALL_OVER)(who.call, at)
    if wanted is None:
        dynamodb.write(_as_read(who).remove("call", "call_for"))
        return True
    return _promised(meeting, who, wanted, name, at)


def _promised(meeting: Meeting, who: SignUp, wanted: Call, name: str, at: int) -> bool:
    reference = new_reference()
    kept = _as_read(who).set(call=reference, call_for=name)
    contact = Contact(name=who.name, phone=who.phone, by="phone")
    about = f"{meeting.id}{_JOINED}{who.key}"
    try:
        registry.load(rooms.GUEST_CALL)(reference, about, contact, who.lang, wanted.at, at, kept)
    except store.Refused:
        return False
    return True


def _as_read(who: SignUp) -> Update:
    """Their row, if they still come, and still have the call that was read."""
    same = field("call_for").equals(who.call_for) if who.call_for else field("call_for").absent()
    row = update(rows.guest_key(who.meeting, who.key))
    return row.only_if(field("status").equals(who.status), same)


def found(about: str) -> tuple[Meeting, SignUp] | None:
    """Whom a call is about, and the meeting as it stands; None where one of them is gone."""
    meeting_id, _, key = about.partition(_JOINED)
    meeting = rows.find(meeting_id) if key else None
    who = rows.guest(meeting.id, key) if meeting else None
    return (meeting, who) if meeting and who else None


def heard(about: str, comes: bool, now: int) -> list[Write]:
    """What a call in which they talked changes: they have heard how the meeting stands, or they are off its
    list. The clock then looks at what they are owed next."""
    pair = found(about)
    if pair is None:
        return []
    meeting, who = pair
    if not comes and meeting.on and who.coming:
        return sign_up.declining(meeting, who, now)
    if not who.coming:
        return []
    joins = who.call_for.endswith(JOINING) or day_before(meeting) <= now
    reminded = DAY if joins and meeting.on else near(meeting, now)
    told = {"called": meeting.sequence, "told_at": meeting.at, "reminded": reminded or None}
    row = update(rows.guest_key(meeting.id, who.key)).set_or_remove(told)
    return [row.remove("call", "call_for"), sign_up.woken(meeting, now)]
