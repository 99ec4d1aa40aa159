"""Calls that the helpline promised, for tests of its machine, of pages and of faults."""

from __future__ import annotations

from chalicelib.domain import calendar
from chalicelib.services.helpline import contacts, promises
from chalicelib.services.helpline.contacts import HelplineContact
from chalicelib.services.helpline.model import CALL_BACK

DAY = 86400


def promised(
    at: int, purpose: str = CALL_BACK, reference: str = "", lang: str = "es", email: str = ""
) -> str:
    """Somebody was promised a call for the next business day at ten, or agreed to a follow-up."""
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
