"""Who could serve this request, best first, with every score and every reason against.

Pure: same inputs, same order. Ties: longest waiting, then lowest load, then stable id.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from chalicelib.directory.people import Person
from chalicelib.domain.calendar import pacific_date
from chalicelib.domain.decisions import in_force
from chalicelib.referral.matching.constraints import obstacles, unwanted
from chalicelib.referral.matching.match_request import Consultant
from chalicelib.referral.matching.match_request import MatchRequest as MatchRequest
from chalicelib.referral.matching.match_request import need_from as need_from
from chalicelib.referral.matching.ruleset import CRITERIA as CRITERIA
from chalicelib.referral.matching.ruleset import RULES
from chalicelib.referral.matching.scores import Score, scores

_ELSEWHERE: Final = frozenset({"H2", "H4"})
_ONLINE: Final = frozenset({"virtual", "hybrid"})
_BUSY: Final = frozenset({"H5", "H9"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be offered the request: ``total`` of 100, and the points behind it."""

    id: str
    total: int
    scores: tuple[Score, ...]


@dataclass(frozen=True, slots=True)
class Excluded:
    """Somebody who may not: every (rule, reason) that stands in the way; reasons are msgids."""

    id: str
    against: tuple[tuple[str, str], ...]

    @property
    def rules(self) -> tuple[str, ...]:
        """Each rule once."""
        return tuple(dict.fromkeys(rule for rule, _ in self.against))

    @property
    def reasons(self) -> tuple[str, ...]:
        """Every reason."""
        return tuple(reason for _, reason in self.against)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The whole answer. ``flags``, when nobody is left: language_gap (only the language keeps
    people out), area_gap (only the place does), no_capacity (people fit but are full or away).
    Then ``with_interpreter`` and ``online`` say who could serve if the provider chooses so."""

    candidates: tuple[Candidate, ...]
    excluded: tuple[Excluded, ...]
    flags: tuple[str, ...]
    with_interpreter: tuple[str, ...]
    online: tuple[str, ...]
    rule_version: str

    @property
    def language_gap(self) -> bool:
        """Whether nobody is left because of the language alone."""
        return "language_gap" in self.flags


def rank(need: MatchRequest, consultants: Iterable[Consultant | Person], now: int) -> Ranking:
    """Rank consultants for a need at an instant (UTC epoch seconds).

    Rows straight from the table are read as ``Consultant``. A previous consultant who is wanted
    and free comes first, whatever the points.
    """
    people = [one if isinstance(one, Consultant) else Consultant.read(one) for one in consultants]
    rules = in_force(RULES, pacific_date(now))
    avoided = unwanted(need, people)
    fit: list[tuple[Candidate, Consultant]] = []
    excluded: list[Excluded] = []
    for one in people:
        against = obstacles(need, one, now, avoided)
        if against:
            excluded.append(Excluded(one.id, against))
            continue
        points = scores(need, one, now, rules)
        fit.append((Candidate(one.id, sum(s.points for s in points), points), one))
    fit.sort(key=lambda pair: _order(need, *pair))
    excluded.sort(key=lambda one: one.id)
    ranked = tuple(candidate for candidate, _ in fit)
    if ranked:
        return Ranking(ranked, tuple(excluded), (), (), (), rules.version)
    return _nobody(excluded, people, rules.version)


def best(need: MatchRequest, fit: Iterable[Consultant], now: int) -> Consultant | None:
    """The first of ``rank`` among those who may be offered the need; None of nobody."""
    rules = in_force(RULES, pacific_date(now))

    def place(one: Consultant) -> tuple[bool, int, int, int, str]:
        points = scores(need, one, now, rules)
        return _order(need, Candidate(one.id, sum(s.points for s in points), points), one)

    return min(fit, key=place, default=None)


def _nobody(excluded: list[Excluded], people: list[Consultant], version: str) -> Ranking:
    """A ranking without candidates: what is in the way, and who could help in another way."""
    by_id = {one.id: one for one in people}
    interpreter = tuple(one.id for one in excluded if set(one.rules) == {"H3"})
    online = tuple(
        one.id
        for one in excluded
        if "H3" not in one.rules
        and set(one.rules) <= _ELSEWHERE
        and not _ONLINE.isdisjoint(by_id[one.id].modalities)
    )
    flags = {
        "language_gap": bool(interpreter),
        "area_gap": bool(online) and not interpreter,
        "no_capacity": any(set(one.rules) <= _BUSY for one in excluded),
    }
    raised = tuple(name for name, on in flags.items() if on)
    return Ranking((), tuple(excluded), raised, interpreter, online, version)


def _order(
    need: MatchRequest, candidate: Candidate, one: Consultant
) -> tuple[bool, int, int, int, str]:
    return (
        candidate.id != need.previous,
        -candidate.total,
        one.last_offered_at or 0,
        one.load,
        one.id,
    )
