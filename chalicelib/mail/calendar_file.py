"""Sessions as a calendar file (.ics, RFC 5545) that any phone can add."""

from __future__ import annotations

import time

from chalicelib.aws.ses import Attachment
from chalicelib.web.languages import translator
from chalicelib.workflow.effects import Appointment


def calendar_file(reference: str, when: Appointment, lang: str) -> Attachment:
    """The sessions of ``when``, an event each; those that do not take place are canceled in it.

    It names no person and no concern: calendars are shared.
    """
    title = translator(lang)("Consultation session")
    events = [
        line
        for number, start, takes_place in when.days
        for line in (
            "BEGIN:VEVENT",
            f"UID:{reference}-{number}@iecmhc-network",
            f"SEQUENCE:{when.sequence}",
            f"DTSTAMP:{_stamp(when.start)}",
            f"DTSTART:{_stamp(start)}",
            f"DTEND:{_stamp(start + 60 * when.minutes)}",
            f"SUMMARY:{title} {reference}",
            *([] if takes_place else ["STATUS:CANCELLED"]),
            "END:VEVENT",
        )
    ]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//California IECMHC Network//Consultation//EN",
        "METHOD:PUBLISH",
        *events,
        "END:VCALENDAR",
        "",
    ]
    return Attachment(filename="sessions.ics", content="\r\n".join(lines))


def _stamp(instant: int) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(instant))
