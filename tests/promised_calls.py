"""Calls that the helpline promised, for tests of its machine, of pages and of faults."""

from __future__ import annotations

from chalicelib.domain import calendar
from chalicelib.meetings import changing, rows, sign_up
from chalicelib.meetings.model import Meeting
from chalicelib.meetings.phone import calls
from chalicelib.services.helpline import contacts, promises
from chalicelib.services.helpline.contacts import HelplineContact
from chalicelib.services.helpline.model import CALL_BACK, TELL

DAY = 86400
PHONED = "p" * 26


def to_tell(at: int, lang: str = "es") -> str:
    """Somebody without email signed up for a meeting in ten days, so a call is promised for the day before."""
    starts = calendar.local(at + 10 * DAY).strftime("%Y-%m-%dT17:30")
    meeting = Meeting(
        id=rows.new_id(),
        room="open_door",
        starts=starts,
        minutes=60,
        title={"en": "When a day is hard", "es": "Cuando el día es difícil"},
        join="https://meet.example.org/room-7731",
        dial="669-555-0100, code 77",
        language="es",
        **rows.instants(starts, 60, at),
    )
    changing.enter(meeting, "staff:ada-admin", at)
    who = sign_up.guest(meeting, at, "x", key=PHONED, name="Ana", phone="559-555-0142", lang=lang)
    sign_up.sign_up(who, at)
    kept = rows.guest(meeting.id, PHONED)
    assert kept is not None and calls.keep(rows.load(meeting.id), kept, at)
    kept = rows.guest(meeting.id, PHONED)
    assert kept is not None
    return kept.call


def promised(
    at: int, purpose: str = CALL_BACK, reference: str = "", lang: str = "es", email: str = ""
) -> str:
    """Somebody was promised a call for the next business day at ten, agreed to a follow-up, or is to hear of a
    meeting."""
    if purpose == TELL:
        return to_tell(at, lang)
    made = HelplineContact(
        at=at,
        id=contacts.id_of(f"{at}:{purpose}:{reference}"),
        by="staff:sofia-south",
        county="los_angeles",
        language=lang,
        role="teacher",
        setting="center",
        topics=("challenging_behavior",),
        disposition="callback_scheduled" if purpose == CALL_BACK else "resource_provided",
        name="Ana",
        phone="559-555-0142",
        email=email,
    )
    day = calendar.local(calendar.into_business_time(at + DAY)).date().isoformat()
    moment = calendar.typed(day, "10:00")
    return promises.promised_at(made, moment, at, reference=reference).became
