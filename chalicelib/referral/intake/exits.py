"""Where else to turn when we are not the right place: each with a phone, hours or a link."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.aws import dynamodb
from chalicelib.aws.errors import AwsError
from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.aws.writes import Key, put
from chalicelib.domain.errors import TryAgain
from chalicelib.web.forms import Answers, several
from chalicelib.web.languages import HELPLINE, N_, REFERRAL_LINE


@dataclass(frozen=True)
class Place:
    """A live alternative. ``phone`` as dialed, ``link`` a full address."""

    name: str
    text: str
    phone: str = ""
    hours: str = ""
    link: str = ""


HELP = Place(
    N_("The Network helpline"),
    N_("Talk with a person who knows child care. Free, in English and Spanish."),
    HELPLINE,
    N_("Monday to Friday, 8 to 5"),
)
LOCAL = Place(
    N_("Child care resource and referral agency"),
    N_("It helps you find child care, classes and help near you."),
    REFERRAL_LINE,
    link="https://rrnetwork.org/",
)
ELSEWHERE = Place(
    N_("Child care help in your state"),
    N_("A list of where to find help in every state and territory."),
    link="https://childcare.gov/state-resources",
)
DOCTOR = Place(
    N_("The child's doctor or clinic"),
    N_("They can check how a child is doing and send the family to therapy or a diagnosis."),
)
COUNTY = Place(
    N_("Your county's human services agency"),
    N_("It can tell a family which help there is in the county, and how to get it."),
)
EVALUATION = Place(
    N_("Your school district or regional center"),
    N_(
        "For an evaluation or an IEP, the family asks the school district; for a child under "
        "three, the regional center. It is free."
    ),
)


@dataclass(frozen=True)
class Exit:
    """One "not us" answer: what it means in plain words, and the places to turn to. ``ours``: what we
    offer to everybody who gives care in California is for them too."""

    title: str
    text: str
    places: tuple[Place, ...]
    ours: bool = True


EXITS: Mapping[str, Exit] = {
    "outside": Exit(
        N_("We serve child care in California"),
        N_("You told us that the care is given in another state. These can help you there:"),
        (ELSEWHERE,),
        ours=False,
    ),
    "older": Exit(
        N_("We support care for children under six"),
        N_("You told us that all children are six or older. These can help you:"),
        (LOCAL, HELP),
    ),
    "scope": Exit(
        N_("This is something others do better"),
        N_(
            "We support the adults who give care. We do not give therapy, make a diagnosis, find "
            "a place in care or evaluate for an IEP. These can:"
        ),
        (DOCTOR, EVALUATION, LOCAL, HELP),
    ),
    "parent": Exit(
        N_("We work with the people who give the care"),
        N_(
            "As a parent or guardian you may ask your child care provider to make this request. "
            "For your own child and family, these can help:"
        ),
        (LOCAL, DOCTOR, COUNTY),
        ours=False,
    ),
}


def reason_for(answers: Answers) -> str | None:
    """Which exit these answers lead to, if any; the first of place, age, kind of help, role."""
    if answers.get("county") == "outside":
        return "outside"
    if "none" in several(answers, "age_bands"):
        return "older"
    if set(several(answers, "outside_scope")) - {"none"}:
        return "scope"
    if answers.get("requester_role") == "parent":
        return "parent"
    return None


def log_universal_contact(reason: str, answers: Answers, lang: str) -> None:
    """Count that somebody was shown an exit, never in the way of the exit itself. Nothing in the row says
    who it was: a reason, a county, a language, an instant."""
    county = str(answers.get("county") or "unknown")
    row = {"reason": reason, "county": county, "language": lang, "at": now()}
    try:
        dynamodb.write(put(Key(f"CONTACT#{secrets.token_hex(8)}", "CONTACT"), row))
    except (TryAgain, AwsError):
        logger().warning("contact not counted", extra={"reason": reason})
