"""A session as a calendar file (.ics, RFC 5545) that any phone can add."""

from __future__ import annotations

import time

from chalicelib.aws.ses import Attachment
from chalicelib.web.languages import translator
from chalicelib.workflow.effects import Appointment


def calendar_file(reference: str, when: Appointment, lang: str) -> Attachment:
    """The session ``when`` as an event.

    It names no person and no concern: calendars are shared.
    """
    _ = translator(lang)

    def stamp(instant: int) -> str:
        return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(instant))

    start, minutes = when.start, when.minutes
    title = _("Consultation session")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//California IECMHC Network//Consultation//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{reference}-{when.number}@iecmhc-network",
        f"SEQUENCE:{when.sequence}",
        f"DTSTAMP:{stamp(start)}",
        f"DTSTART:{stamp(start)}",
        f"DTEND:{stamp(start + 60 * minutes)}",
        f"SUMMARY:{title} {reference}",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return Attachment(filename="session.ics", content="\r\n".join(lines))
