"""Whether the caller is known: who fits what they said, where their case stands, and earlier contacts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chalicelib.services.helpline.events import CONTACT_LOGGED
from chalicelib.web.staff_auth import Staff
from chalicelib.workflow.case_types import type_of
from chalicelib.workflow.cases import Case, Entry
from chalicelib.workflow.lists.records import PATHS, records
from chalicelib.workflow.lists.search import Hit, search
from chalicelib.workflow.lists.spelling import words_of
from chalicelib.workflow.storage import store

# Of how many of those that fit best the earlier contacts are read.
READ: Final = 3
SHOWN: Final = 5


@dataclass(frozen=True)
class Known:
    """A case that fits: by whom and where it was asked for, where it stands (a msgid), and the earlier
    contacts about it, the newest first, as entries."""

    reference: str
    program: str
    person: str
    place: str
    stands: str
    open: bool
    since: int
    contacts: list[Entry]


def look_up(typed: str, who: Staff) -> list[Known]:
    """The cases in the counties of ``who`` that fit best what was typed."""
    if not any(len(word) > 1 for word in words_of(typed)):
        return []
    hits = search(typed, who.scope, who.actor).hits
    return [_known(hit, read=number < READ) for number, hit in enumerate(hits)]


def met(typed: str, who: Staff) -> list[tuple[str, str]]:
    """Whom the Network met without a case, in the counties of ``who``: by what names, and the page of their
    record."""
    if not any(len(word) > 1 for word in words_of(typed)):
        return []
    return [
        (" · ".join(filter(None, (person, program))), f"{PATHS[kind]}/{one}")
        for kind, one, person, program in records(fresh=False).met(typed, who.scope)
    ]


def _known(hit: Hit, *, read: bool) -> Known:
    state = hit.state
    status = type_of(state).statuses.get(state.status)
    return Known(
        reference=state.reference,
        program=hit.by.program,
        person=state.contact.name or state.contact.phone,
        place=hit.by.place,
        stands=status.label if status else state.status,
        open=state.open,
        since=state.submitted,
        contacts=_contacts(state) if read else [],
    )


def _contacts(state: Case) -> list[Entry]:
    found = [entry for entry in store.log(state) if entry.event == CONTACT_LOGGED]
    return found[::-1][:SHOWN]
