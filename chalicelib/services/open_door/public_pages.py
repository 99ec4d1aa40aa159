"""Open-Door sessions for everybody: the calendar, a page for each, signing up with an email alone, a feed."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws import rate_limits
from chalicelib.aws.now import now
from chalicelib.aws.settings import settings
from chalicelib.domain.errors import NotFound
from chalicelib.mail.calendar_file import feed as calendar_text
from chalicelib.meetings import letter, rows, sign_up, telling
from chalicelib.meetings.model import Meeting
from chalicelib.meetings.sign_up import CLOSED, FULL
from chalicelib.services.open_door.room import CALENDAR, NAME, ROOM
from chalicelib.web.forms import Field, Form, Values, words
from chalicelib.web.languages import N_, languages, translator
from chalicelib.web.pages import current, render, saved
from chalicelib.web.press import FormPage, Hindered, heard_before

ASKED: Final = Form(
    Field(
        "email",
        "email",
        N_("Your email"),
        hint=N_("We mail you the link to join. You do not have to give your name."),
        autocomplete="email",
    )
)


def show_calendar() -> Response:
    """The sessions that are to come."""
    lang = current().lang
    return render(
        "open_door/calendar.html",
        ahead=rows.ahead(NAME, now()),
        feed=f"{settings().base_url}{CALENDAR}/feed/{lang}",
    )


def session(meeting: str) -> Response:
    """One session; a press signs up. What it answers says nothing of who signed up before."""
    found = rows.load(meeting, NAME)
    page = FormPage(
        "open_door/session.html",
        ASKED,
        subject=f"open-door|{found.id}",
        facts=lambda: {"meeting": found, "open": found.open_at(now()) and not found.full},
    )

    def act(values: Values, command: str) -> str:
        at = now()
        if heard_before(command):
            return f"{CALENDAR}/{found.id}/signed-up"
        if not found.open_at(at) or found.full:
            raise Hindered(FULL if found.on and found.full else CLOSED)
        email = words(values, "email")
        if rate_limits.mail_to(NAME, email, at, source=current().source_ip):
            _sign_up(found, email, at)
        return f"{CALENDAR}/{found.id}/signed-up"

    return page.answer(act)


def _sign_up(meeting: Meeting, email: str, at: int) -> None:
    """Sign an address up and write to it; to one that is signed up already, once more."""
    who = sign_up.guest(meeting, at, "self", email=email, lang=current().lang)
    became = sign_up.sign_up(who, at)
    if became in ("full", "closed"):
        raise Hindered(FULL if became == "full" else CLOSED)
    if became == "before":
        sign_up.write_again(who)
    found = rows.guest(meeting.id, who.key)
    if found is not None:
        telling.tell(rows.load(meeting.id), found, at)


def signed_up(meeting: str) -> Response:
    """What happens next, for whoever signed up."""
    return render("open_door/signed_up.html", meeting=rows.load(meeting, NAME))


def feed(language: str) -> Response:
    """The sessions as a calendar that people subscribe to: those that were canceled say so."""
    if language not in languages():
        raise NotFound(language)
    at, _ = now(), translator(language)
    events = [
        letter.event(one, language, ROOM, one.sequence) for one in rows.ahead(NAME, at, limit=100)
    ]
    text = calendar_text(_(N_("Open-Door sessions")), events, at)
    return saved(text, "text/calendar; charset=utf-8", "open-door.ics")
