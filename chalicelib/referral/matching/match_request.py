"""Who can be matched with what: the consultant as the rules see one, and the need to be met."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict

from chalicelib.domain.vocabulary import COUNTIES, FAMILY_CHILD_CARE
from chalicelib.referral.request import Request

VIRTUAL_ONLY_SETTINGS: Final = frozenset({"ffn"})
TRAINEE_SETTINGS: Final = frozenset(FAMILY_CHILD_CARE)


def _set(value: object) -> frozenset[str]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple | set | frozenset):
        return frozenset()
    return frozenset(item for item in value if isinstance(item, str))


Names = Annotated[frozenset[str], BeforeValidator(_set)]


class Consultant(BaseModel):
    """A consultant. Instants are UTC epoch seconds; ``languages`` are spoken professionally.

    ``travel_minutes`` is the longest way one travels; ``travel_by_county`` the usual way to a
    county, where known; ``travels_in_region`` adds every county of the Cal OES regions served.
    ``conflicts``: names of sites or organizations, or email addresses. ``facilitator``: who
    guides a trainee. A leave without ``on_leave_from`` has begun. ``paused_offers``: wants no new
    offer for now. ``email_bad``: the address that letters came back from; it counts while it is
    still ``email`` (L3).
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    name: str = ""
    email: str = ""
    email_bad: str = ""
    phone: str | None = None
    letters_language: str = "en"
    active: bool = False
    agreement_until: int | None = None
    modalities: Names = frozenset()
    languages: Names = frozenset()
    counties: Names = frozenset()
    travel_minutes: int = 90
    travel_by_county: dict[str, int] = {}
    travels_in_region: bool = False
    settings: Names = frozenset()
    age_bands: Names = frozenset()
    concerns: Names = frozenset()
    availability: Names = frozenset()
    available_from: int | None = None
    cap: int = 0
    load: int = 0
    on_leave_from: int | None = None
    on_leave_until: int | None = None
    paused_offers: bool = False
    trainee: bool = False
    facilitator: str | None = None
    emergency_trained: bool = False
    emergency_roster: bool = False
    conflicts: Names = frozenset()
    last_offered_at: int | None = None

    @property
    def unreachable(self) -> bool:
        """Whether letters to the address on file are known not to arrive."""
        return bool(self.email_bad) and self.email_bad == self.email


@dataclass(frozen=True, slots=True)
class MatchRequest:
    """What a match must fit. ``ties`` and ``avoid`` are folded texts and are never stored."""

    tier: str | None
    priority: str
    county: str | None
    setting: str | None
    modality: str | None
    language: str
    language_required: bool
    age_bands: frozenset[str]
    concerns: frozenset[str]
    availability: frozenset[str]
    decliners: frozenset[str]
    previous: str | None
    ties: tuple[str, ...]
    avoid: str


def need_from(
    request: Request,
    tier: str | None,
    priority: str,
    *,
    decliners: Iterable[str] = (),
    previous_consultant: str | None = None,
    interpreter: bool = False,
    statewide_virtual: bool = False,
) -> MatchRequest:
    """The need behind a request.

    ``decliners`` said no to it or did not answer. ``previous_consultant`` counts unless the
    provider wants somebody new. ``interpreter`` and ``statewide_virtual`` are the provider's own
    choices when nobody speaks a required language (H3).
    """
    virtual = statewide_virtual or request.setting in VIRTUAL_ONLY_SETTINGS
    return MatchRequest(
        tier=tier,
        priority=priority,
        county=request.county if request.county in COUNTIES else None,
        setting=request.setting,
        modality="virtual" if virtual else request.modality,
        language=primary(request.language or "en"),
        language_required=request.language_required == "yes" and not interpreter,
        age_bands=frozenset(request.age_bands) - {"none"},
        concerns=frozenset(request.concerns),
        availability=frozenset(request.availability),
        decliners=frozenset(decliners),
        previous=None if request.same_consultant == "no" else previous_consultant,
        ties=tuple(text for text in map(fold, (request.site_name, request.contact_email)) if text),
        avoid=fold(request.exclude_consultant),
    )


def primary(tag: str) -> str:
    """The language of a BCP 47 tag without its region: ``es-MX`` is ``es``."""
    return tag.split("-")[0].lower()


def fold(text: str | None) -> str:
    """A text for comparing names: no accents, no case, single spaces, letters and digits."""
    bare = unicodedata.normalize("NFKD", text or "").casefold()
    kept = "".join(
        c if c.isalnum() or c in "@." else " "
        for c in bare
        if c.isprintable() and not unicodedata.combining(c)
    )
    return " ".join(word.strip(".") for word in kept.split())
