"""What each eligibility rule says in plain words (msgids), to the provider and to staff, and which answers it
reads."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.places import N_

_SENTENCES: Final[dict[tuple[str, str], str | tuple[str, str]]] = {
    ("E1", "inside"): N_("Care is given in California."),
    ("E1", "outside"): N_("Care is given outside California. We can only serve California."),
    ("E1", "unknown"): N_("We do not know yet in which county care is given."),
    ("E2", "some"): N_("Children under six are in care."),
    ("E2", "nobody"): N_("No children under six are in care. We serve care from birth to five."),
    ("E2", "unknown"): N_("We do not know yet how old the children in care are."),
    ("E3", "runs_it"): (N_("You give or run the care."), N_("They give or run the care.")),
    ("E3", "agency"): (
        N_("You ask for a provider that you work with."),
        N_("They ask for a provider that they work with."),
    ),
    ("E3", "with_director"): N_("The person in charge knows about this request."),
    ("E3", "online"): (
        N_("You work in the program. Online and phone support can start now."),
        N_("They work in the program. Online and phone support can start now."),
    ),
    ("E3", "parent"): (
        N_(
            "You are a parent or guardian. We work with the people who give the care, and we can tell "
            "you who helps families."
        ),
        N_(
            "They are a parent or guardian. We work with the people who give the care, and we can tell "
            "them who helps families."
        ),
    ),
    ("E3", "director"): (
        N_(
            "Before we come to your site, the person in charge needs to know. You can use the helpline "
            "and Open-Door sessions now."
        ),
        N_(
            "Before we go to the site, the person in charge needs to know. They can use the helpline "
            "and Open-Door sessions now."
        ),
    ),
    ("E3", "unknown"): N_("We do not know yet if the person in charge knows about this request."),
    ("E4", "served"): (
        N_("We serve this kind of care. You do not need a license number."),
        N_("We serve this kind of care. They do not need a license number."),
    ),
    ("E4", "unknown"): N_("We do not know yet what kind of care it is."),
    ("E5", "fits"): N_("We can meet in a way that fits this kind of care."),
    ("E5", "virtual_only"): N_("For family, friend and neighbor care, we meet online."),
    ("E5", "unknown"): N_("We do not know yet how we can meet."),
    ("E6", "inside"): (
        N_("You ask for support that we give."),
        N_("They ask for support that we give."),
    ),
    ("E6", "outside"): (
        N_(
            "You ask for therapy, a diagnosis, a place in care or an evaluation. We do not do these, "
            "and we can tell you who does."
        ),
        N_(
            "They ask for therapy, a diagnosis, a place in care or an evaluation. We do not do these, "
            "and we can tell them who does."
        ),
    ),
    ("E6", "unknown"): N_("We have not asked about help from other services."),
    ("E7", "local"): (
        N_("A local program serves your area too. You can choose them or us."),
        N_("A local program serves the site too. The provider can choose them or us."),
    ),
    ("E7", "none"): N_("No local program with room serves this site."),
    ("E7", "unknown"): N_("We have not checked yet for a local program."),
    ("E8", "same"): N_("There is already an open request for this site and room."),
    ("E8", "none"): N_("There is no other open request for this site and room."),
    ("E8", "unknown"): N_("We have not checked yet for another open request."),
    ("E9", "complete"): N_("We have the answers that we need."),
    ("E9", "missing"): (
        N_("We need a few more answers from you."),
        N_("We need a few more answers from them."),
    ),
}
"""(rule, case) -> the sentence; two where the provider is spoken to, and then staff of them."""
TEXTS: Final = {at: said if isinstance(said, str) else said[0] for at, said in _SENTENCES.items()}
"""(rule, case) -> the sentence as a decision keeps it, and the provider reads it."""
_TO_STAFF: Final = dict(said for said in _SENTENCES.values() if not isinstance(said, str))


def for_staff(sentence: str) -> str:
    """The same as staff read it."""
    return _TO_STAFF.get(sentence, sentence)


SOURCES: Final[dict[str, tuple[str, ...]]] = {
    "E1": ("county",),
    "E2": ("age_bands",),
    "E3": ("requester_role", "director_knows", "modality"),
    "E4": ("setting", "license_number"),
    "E5": ("setting", "modality"),
    "E6": ("outside_scope",),
    "E7": ("local_program",),
    "E8": ("same_request",),
    "E9": (
        "county",
        "age_bands",
        "requester_role",
        "setting",
        "concerns",
        "contact_email",
        "contact_phone",
    ),
}
"""Rule -> the answers and facts that it was read from."""
