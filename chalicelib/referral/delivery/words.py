"""Labels that the forms of this room share."""

from __future__ import annotations

from typing import Final

from chalicelib.referral.model import Referral
from chalicelib.web.languages import N_

Labels = dict[str, str]

PRIVATE_NOTE: Final = N_(
    "Only you and the Network's team can read it. Do not write a child's name or birth date."
)
FOUR_TO_TWELVE: Final = N_("Type a number from 4 to 12.")
FEWER_THAN_HELD: Final = N_("More sessions than that have been held.")

MODES: Final[Labels] = {
    "onsite": N_("In person, at the site"),
    "virtual": N_("Online"),
    "phone": N_("By phone"),
}

LENGTHS: Final[Labels] = {
    "30": N_("30 minutes"),
    "45": N_("45 minutes"),
    "60": N_("1 hour"),
    "90": N_("1 hour and 30 minutes"),
    "120": N_("2 hours"),
    "180": N_("3 hours"),
}
"""How long a planned session is, in minutes."""


def modes(state: Referral, *, held: bool = False) -> tuple[tuple[str, str], ...]:
    """How sessions can be held. Family, friend and neighbor care is served online; of one that was
    ``held`` it is kept as said when it was by phone."""
    ffn = ("virtual", "phone") if held else ("virtual",)
    return tuple((key, MODES[key]) for key in (ffn if state.setting == "ffn" else MODES))
