"""The sessions of a consultant: in the consultations that they have, and in those that they gave away or
finished in this month."""

from __future__ import annotations

from typing import Final, cast

from chalicelib.directory import people
from chalicelib.directory.people import Person
from chalicelib.domain.calendar import pacific_date
from chalicelib.referral.model import Referral, ReferralChanges
from chalicelib.referral.records import Session, episode
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.storage import store

WORDS: Final = N_("Consultations")


def minutes(who: str, row: Person, first: int, last: int) -> tuple[str, int]:
    """The minutes of their sessions on the days between two instants."""
    since, until = (pacific_date(one).isoformat() for one in (first, last))
    references = dict.fromkeys([*row.get("held", []), *people.left_lately(row, last)])
    found = [case for case in store.states(references) if isinstance(case, Referral)]
    return WORDS, sum(
        session.minutes
        for case in found
        for session in _of(who, store.log(case))
        if since <= session.day <= until
    )


def _of(who: str, log: list[Entry]) -> list[Session]:
    """The sessions that were held while they had the consultation, whoever wrote them down."""
    had, theirs = "", set()
    for entry in log:
        if "consultant" in entry.changes:
            had = str(cast("ReferralChanges", entry.changes)["consultant"] or "")
        if had == who:
            theirs.add(entry.version)
    return [one for one in episode(log).held if one.version in theirs]
