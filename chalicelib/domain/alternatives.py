"""Where else a provider or parent can turn: places, and how to reach them."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.places import N_
from chalicelib.domain.plain.values import frozen


@frozen
class Alternative:
    """A live place to turn to. ``label`` and ``how`` are msgids; ``phone`` as it is dialed."""

    id: str
    label: str
    how: str
    phone: str = ""
    url: str = ""


ALTERNATIVES: Final[dict[str, Alternative]] = {
    found.id: found
    for found in (
        Alternative(
            "helpline",
            N_("The Network helpline"),
            N_("Call and talk with a person, Monday to Friday, 8 to 5. It is free."),
            phone="1-877-524-2422",
        ),
        Alternative(
            "open_door",
            N_("Open-Door sessions"),
            N_("Join a free online session each month. Any child care provider may come."),
        ),
        Alternative(
            "local_agency",
            N_("Your local child care resource and referral agency"),
            N_("Call to find child care, or help for child care, near you."),
            phone="1-800-543-7793",
        ),
        Alternative(
            "child_doctor",
            N_("The child's doctor or clinic"),
            N_("Ask about a check-up, therapy or a diagnosis."),
        ),
        Alternative(
            "county_services",
            N_("Your county's behavioral health office"),
            N_("Ask what help there is for young children and families."),
        ),
        Alternative(
            "school_district",
            N_("Your school district or regional center"),
            N_("Ask for an evaluation. It is free for families."),
        ),
        Alternative(
            "local_program",
            N_("A local consultation program"),
            N_("A program near you gives this service too. You choose: them or us."),
        ),
        Alternative(
            "out_of_state",
            N_("Child care help in your state"),
            N_("See where to find help with child care in each state."),
            url="https://childcare.gov/state-resources",
        ),
        Alternative(
            "crisis",
            N_("If someone is in danger now"),
            N_("Call 911. For thoughts of suicide or a mental health crisis, call or text 988."),
            phone="911",
        ),
    )
}
"""Alternative id -> what to show."""
