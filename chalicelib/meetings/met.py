"""Who signs up and who comes, in the one record of a person: written with the sign-up, told from its row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, Write
from chalicelib.directory import contacts
from chalicelib.directory.contacts import Contact
from chalicelib.meetings import rows
from chalicelib.meetings.model import DROP_IN, GUEST, Meeting, SignUp
from chalicelib.meetings.owners import owner_of
from chalicelib.web.languages import N_, moment_words, translator
from chalicelib.workflow.cases import Case

SAID: Final = N_("What they said after a meeting")
CAME: Final = N_("Came to: %(title)s, %(when)s")
DID_NOT: Final = N_("Signed up and did not come: %(title)s, %(when)s")
CANNOT: Final = N_("Signed up, then said that they cannot come: %(title)s, %(when)s")
OFF: Final = N_("Signed up; it was canceled: %(title)s, %(when)s")
COMES: Final = N_("Signed up: %(title)s, %(when)s")


def written(meeting: Meeting, who: SignUp, at: int) -> list[Write]:
    """What the record has of a sign-up as it is to be; none for a host, or for who cannot be found again."""
    made = _contact(meeting, who)
    return contacts.rows(made, at) if made else []


def erased(meeting: Meeting, who: SignUp, at: int) -> list[Write]:
    """No record has a sign-up any more, because a stranger typed the address."""
    made = _contact(meeting, who)
    return contacts.rows(replace(made, phone="", email=""), at, before=made) if made else []


def _contact(meeting: Meeting, who: SignUp) -> Contact | None:
    """Who signed up is met when they do so, and who came at the meeting, wherever it is moved until then. A
    group's members are met as such by their room."""
    met_here = who.part == DROP_IN or (who.part == GUEST and not meeting.group)
    service = owner_of(meeting).service if met_here else ""
    if not service:
        return None
    return Contact(
        service,
        _id(who),
        meeting.at if who.came else who.at,
        phone=who.phone,
        email=who.email,
        person=who.name,
        given=bool(who.came),
    )


def _id(who: SignUp) -> str:
    return f"{who.meeting}-{who.key}"


def typed_about(state: Case) -> list[tuple[Key, str]]:
    """The rows of all sign-ups of the person of a case, whatever meeting they are for."""
    found = contacts.found(email=state.contact.email, phone=state.contact.phone)
    pairs = (one.id.partition("-") for one in found if is_of_a_meeting(one.id))
    return [(rows.guest_key(meeting, guest), SAID) for meeting, _sep, guest in pairs]


def is_of_a_meeting(key: str) -> bool:
    """Whether a contact's id is that of a sign-up, and not of something else of its service."""
    meeting, _, guest = key.partition("-")
    return len(meeting) == len(rows.new_id()) and bool(guest)


def tell(keys: Sequence[str], lang: str) -> dict[str, tuple[str, str]]:
    """What became of sign-ups, for the record of a person; and the pages of their meetings."""
    _ = translator(lang)
    pairs = [(key.partition("-")[0], key.partition("-")[2]) for key in keys]
    meetings = {one.id: one for one in rows.several({meeting for meeting, _guest in pairs})}
    said: dict[str, tuple[str, str]] = {}
    for who in rows.some_guests(pairs):
        meeting = meetings.get(who.meeting)
        if meeting is None:
            continue
        facts = {"title": meeting.title_in(lang), "when": moment_words(meeting.at, lang)}
        said[_id(who)] = (_(_sentence(meeting, who), **facts), owner_of(meeting).console(meeting))
    return said


def _sentence(meeting: Meeting, who: SignUp) -> str:
    if who.came is not None:
        return CAME if who.came else DID_NOT
    if not who.coming:
        return CANNOT
    return COMES if meeting.on else OFF


def record_came(meeting: Meeting, who: SignUp, came: bool, made_up: bool, at: int) -> None:
    """Keep whether somebody came, or made it up, in their row and in their record."""
    row = rows.came(who, came, made_up)
    dynamodb.transact([row, *written(meeting, replace(who, came=came), at)])
