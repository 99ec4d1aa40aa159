"""How long before an agreement or a credential ends somebody is asked, and how long a signature lasts: dated
data. [ours, to be set by the Network]"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from chalicelib.aws.now import scaled
from chalicelib.domain.calendar import end_of_business_day, midnight, months_later, pacific_date
from chalicelib.domain.decisions import in_force
from chalicelib.domain.service_standards import Deadlines

DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Rule:
    """Asked ``ahead`` days before the last day, reminded so many days before it and on it, and no longer than
    ``after`` days past it. A signed agreement lasts ``months`` more."""

    version: str
    since: date
    ahead: int
    remind: tuple[int, ...]
    after: int
    months: int


RULES: Final = (Rule("renewal-1", date(2020, 1, 1), 60, (30, 14, 7, 1), 60, 12),)


def rule(at: int) -> Rule:
    """The rule in force."""
    return in_force(RULES, pacific_date(at))


def asked_from(ends: int, at: int) -> int:
    """From when somebody is asked about what ends at an instant."""
    return ends - rule(at).ahead * DAY


def limits(ends: int, at: int) -> Deadlines:
    """The instants of the question: due on the last day, when a supervisor hears of it, too."""
    found = rule(at)
    due = max(ends - 1, at + 1)
    last = end_of_business_day(max(ends, at) + found.after * DAY)
    remind = tuple(one for days in (*found.remind, 0) if at < (one := ends - days * DAY) < last)
    expires = scaled(at, last)
    return Deadlines(due, tuple(one for one in remind if one < expires), due, max(expires, due + 1))


def next_end(ends: int, at: int) -> int:
    """When an agreement ends that is signed now: it goes on from its last day, or from today."""
    last = pacific_date(max(ends - 1, at))
    return midnight(months_later(last, rule(at).months)) + DAY
