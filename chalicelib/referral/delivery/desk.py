"""What a consultant's own page shows besides the tasks: the sessions to come, and a calendar to subscribe to."""

from __future__ import annotations

from dataclasses import dataclass

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.directory.people import Person
from chalicelib.domain.errors import NotFound
from chalicelib.mail import task_list_link
from chalicelib.mail.calendar_file import CalendarEvent, feed, uid
from chalicelib.meetings.hosted import own
from chalicelib.referral.delivery.meeting import meeting
from chalicelib.referral.model import Referral, Sessions
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import saved
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.case_types import recipient, type_of
from chalicelib.workflow.effects import Appointment
from chalicelib.workflow.storage import store


@dataclass(frozen=True)
class Coming:
    """A session to come: session ``number`` of a referral at ``at`` (UTC seconds); ``called``: the program."""

    reference: str
    number: int
    at: int
    called: str


def panel(who: str, row: Person, at: int) -> TemplateValues:
    """The sessions to come, the soonest first."""
    cases = _cases(who, row)
    ahead = [
        Coming(case.reference, number, moment, type_of(case).called(case))
        for case in cases
        for number, moment in case.appointments.items()
        if moment > at
    ]
    return {
        "ahead": sorted(ahead, key=lambda one: (one.at, one.reference)),
        "calendar": task_list_link.calendar_address(who),
    }


def show_calendar(link: str) -> Response:
    """The sessions, and the meetings that they lead, as a calendar that a phone reads again by itself. Its address alone opens it,
    so it says when, and where to look the rest up: no name, no place, no link to join."""
    who, at = task_list_link.whose_calendar(link), now()
    if not who:
        raise NotFound("calendar")
    row = people.consultant_now(who)
    lang = str(row.get("letters_language", "en"))
    events = [event for case in _cases(who, row) for event in _events(case, who, lang)]
    events += own.events(who, lang)
    name = translator(lang)(N_("IECMHC Network sessions"))
    return saved(feed(name, sorted(events, key=lambda one: one.start), at), "text/calendar; charset=utf-8",
                 "sessions.ics")  # fmt: skip


def _cases(who: str, row: Person) -> list[Referral]:
    found = [case for case in store.states(row.get("held", [])) if isinstance(case, Referral)]
    return [case for case in found if case.works_on(who)]


def _events(case: Referral, who: str, lang: str) -> list[CalendarEvent]:
    days, sessions = case.appointments, case.sessions or Sessions()
    if not days:
        return []
    when = Appointment(days=tuple(days.items()), minutes=sessions.minutes, mode=sessions.mode)
    words = meeting(case, recipient(case, "consultant", who), when, lang)
    return [
        CalendarEvent(
            # The names of the files that were mailed: a calendar that has both shows one.
            uid=uid(f"{case.reference}-{number}"),
            start=start,
            minutes=sessions.minutes,
            sequence=case.version,
            title=f"{words.title} {case.reference}",
            text=words.text,
        )
        for number, start in days.items()
    ]
