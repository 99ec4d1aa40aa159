"""What may be chosen of a contact with the helpline, besides what came of it: ids and their labels."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.vocabulary import Labels
from chalicelib.web.languages import N_

HAND_OVERS: Final = ("warm_transfer_completed", "warm_transfer_not_accepted")
CALLS_BACK: Final = "callback_scheduled"
BECOMES_REQUEST: Final = "converted_to_request"
ABANDONED: Final = "abandoned"
NOBODY_SPOKE: Final = (ABANDONED, "voicemail_left")
"""The ends of a contact in which nobody of ours talked with anybody."""

CHANNELS: Final[Labels] = {
    "phone": N_("They called"),
    "called_back": N_("We called them"),
    "voicemail": N_("They left a voicemail"),
    "text": N_("Text message"),
    "email": N_("Email"),
    "web": N_("The helpline's page"),
    "in_person": N_("In person"),
}

CONTACT_TOPICS: Final[Labels] = {
    "network_services": N_("What the Network offers"),
    "own_request": N_("A request that they sent"),
    "caregiver_wellbeing": N_("Their own well-being"),
    "other_topic": N_("Something else"),
}
"""What a contact may be about besides the concerns of a request."""

REPEAT: Final[Labels] = {
    "not_asked": N_("Not asked"),
    "first": N_("First contact"),
    "repeat": N_("They were in touch before"),
}

HAND_OVER_TO: Final[Labels] = {
    "local_program": N_("A local consultation program"),
    "resource_referral": N_("Resource and referral agency"),
    "crisis_988": N_("988 Suicide & Crisis Lifeline"),
    "emergency_911": N_("911"),
    "county_services": N_("County services"),
    "network_colleague": N_("A colleague of the Network"),
    "other_place": N_("Another place"),
}

UNMET: Final[Labels] = {
    "language": N_("Their language"),
    "evening_weekend": N_("Evenings or weekends"),
    "in_person": N_("A visit in person"),
    "sooner": N_("Help sooner than we can"),
    "therapy_child": N_("Treatment for a child"),
    "money_supplies": N_("Money or supplies"),
    "child_care_search": N_("Finding child care"),
    "other_need": N_("Another need"),
}
"""What they needed and nobody could give."""


IT_HELPED: Final[Labels] = {
    "helped": N_("Yes, it helped"),
    "helped_partly": N_("In part"),
    "helped_not": N_("No, or they still need something"),
}
"""What they say at a follow-up."""
