"""What a consultant's own page shows of the meetings that they lead: those to come, and the hours of a month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chalicelib.directory.people import Person
from chalicelib.mail.calendar_file import CalendarEvent
from chalicelib.meetings import hosts, letter, links, rows
from chalicelib.meetings.model import Meeting
from chalicelib.meetings.owners import owner_of
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.web.request_context import reader

WORDS: Final = N_("Meetings and groups that you led")


@dataclass(frozen=True)
class Led:
    """A meeting to come (``at``: UTC seconds), and where its host sees who comes."""

    at: int
    title: str
    link: str


def panel(who: str, row: Person, at: int) -> TemplateValues:
    """The meetings to come that they lead, the soonest first."""
    mine = [one for one in hosts.led_by(hosts.consultant(who)) if one.on and one.ends > at]
    return {"led": [_told(one, hosts.consultant(who)) for one in mine]}


def events(who: str, lang: str) -> list[CalendarEvent]:
    """The same as a calendar shows them: under the names of the files that were mailed."""
    host = hosts.consultant(who)
    return [
        letter.event(one, lang, owner_of(one), own.letters if own else 0)
        for one in hosts.led_by(host)
        if one.on
        for own in [rows.guest(one.id, hosts.key_of(host))]
    ]


def _told(meeting: Meeting, host: str) -> Led:
    own = rows.guest(meeting.id, hosts.key_of(host))
    link = ""
    if own is not None:
        link = owner_of(meeting).host_page(meeting, own) or links.address(links.HOST, meeting, own)
    return Led(meeting.at, meeting.title_in(reader()), link)


def minutes(who: str, row: Person, first: int, last: int) -> tuple[str, int]:
    """The minutes of the meetings that they led and that took place."""
    mine = hosts.led_by(hosts.consultant(who))
    return WORDS, sum(
        one.minutes for one in mine if one.on and first <= one.at and one.ends <= last
    )
