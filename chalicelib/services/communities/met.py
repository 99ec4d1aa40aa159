"""A seat in the record of its person: that they asked for it, and that they met with the group. Pages and
the relay write it; no step of a machine may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Write
from chalicelib.directory import contacts
from chalicelib.directory.contacts import Contact
from chalicelib.meetings import met
from chalicelib.services.communities.statuses import STATUSES
from chalicelib.web.languages import translator
from chalicelib.workflow import cases
from chalicelib.workflow.cases import Case
from chalicelib.workflow.storage.store import states

# An id of ``vocabulary.SERVICES``.
COMMUNITY: Final = "community"


def asked_for(seat: Case, at: int) -> list[Write]:
    """They asked for a seat: no support yet."""
    return contacts.rows(_contact(seat, at, given=False), at)


def met_with_group(seat: Case, at: int) -> None:
    """They came to a meeting of their group."""
    rows = contacts.rows(_contact(seat, at), at)
    if rows:
        dynamodb.transact(rows)


def found_again(seat: Case, contact: cases.Contact, at: int) -> list[Write]:
    """What was written of it, under another address or number."""
    before = contacts.of(COMMUNITY, seat.reference)
    if before is None:
        return []
    new = replace(before, email=contact.email, phone=contact.phone, person=contact.name)
    return contacts.rows(new, at, before)


def tell(keys: Sequence[str], lang: str) -> dict[str, tuple[str, str]]:
    """Where the seats of contacts stand, and the meetings that somebody dropped in at, for the record of a
    person; and their pages."""
    _ = translator(lang)
    seats = [key for key in keys if not met.is_of_a_meeting(key)]
    told = met.tell([key for key in keys if met.is_of_a_meeting(key)], lang)
    return told | {
        one.reference: (_(STATUSES[one.status].label), f"/console/referrals/{one.reference}")
        for one in states(seats)
    }


def _contact(seat: Case, at: int, *, given: bool = True) -> Contact:
    who = seat.contact
    return Contact(
        COMMUNITY,
        seat.reference,
        at,
        seat.county,
        phone=who.phone,
        email=who.email,
        person=who.name,
        given=given,
    )
