"""What ended, in rows by the day on which it did: each case that ended is read once, and again only if it was
open meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import Final, NamedTuple

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import Key, field, put
from chalicelib.domain import calendar
from chalicelib.referral.delivery.caseload.rows import PK, reference_of
from chalicelib.referral.delivery.caseload.rule import DAY
from chalicelib.referral.model import Referral, Sessions
from chalicelib.workflow.storage import indexes, keys, store

_DAY: Final = "ENDED#"
# What ended in so long is reported; what was sent longer ago than the other is not looked for anymore.
YEAR: Final = 365 * DAY
SENT_WITHIN: Final = 550 * DAY
# So many that ended are read at a look: the rest a minute later.
MOST: Final = 2000

# Cases by reference, with what is kept of each: the tier and the sessions held, nothing where no plan was agreed.
Cases = dict[str, list[str | int]]


class Ended(NamedTuple):
    """A consultation that ended after its plan was agreed."""

    tier: str
    held: int


def ended(waiting: Collection[str], at: int) -> tuple[list[Ended], bool]:
    """What ended in the last year, and whether all of it was read by now. ``waiting``: all that is open."""
    had = {str(row["sk"]): dict(row["cases"]) for row in _days(at)}
    days = {
        day: {one: told for one, told in cases.items() if one not in waiting}
        for day, cases in had.items()
    }
    fresh = list(islice(_unread(days, at), MOST))
    _read(fresh, days, at)
    for day, cases in days.items():
        if cases != had.get(day):
            dynamodb.write(put(Key(PK, day), {"cases": cases}))
    return list(_lately(days, at)), len(fresh) < MOST


def _unread(days: Mapping[str, Cases], at: int) -> Iterator[str]:
    seen = {reference for cases in days.values() for reference in cases}
    sent = field(keys.BOARD.order).at_least(str(at - SENT_WITHIN))
    closed = dynamodb.each(indexes.partition("closed"), sent, index=keys.BOARD)
    return (one for one in map(reference_of, closed) if one not in seen)


def _read(fresh: Collection[str], days: dict[str, Cases], at: int) -> None:
    for state in store.states(fresh):
        if isinstance(state, Referral) and not state.open:
            sessions = state.sessions or Sessions()
            agreed = state.consultant and sessions.planned
            kept: list[str | int] = [state.tier, sessions.held] if agreed else []
            days.setdefault(_day_of(state.closed or at), {})[state.reference] = kept


def _lately(days: Mapping[str, Cases], at: int) -> Iterator[Ended]:
    for day, cases in days.items():
        if day >= _day_of(at - YEAR):
            yield from (Ended(str(told[0]), int(told[1])) for told in cases.values() if told)


def _days(at: int) -> Iterator[Item]:
    return dynamodb.each(PK, field("sk").between(_day_of(at - SENT_WITHIN), f"{_DAY}~"))


def _day_of(at: int) -> str:
    return f"{_DAY}{calendar.pacific_date(at)}"
