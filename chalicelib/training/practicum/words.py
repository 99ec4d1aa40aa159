"""What a provider may say of hours that are not right."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.places import N_

HOURS_WRONG: Final = {
    "not_met": N_("We did not meet then"),
    "other_day": N_("It was another day"),
    "shorter": N_("It was shorter"),
    "longer": N_("It was longer"),
    "talk": N_("Something else. Please call me"),
}
