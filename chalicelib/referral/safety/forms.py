"""What is asked about a safety concern: choices only, never a word."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.vocabulary import SAFETY_PROTOCOLS, YES_NO
from chalicelib.web.forms import Form, radios
from chalicelib.web.languages import N_

FLAG: Final = Form(
    radios("protocol", N_("What is it about?"), *SAFETY_PROTOCOLS.items()),
    radios(
        "completed",
        N_("Did you go through the steps above?"),
        *YES_NO.items(),
        hint=N_("We keep only what you choose here, the time, and your role."),
    ),
)

OUTCOMES: Final[dict[str, str]] = {
    "safe_now": N_("I made sure that everyone is safe now"),
    "emergency_services": N_("Emergency services are taking care of it"),
    "warm_transfer": N_("The person is in touch with 988 or another crisis line"),
    "helped_the_person": N_("I helped the person who noticed it with their own next steps"),
    "no_concern": N_("It was a mistake, or there is no concern"),
}
"""What was done, as ids only; none of them says whether somebody reported anything."""
