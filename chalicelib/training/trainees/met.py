"""A trainee in the record of its person: they take part in a program, which is no support that they had. Pages
and the relay write it; no step of a machine may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from chalicelib.aws.writes import Write
from chalicelib.directory import contacts
from chalicelib.directory.contacts import Contact
from chalicelib.training.trainees.statuses import STATUSES
from chalicelib.web.languages import translator
from chalicelib.workflow import cases
from chalicelib.workflow.cases import Case
from chalicelib.workflow.storage.store import states

# An id of ``vocabulary.SERVICES``.
SERVICE: Final = "training"


def enrolled(trainee: Case, at: int) -> list[Write]:
    """They are enrolled."""
    who = trainee.contact
    made = Contact(
        SERVICE,
        trainee.reference,
        at,
        trainee.county,
        phone=who.phone,
        email=who.email,
        person=who.name,
        given=False,
    )
    return contacts.rows(made, at)


def found_again(trainee: Case, contact: cases.Contact, at: int) -> list[Write]:
    """What was written of them, under another address or number."""
    before = contacts.of(SERVICE, trainee.reference)
    if before is None:
        return []
    new = replace(before, email=contact.email, phone=contact.phone, person=contact.name)
    return contacts.rows(new, at, before)


def tell(keys: Sequence[str], lang: str) -> dict[str, tuple[str, str]]:
    """Where trainees stand, for the record of a person, and their pages."""
    _ = translator(lang)
    return {
        one.reference: (_(STATUSES[one.status].label), f"/console/referrals/{one.reference}")
        for one in states(keys)
    }
