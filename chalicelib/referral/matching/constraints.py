"""Who may not be offered a request, and every reason why: the hard constraints H1 to H9.

Each check answers with the msgids of its reasons, none when it holds. None stops early, so that
staff see all that stands in the way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from chalicelib.domain.places import N_, region_of
from chalicelib.referral.matching.match_request import (
    TRAINEE_SETTINGS,
    Consultant,
    MatchRequest,
    fold,
    primary,
)

INACTIVE: Final = N_("Is not active now.")
NO_AGREEMENT: Final = N_("Has no agreement with the Network.")
AGREEMENT_OVER: Final = N_("Their agreement with the Network has ended.")
CREDENTIAL_OVER: Final = N_("A certificate or license of theirs has ended.")
MODALITY: Final = N_("Does not work in the way that was asked for.")
LANGUAGE: Final = N_("Does not speak the language that is needed.")
AREA: Final = N_("Does not travel to this county.")
TOO_FAR: Final = N_("The way to this county is too long.")
FULL: Final = N_("Has no room for more work.")
TIE: Final = N_("Has a tie to this site or this provider.")
NOT_WANTED: Final = N_("The provider asked for another person.")
DECLINED: Final = N_("Already said no to this request, or did not answer.")
REPLACED: Final = N_("Worked on this request before, and somebody else took over.")
TRAINEE_SETTING: Final = N_("Is in training and works only with family child care homes.")
TRAINEE_EMERGENCY: Final = N_("Is in training and is not sent into an emergency.")
TRAINEE_NOT_ASKED: Final = N_("Is in training, and the provider did not say yes to that.")
NO_FACILITATOR: Final = N_("Is in training and has no facilitator yet.")
NO_ROSTER: Final = N_("Is not on the emergency list.")
NOT_TRAINED: Final = N_("Has not done the emergency training.")
ON_LEAVE: Final = N_("Is on leave.")
LEAVE_SOON: Final = N_("Begins a leave soon.")
PRACTICUM_RESTS: Final = N_("Is in training, and is away from it or has ended it.")
PAUSED: Final = N_("Takes no new offers right now.")
UNREACHABLE: Final = N_("Their email address does not work.")

# A leave that begins this soon is in the way already: the first session is due within ten business
# days of a yes, so who goes away before it would begin a work and leave it (seconds).
LEAVE_AHEAD: Final = 14 * 86_400

# What a consultant must offer for a way of working: any one of the sets in full.
_WAYS: Final[dict[str, tuple[frozenset[str], ...]]] = {
    "onsite": (frozenset({"onsite"}), frozenset({"hybrid"})),
    "virtual": (frozenset({"virtual"}), frozenset({"hybrid"})),
    "hybrid": (frozenset({"hybrid"}), frozenset({"onsite", "virtual"})),
    "phone": (frozenset({"phone"}), frozenset({"virtual"}), frozenset({"hybrid"})),
}
ON_SITE: Final = frozenset({"onsite", "hybrid"})

# "Chinese, not sure which" is served by either; the two do not serve each other.
_ALSO: Final = {"zh": frozenset({"zh", "cmn", "yue"})}


def speaks(need: MatchRequest, consultant: Consultant) -> bool:
    """Whether the consultant works in the language that was asked for."""
    wanted = _ALSO.get(need.language)
    if need.language in consultant.languages:
        return True
    spoken = {primary(tag) for tag in consultant.languages}
    return not spoken.isdisjoint(wanted) if wanted else need.language in spoken


def serves_county(need: MatchRequest, consultant: Consultant) -> bool:
    """Whether the site's county is in the consultant's service area."""
    if need.county is None:
        return False
    if need.county in consultant.counties:
        return True
    region = region_of(need.county)
    return consultant.travels_in_region and any(
        region_of(county) == region for county in consultant.counties
    )


def unwanted(need: MatchRequest, consultants: Sequence[Consultant]) -> frozenset[str]:
    """The ids of those whom "not this person" means.

    Whole names, addresses and ids count first; if there is none, any name that holds a word of
    the text: better one too many left out than the person offered again.
    """
    if not need.avoid:
        return frozenset()
    padded = f" {need.avoid} "
    named = frozenset(
        c.id
        for c in consultants
        if any(key and f" {key} " in padded for key in (fold(c.name), fold(c.email), fold(c.id)))
    )
    if named:
        return named
    words = {word for word in need.avoid.split() if len(word) > 2}
    return frozenset(c.id for c in consultants if words.intersection(fold(c.name).split()))


def _inactive(one: Consultant, now: int) -> list[str]:
    found = [] if one.active else [INACTIVE]
    if one.agreement_until is None:
        found.append(NO_AGREEMENT)
    elif one.agreement_until <= now:
        found.append(AGREEMENT_OVER)
    if one.credential_until is not None and one.credential_until <= now:
        found.append(CREDENTIAL_OVER)
    return found


def _h2(need: MatchRequest, one: Consultant, now: int) -> list[str]:
    ways = _WAYS.get(need.modality or "")
    fits = ways is None or any(way.issubset(one.modalities) for way in ways)
    return [] if fits else [MODALITY]


def _h3(need: MatchRequest, one: Consultant, now: int) -> list[str]:
    return [LANGUAGE] if need.language_required and not speaks(need, one) else []


def _h4(need: MatchRequest, one: Consultant, now: int) -> list[str]:
    if need.modality not in ON_SITE:
        return []
    if not serves_county(need, one):
        return [AREA]
    way = one.travel_by_county.get(need.county or "")
    return [TOO_FAR] if way is not None and way > one.travel_minutes else []


def _full(one: Consultant, now: int) -> list[str]:
    return [] if one.load < one.cap else [FULL]


def _same(tie: str, ours: str) -> bool:
    """Whole words within a name, a whole address, or the end of one (``@example.org``)."""
    return f" {tie} " in f" {ours} " or (tie.startswith("@") and ours.endswith(tie))


def _h6(need: MatchRequest, one: Consultant, now: int) -> list[str]:
    found = []
    if one.id in need.decliners:
        found.append(REPLACED if one.id == need.previous else DECLINED)
    ties = [tie for name in one.conflicts if (tie := fold(name))]
    if ties and any(_same(tie, ours) for tie in ties for ours in need.ties):
        found.append(TIE)
    return found


def _h7(need: MatchRequest, one: Consultant, now: int) -> list[str]:
    """Who is in training works with one family child care home that said yes to it, and is guided."""
    if not one.trainee:
        return []
    found = [TRAINEE_EMERGENCY] if need.tier == "emergency" else []
    if need.setting not in TRAINEE_SETTINGS:
        found.append(TRAINEE_SETTING)
    elif not need.trainee_welcome:
        found.append(TRAINEE_NOT_ASKED)
    return found + ([] if one.facilitator else [NO_FACILITATOR])


def _h8(need: MatchRequest, one: Consultant, now: int) -> list[str]:
    if need.tier != "emergency":
        return []
    return ([] if one.emergency_roster else [NO_ROSTER]) + (
        [] if one.emergency_trained else [NOT_TRAINED]
    )


def _away(one: Consultant, now: int) -> list[str]:
    found = [PAUSED] if one.rests(now) else []
    if one.trainee and one.practicum_rests:
        found.append(PRACTICUM_RESTS)  # not theirs to lift, as a pause is
    if one.unreachable:
        found.append(UNREACHABLE)  # an offer would only run out; back as soon as it is mended
    if one.on_leave_until is not None and one.on_leave_until > now:
        begins = one.on_leave_from or 0
        if begins <= now:
            found.append(ON_LEAVE)
        elif begins - LEAVE_AHEAD <= now:
            found.append(LEAVE_SOON)
    return found


CONSTRAINTS: Final[dict[str, Callable[[MatchRequest, Consultant, int], list[str]]]] = {
    "H1": lambda need, one, now: _inactive(one, now),
    "H2": _h2,
    "H3": _h3,
    "H4": _h4,
    "H5": lambda need, one, now: _full(one, now),
    "H6": _h6,
    "H7": _h7,
    "H8": _h8,
    "H9": lambda need, one, now: _away(one, now),
}


# Those that ask the same of a consultant for many needs, and what of a need they read.
_SHARED: Final = ("H2", "H3", "H4", "H7", "H8")


def shared_part(need: MatchRequest) -> tuple[str | bool | None, ...]:
    """Needs that are alike in this can have the same consultants, as far as ``suits`` tells."""
    language = need.language if need.language_required else None
    return need.tier, need.setting, need.county, need.modality, language, need.trainee_welcome


def suits(need: MatchRequest, one: Consultant, now: int) -> bool:
    """Whether nothing stands in the way that lasts: room and ties aside."""
    return not any(CONSTRAINTS[rule](need, one, now) for rule in _SHARED)


def tied(need: MatchRequest, one: Consultant, now: int) -> bool:
    """Whether this consultant may not have this very request: said no, or has a tie."""
    return bool(_h6(need, one, now))


_OF_THEIR_OWN: Final = (_inactive, _away, _full)


def free(one: Consultant, now: int) -> bool:
    """Whether a consultant could take anything at all: active, with room, and not away."""
    return not any(check(one, now) for check in _OF_THEIR_OWN)


def against_any(one: Consultant, now: int) -> list[str]:
    """Why a consultant gets no offer at all, whatever the request; empty for who is free."""
    return [reason for check in _OF_THEIR_OWN for reason in check(one, now)]


def obstacles(
    need: MatchRequest, one: Consultant, now: int, avoided: frozenset[str] = frozenset()
) -> tuple[tuple[str, str], ...]:
    """Every (rule, reason) that excludes a consultant; empty for somebody who may be offered."""
    found = []
    for rule, check in CONSTRAINTS.items():
        if reasons := check(need, one, now):
            found += [(rule, text) for text in reasons]
    if one.id in avoided:
        found.append(("H6", NOT_WANTED))
        found.sort(key=lambda pair: pair[0])
    return tuple(found)
