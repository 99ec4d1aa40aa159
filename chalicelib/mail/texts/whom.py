"""Whom a text message goes to: the person of a case by its contact, a consultant by the directory."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.directory import people
from chalicelib.domain import addresses
from chalicelib.mail.texts.ending import end
from chalicelib.workflow.cases import Case

CONSULTANT = "consultant"


@dataclass(frozen=True, slots=True)
class Reader:
    """``number`` is "" for who wants no texts; ``consultant`` is the id of one; ``email`` is what their
    choices are found by, "" for who has none."""

    number: str
    language: str
    email: str
    consultant: str = ""


def reader(state: Case, to: str) -> Reader:
    """Who reads the texts to ``to``, as effects name people."""
    role, _, who = to.partition(":")
    if role == CONSULTANT:
        row = people.consultant(who)
        number = str(row.get("texts") or "") if row.get("active") else ""
        email = str(row.get("email", ""))
        return Reader(number, str(row.get("letters_language", "en")), email, who)
    contact = state.contact
    number = addresses.text_number(contact.phone) if contact.texted else ""
    return Reader(number, state.language, contact.email)


def leave(state: Case, one: Reader, at: int, why: str) -> None:
    """No more texts to them. Idempotent. Raises TryAgain."""
    if one.consultant:
        people.set_fields(one.consultant, {"texts": None})
    else:
        end(state.reference, at, why)
