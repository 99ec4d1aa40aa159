"""Who can be matched with what: the consultant as the rules see one, and the need to be met."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from chalicelib.directory.people import Person
from chalicelib.domain.vocabulary import COUNTIES, FAMILY_CHILD_CARE
from chalicelib.referral.request import Request

VIRTUAL_ONLY_SETTINGS: Final = frozenset({"ffn"})
TRAINEE_SETTINGS: Final = frozenset(FAMILY_CHILD_CARE)
# A practicum is with one home at a time.
HOMES_OF_A_TRAINEE: Final = 1


# As the table has them: there are few in each.
Names = Collection[str]


@dataclass(slots=True)
class Consultant:
    """A consultant. Instants are UTC epoch seconds; ``languages`` are spoken professionally.

    ``credential_until``: when the first of their certificates and licenses ends, None for none that does.
    ``travel_minutes`` is the longest way one travels; ``travel_by_county`` the usual way to a
    county, where known; ``travels_in_region`` adds every county of the Cal OES regions served.
    ``conflicts``: names of sites or organizations, or email addresses. ``facilitator``: who
    guides a trainee. ``practicum_rests``: a trainee is away from the training, or it is over. A leave without ``on_leave_from`` has begun. ``paused_offers``: wants no new
    offer for now, or until ``paused_until``. ``email_bad``: the address that letters came back from; it counts while it is
    still ``email``.

    Neither a pydantic model nor frozen, though nobody changes one: a match reads hundreds of them, and
    parsing was three quarters of it.
    """

    id: str
    name: str = ""
    email: str = ""
    email_bad: str = ""
    phone: str | None = None
    letters_language: str = "en"
    active: bool = False
    agreement_until: int | None = None
    credential_until: int | None = None
    modalities: Names = ()
    languages: Names = ()
    counties: Names = ()
    travel_minutes: int = 90
    travel_by_county: Mapping[str, int] = field(default_factory=dict)
    travels_in_region: bool = False
    settings: Names = ()
    age_bands: Names = ()
    concerns: Names = ()
    availability: Names = ()
    available_from: int | None = None
    cap: int = 0
    load: int = 0
    on_leave_from: int | None = None
    on_leave_until: int | None = None
    paused_offers: bool = False
    paused_until: int | None = None
    trainee: bool = False
    practicum_rests: bool = False
    facilitator: str | None = None
    emergency_trained: bool = False
    emergency_roster: bool = False
    conflicts: Names = ()
    last_offered_at: int | None = None

    @classmethod
    def read(cls, row: Person) -> Consultant:
        """A row of the table; fields that are unknown or empty are passed over. Raises KeyError
        without an id."""
        known: dict[str, Any] = {
            name: value if name not in _SEVERAL or isinstance(value, list) else _names(value)
            for name, value in row.items()
            if name in _FIELDS and value is not None
        }
        one = cls(id=str(row["id"]), **known)
        if one.trainee:
            one.cap = min(one.cap, HOMES_OF_A_TRAINEE)
        return one

    def rests(self, now: int) -> bool:
        """Whether they want no new offer now."""
        return self.paused_offers and (self.paused_until is None or now < self.paused_until)

    @property
    def unreachable(self) -> bool:
        """Whether letters to the address on file are known not to arrive."""
        return bool(self.email_bad) and self.email_bad == self.email


_FIELDS: Final = frozenset(one.name for one in fields(Consultant)) - {"id"}
_SEVERAL: Final = frozenset(one.name for one in fields(Consultant) if one.type == "Names")


def _names(value: object) -> Names:
    """Words that are stored in another way than as a list: several, or a single one."""
    if isinstance(value, tuple | set | frozenset):
        return value
    return (value,) if isinstance(value, str) else ()


@dataclass(frozen=True, slots=True)
class MatchRequest:
    """What a match must fit. ``ties`` and ``avoid`` are folded texts and are never stored.

    ``trainee_welcome``: the provider said that somebody in training may work with them.
    """

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
    trainee_welcome: bool = False


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
    choices when nobody speaks a required language.
    """
    # The short form does not ask: then they speak the language of their letters, and need it.
    spoken = request.language or request.letters_language or "en"
    required = request.language_required == "yes" or not (request.language or spoken == "en")
    virtual = statewide_virtual or request.setting in VIRTUAL_ONLY_SETTINGS
    return MatchRequest(
        tier=tier,
        priority=priority,
        county=request.county if request.county in COUNTIES else None,
        setting=request.setting,
        modality="virtual" if virtual else request.modality,
        language=primary(spoken),
        language_required=required and not interpreter,
        age_bands=frozenset(request.age_bands) - {"none"},
        concerns=frozenset(request.concerns),
        availability=frozenset(request.availability),
        decliners=frozenset(decliners),
        previous=None if request.same_consultant == "no" else previous_consultant,
        ties=tuple(text for text in map(fold, (request.site_name, request.contact_email)) if text),
        avoid=fold(request.exclude_consultant),
        trainee_welcome=request.trainee_welcome == "yes",
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
