"""The link to a facilitator's page of a cohort: signed for one person, good until two months after the program."""

from __future__ import annotations

import hashlib
from typing import Final, NamedTuple

from chalicelib.aws.now import now
from chalicelib.aws.settings import settings
from chalicelib.domain.calendar import end_of
from chalicelib.domain.errors import NotFound
from chalicelib.training import cohort as cohorts
from chalicelib.training.cohort import Cohort
from chalicelib.training.trainees import opening
from chalicelib.training.trainees.model import Trainee
from chalicelib.web import links

PURPOSE: Final = "training-desk"
AFTER: Final = 60 * 86400
MARK: Final = 16


class Desk(NamedTuple):
    """A facilitator at a cohort."""

    cohort: Cohort
    who: str

    def trainees(self) -> list[Trainee]:
        """Whom they facilitate now, by name."""
        everybody = opening.roster(self.cohort.id)
        return [
            one
            for one in everybody
            if one.open and (one.cohort, one.facilitator) == (self.cohort.id, self.who)
        ]


def address(cohort: Cohort, who: str) -> str:
    """The whole address of a facilitator's page."""
    until = max(end_of(cohort.ends_on), now()) + AFTER
    ticket = links.ticket(PURPOSE, _mark(who) + cohort.id, until)
    return f"{settings().base_url}/training-desk/{ticket}"


def desk_of(link: str) -> Desk | None:
    """Whose page a link opens; None for one that is not good, or of who facilitates there no more."""
    subject = links.read_ticket(PURPOSE, link, now()) or ""
    try:
        found = cohorts.cohort(subject[MARK:])
    except NotFound:
        return None
    theirs = [one for one in found.facilitators if _mark(one) == subject[:MARK]]
    return Desk(found, theirs[0]) if theirs else None


def _mark(who: str) -> str:
    """Who it is, as a ticket can say it."""
    return hashlib.sha256(who.encode()).hexdigest()[:MARK]
