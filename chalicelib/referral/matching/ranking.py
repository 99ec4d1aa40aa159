"""Today's ranking of the Network's consultants for one referral."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.aws.now import now
from chalicelib.directory.people import Person, consultants
from chalicelib.referral.matching.rules import MatchRequest, Ranking, need_from, rank
from chalicelib.referral.model import Referral
from chalicelib.referral.request import Request
from chalicelib.referral.rows.request_rows import request_of


def need_of(state: Referral, asked: Request | None = None) -> MatchRequest:
    """What a match for this referral must fit, with what the provider chose since.

    ``asked``: its answers, where the caller has read them.
    """
    return need_from(
        asked if asked is not None else request_of(state),
        tier=state.tier,
        priority=state.priority,
        decliners=tuple(state.declined),
        previous_consultant=state.previous or None,
        interpreter=state.with_interpreter,
        statewide_virtual=state.language_choice == "online",
    )


def ranking(state: Referral, rows: Sequence[Person] | None = None) -> Ranking:
    """Candidates with their scores, and everybody else with every reason.

    ``rows``: consultants that the caller has read.
    """
    return rank(need_of(state), consultants() if rows is None else rows, now())
