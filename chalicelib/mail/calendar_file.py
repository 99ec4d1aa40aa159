"""Meetings as calendar files (iCalendar, RFC 5545 and 5546): one asks a calendar to take what stands,
one to take out what is off.

Written here, because it is two dozen lines of text and the library takes a tenth of a second to load;
the tests read what it writes with that library.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

from chalicelib.aws.ses import Attachment, reply_address
from chalicelib.domain.plain.values import frozen
from chalicelib.workflow.effects import Appointment

Method = Literal["REQUEST", "CANCEL"]
NAMES: Final[dict[Method, str]] = {"REQUEST": "sessions.ics", "CANCEL": "canceled.ics"}
# Octets of a line before it is folded.
LONGEST: Final = 74
ALARM: Final = "-PT1H"


@frozen
class Meeting:
    """What a calendar says of every meeting of a case, in the reader's language. It names no person,
    no concern and no child: calendars are shared."""

    title: str
    place: str
    text: str
    link: str


@frozen
class CalendarEvent:
    """One meeting for a calendar. ``uid`` is its own for life; ``start`` is UTC seconds. A calendar takes
    what has the highest ``sequence``. ``off``: it does not take place."""

    uid: str
    start: int
    minutes: int
    sequence: int
    title: str
    place: str = ""
    text: str = ""
    link: str = ""
    off: bool = False


def calendar_files(
    reference: str, when: Appointment, meeting: Meeting, to: str, now: int
) -> list[Attachment]:
    """The files for ``to`` (an email address): one with all that stands, one with all that is off."""

    def event(number: int, start: int, off: bool) -> CalendarEvent:
        return CalendarEvent(
            uid=uid(f"{reference}-{number}"),
            start=start,
            minutes=when.minutes,
            sequence=when.sequence,
            title=f"{meeting.title} {reference}",
            place=meeting.place,
            text=meeting.text,
            link=meeting.link,
            off=off,
        )

    days = [event(number, start, False) for number, start in when.days]
    gone = [event(number, start, True) for number, start in when.gone]
    return [invitation(some, to, now) for some in (days, gone) if some]


def uid(name: str) -> str:
    """The name of a meeting for every calendar."""
    return f"{name}@iecmhc-network"


def invitation(events: Sequence[CalendarEvent], to: str, now: int) -> Attachment:
    """The file that brings meetings into the calendar of ``to``, or takes out those that are ``off``: all
    of them are one or the other."""
    method: Method = "CANCEL" if events[0].off else "REQUEST"
    guest = f"ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{to}"
    return Attachment(NAMES[method], _file(method, events, now, guest), method)


def feed(name: str, events: Sequence[CalendarEvent], now: int) -> str:
    """The text of a calendar that people subscribe to; their programs read it again every few hours."""
    head = (
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
        "X-PUBLISHED-TTL:PT4H",
    )
    return _file("PUBLISH", events, now, head=head)


def _file(
    method: Method | Literal["PUBLISH"],
    events: Iterable[CalendarEvent],
    now: int,
    guest: str = "",
    head: Iterable[str] = (),
) -> str:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//California IECMHC Network//Consultation//EN",
        f"METHOD:{method}",
        *head,
    ]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.uid}",
            f"DTSTART:{_stamp(event.start)}",
            f"DTEND:{_stamp(event.start + 60 * event.minutes)}",
            f"SEQUENCE:{event.sequence}",
            f"DTSTAMP:{_stamp(now)}",
            f'ORGANIZER;CN="California IECMHC Network":mailto:{reply_address()}',
            *([guest] if guest else []),
            f"SUMMARY:{_text(event.title)}",
            *(["STATUS:CANCELLED"] if event.off else _standing(event, alarm=bool(guest))),
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _standing(event: CalendarEvent, alarm: bool) -> list[str]:
    """What only a meeting that takes place has."""
    rings = [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"TRIGGER:{ALARM}",
        f"DESCRIPTION:{_text(event.title)}",
        "END:VALARM",
    ]
    return [
        "STATUS:CONFIRMED",
        f"LOCATION:{_text(event.place)}",
        f"DESCRIPTION:{_text(event.text)}",
        f"URL:{event.link}",
        *(rings if alarm else []),
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
