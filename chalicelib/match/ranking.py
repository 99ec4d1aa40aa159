"""Today's ranking of the Network's consultants for one referral."""

from __future__ import annotations

from chalicelib.aws.people import consultants
from chalicelib.aws.requests import answers
from chalicelib.kit.now import now
from chalicelib.match.rules import Ranking, need_from, rank
from chalicelib.referral.model import Referral


def ranking(state: Referral) -> Ranking:
    """Candidates with their scores, and everybody else with every reason (E1)."""
    need = need_from(
        answers(state.reference),
        tier=state.tier,
        priority=state.priority,
        decliners=tuple(state.declined),
    )
    return rank(need, consultants(), now())
