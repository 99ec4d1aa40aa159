"""Meetings as calendar files (iCalendar, RFC 5545 and 5546): one asks a calendar to take what stands,
one to take out what is off.

Written here, because it is two dozen lines of text and the library takes a tenth of a second to load;
the tests read what it writes with that library.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from chalicelib.aws.ses import Attachment, reply_address
from chalicelib.workflow.effects import Appointment

Method = Literal["REQUEST", "CANCEL"]
NAMES: Final[dict[Method, str]] = {"REQUEST": "sessions.ics", "CANCEL": "canceled.ics"}
# Octets of a line before it is folded.
LONGEST: Final = 74
ALARM: Final = "-PT1H"


@dataclass(frozen=True)
class Meeting:
    """What a calendar says of every meeting of a case, in the reader's language. It names no person,
    no concern and no child: calendars are shared."""

    title: str
    place: str
    text: str
    link: str


def calendar_files(
    reference: str, when: Appointment, meeting: Meeting, to: str, now: int
) -> list[Attachment]:
    """The files for ``to`` (an email address): one with all that stands, one with all that is off."""
    parts: list[tuple[Method, tuple[tuple[int, int], ...]]] = [
        ("REQUEST", when.days),
        ("CANCEL", when.gone),
    ]
    return [
        Attachment(NAMES[method], _file(method, reference, when, days, meeting, to, now), method)
        for method, days in parts
        if days
    ]


def _file(
    method: Method,
    reference: str,
    when: Appointment,
    days: Iterable[tuple[int, int]],
    meeting: Meeting,
    to: str,
    now: int,
) -> str:
    common = [
        f"SEQUENCE:{when.sequence}",
        f"DTSTAMP:{_stamp(now)}",
        f'ORGANIZER;CN="California IECMHC Network":mailto:{reply_address()}',
        f"ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{to}",
        f"SUMMARY:{_text(f'{meeting.title} {reference}')}",
        *(_standing(meeting) if method == "REQUEST" else ["STATUS:CANCELLED"]),
    ]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//California IECMHC Network//Consultation//EN",
        f"METHOD:{method}",
    ]
    for number, start in days:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{reference}-{number}@iecmhc-network",
            f"DTSTART:{_stamp(start)}",
            f"DTEND:{_stamp(start + 60 * when.minutes)}",
            *common,
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _standing(meeting: Meeting) -> list[str]:
    """What only a meeting that takes place has."""
    return [
        "STATUS:CONFIRMED",
        f"LOCATION:{_text(meeting.place)}",
        f"DESCRIPTION:{_text(meeting.text)}",
        f"URL:{meeting.link}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"TRIGGER:{ALARM}",
        f"DESCRIPTION:{_text(meeting.title)}",
        "END:VALARM",
    ]


def _stamp(instant: int) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(instant))


def _text(words: str) -> str:
    """Words as a value: what separates values is escaped, and a line's end is written."""
    for mark in "\\;,":
        words = words.replace(mark, f"\\{mark}")
    return "\\n".join(words.splitlines())


def _folded(line: str) -> Iterator[str]:
    """A line in parts that are short enough, none of which ends within a character."""
    if len(line.encode()) <= LONGEST:
        yield line
        return
    part = ""
    for mark in line:
        if len((part + mark).encode()) > LONGEST:
            yield part
            part = " "
        part += mark
    yield part
