"""Today on the helpline: what came of the contacts, and which promised calls still wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.aws import dynamodb
from chalicelib.domain.calendar import pacific_date
from chalicelib.domain.roles import Scope
from chalicelib.services.helpline import contacts
from chalicelib.services.helpline.contacts import NOT_SAID, HelplineContact
from chalicelib.services.helpline.model import NAME
from chalicelib.services.helpline.words import ABANDONED, NOBODY_SPOKE
from chalicelib.workflow import board
from chalicelib.workflow.board import Line
from chalicelib.workflow.storage import indexes, keys


@dataclass(frozen=True)
class Figures:
    """Of one day; ``waiting`` and ``late`` are promised calls as they stand now."""

    answered: int
    abandoned: int
    dispositions: Mapping[str, int]
    unmet: Mapping[str, int]
    waiting: int
    late: int


def seen(found: Iterable[HelplineContact], scope: Scope) -> list[HelplineContact]:
    """Those of the contacts that lie in the counties of ``scope``."""
    return [one for one in found if scope.covers("" if one.county == NOT_SAID else one.county)]


def counted(found: Iterable[HelplineContact], waiting: list[Line], at: int) -> Figures:
    """What some contacts and some promised calls come to."""
    every = list(found)
    due = [one.waiting.due for one in waiting if one.waiting is not None]
    return Figures(
        answered=sum(one.disposition not in NOBODY_SPOKE and one.channel != "web" for one in every),
        abandoned=sum(one.disposition == ABANDONED for one in every),
        dispositions=dict(Counter(one.disposition for one in every).most_common()),
        unmet=dict(Counter(need for one in every for need in one.unmet).most_common()),
        waiting=len(waiting),
        late=sum(at >= one for one in due),
    )


def promised(at: int, scope: Scope) -> list[Line]:
    """The promised calls that are not made yet, by the time that was promised."""
    rows = dynamodb.each(indexes.partition("open", NAME), index=keys.BOARD)
    lines = [one for row in rows if scope.covers((one := board.line_of(row, at)).county)]
    return sorted(lines, key=lambda one: one.waiting.due if one.waiting else 0)


def today(at: int, scope: Scope) -> Figures:
    """The figures of the Pacific day of ``at``, in the counties of ``scope``."""
    return counted(seen(contacts.of_day(pacific_date(at)), scope), promised(at, scope), at)
