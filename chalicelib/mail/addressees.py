"""Who a letter goes to, and whether letters arrive there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypedDict

from chalicelib.directory import people
from chalicelib.directory.people import Person
from chalicelib.domain.vocabulary import OWNERS
from chalicelib.web.languages import N_
from chalicelib.workflow.case_types import applicant_of, called, recipient
from chalicelib.workflow.cases import Case, Payload, Task

BY_PHONE: Final = N_("by phone")


class Address(TypedDict):
    """Where letters to somebody go, in which language, and whether they are known to come back."""

    name: str
    email: str
    language: str
    bad: bool


def address(state: Case, to: str, told: Payload | None = None) -> Address:
    """Name, email and letters' language behind an applicant's role, ``consultant:id`` or ``staff:id``.

    ``bad`` says that letters to this very address came back. ``{role}_before`` is the
    address that the applicant had before the entry whose data is ``told``.
    """
    applicant = applicant_of(state)
    if to == f"{applicant}_before":
        before = str((told or {}).get("before", {}).get("contact_email") or "")
        return {"name": "", "email": before, "language": state.language, "bad": False}
    if to == applicant:
        contact = state.contact
        return {
            "name": contact.name,
            "email": contact.email,
            "language": state.language,
            "bad": contact.blocked,
        }
    row = person(to)
    return {
        "name": row.get("name", ""),
        "email": row.get("email", ""),
        "language": row.get("letters_language", "en"),
        "bad": blocked(row),
    }


def hears(state: Case, to: Iterable[str]) -> list[tuple[str, str]]:
    """Who is told, before it is sent: the applicant by what they are and how, others by name and address."""
    found = []
    for one in to:
        there = address(state, one)
        if one == applicant_of(state):
            found.append((OWNERS.get(one, one), _how(state)))
        elif there["email"] or called(state, one):
            found.append((there["name"], there["email"] or BY_PHONE))
    return found


def _how(state: Case) -> str:
    """How letters reach the applicant: a msgid."""
    if state.contact.called:
        return BY_PHONE
    return N_("by email, but letters come back") if state.contact.blocked else N_("by email")


def person(to: str) -> Person:
    """The row of a consultant or a member of staff; empty when unknown."""
    role, _, who = to.partition(":")
    return people.consultant(who) if role == "consultant" else people.staff_member(who)


def blocked(row: Person) -> bool:
    """Whether the address in a person's row is known not to work."""
    return bool(row.get("email_bad")) and row.get("email_bad") == row.get("email")


def holder(state: Case, task: Task) -> str:
    """Who a task waits for, as letters name them; empty for the system."""
    if task.role == "system":
        return ""
    return recipient(state, task.role, task.assignee)
