"""Why a consultant of the emergency roster is not called up: the rules of a match, as far as they ask about
the person and the area and not about one request."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from chalicelib.directory.people import Person
from chalicelib.domain.places import N_
from chalicelib.referral.matching.constraints import (
    NO_FACILITATOR,
    TRAINEE_SETTING,
    obstacles,
    serves_county,
)
from chalicelib.referral.matching.match_request import Consultant, MatchRequest

ELSEWHERE: Final = N_("Does not serve this county.")
# Room for cases, ties to a site, where a trainee works and who guides them there: each is of one request.
_OF_A_REQUEST: Final = ("H5", "H6")
_SAID_OF_ONE: Final = (TRAINEE_SETTING, NO_FACILITATOR)


def against(
    row: Person, counties: Collection[str], language: str, travels: bool, at: int
) -> list[str]:
    """Every reason (a msgid) against calling somebody up; none for who may be asked.

    They must serve one of the ``counties``, if any is named, and work in the ``language``, if one is.
    """
    one = Consultant.read(row)
    asked: list[str | None] = [*sorted(counties)] or [None]
    needs = [_need(county, language, travels) for county in asked]
    if travels:
        return min((_reasons(need, one, at) for need in needs), key=len)
    near = not counties or any(serves_county(need, one) for need in needs)
    return _reasons(needs[0], one, at) + ([] if near else [ELSEWHERE])


def _reasons(need: MatchRequest, one: Consultant, at: int) -> list[str]:
    return [
        text
        for rule, text in obstacles(need, one, at)
        if rule not in _OF_A_REQUEST and text not in _SAID_OF_ONE
    ]


def _need(county: str | None, language: str, travels: bool) -> MatchRequest:
    nothing: frozenset[str] = frozenset()
    return MatchRequest(
        tier="emergency",
        priority="asap",
        county=county,
        setting=None,
        modality="onsite" if travels else "virtual",
        language=language,
        language_required=bool(language),
        age_bands=nothing,
        concerns=nothing,
        availability=nothing,
        decliners=nothing,
        previous=None,
        ties=(),
        avoid="",
    )
