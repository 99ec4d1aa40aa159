"""The practicum: what the cohort requires, and five family child care homes, one of them in Spanish. Each comes to
its trainee by the match, and confirms the hours by link."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from infra.answers import ACCEPTED, TRIAGED
from infra.case import REQUEST, Case, day
from infra.player import REFERENCE, Unexpected
from infra.together import all_of, until
from infra.training_program.applying import FACILITATOR
from infra.training_program.program import HOME, Applicant, Program

PAGE: Final = "Your page of the consultant training program"
PROFILE: Final = "Your practicum: tell us where and how you can work"
HOURS: Final = "Your practicum and its hours"
CONFIRM: Final = "Please confirm the hours of your consultant in training"
NEEDED: Final = {
    "sessions": "9",
    "small_groups": "9",
    "practicum_hours": "8",
    "facilitator_meetings": "2",
}
WORK: Final = (
    {"title_en": "Demo observation", "title_es": "Observación de ejemplo"},
    {"title_en": "Demo reflection", "title_es": "Reflexión de ejemplo"},
)
MINUTES, SESSION = 8 * 60, 60
DONE: Final = "Practicum: %(have)s of %(need)s hours."
# Each home needs a language that no other consultant of the demo network works in, where the trainee is; so
# the match has one answer, whatever else is going on. In Spanish there are many online, but none in Orange.
LANGUAGES: Final = ("es", "fa", "km", "ja", "th")
SPANISH, COUNTY = "es", "orange"


@dataclass
class Site:
    """A home, by its referral, and the trainee who works there."""

    case: Case
    trainee: Applicant
    language: str


def required(program: Program) -> None:
    """Staff enter what completes the program, and two pieces of coursework."""
    numbers = {"since": day(-1), **NEEDED}
    program.press(program.cora, f"{program.cohort}/requirements", "#requirements", numbers)
    for one in WORK:
        program.press(program.cora, f"{program.cohort}/coursework", "#coursework", one)
    for trainee in program.trainees:
        found = REFERENCE.search(program.letter(trainee.email, PAGE)["subject"])
        trainee.reference = found.group(0) if found else ""
    program.say("the requirements and two pieces of coursework are entered")


def practiced(program: Program) -> None:
    """Five trainees say where they can work, get the offer of a home each, and have their hours confirmed."""
    pairs = list(zip(program.graduates, LANGUAGES, strict=True))
    begins = {"facilitator": FACILITATOR.partition(":")[2], "until": day(300)}
    for one, _ in pairs:
        page = f"{HOME}/practicums/{one.reference}"
        program.press(program.cora, page, "#practicum", begins)
    all_of(lambda pair: _profile(program, *pair), pairs)
    program.say(f"{len(pairs)} trainees said where and how they can work")
    sites = [Site(_someone(program, language), one, language) for one, language in pairs]
    all_of(lambda site: _served(program, site), sites)
    for one, _ in pairs:
        until(f"the hours of {one.name}", partial(_done, program, one))
    program.say(
        f"{len(pairs)} homes, one of them in Spanish, confirmed the hours of their trainees"
    )
    # A home whose consultant goes on leave looks for another one, which the months of the next act have no
    # days for: this one has what it wanted.
    next(site for site in sites if site.trainee is program.away).case.withdraw()


def _done(program: Program, one: Applicant) -> bool:
    hours = MINUTES // 60
    return DONE % {"have": hours, "need": hours} in program.cora.open(one.home).text


def _someone(program: Program, language: str) -> Case:
    return program.someone("es" if language == SPANISH else "en")


def _profile(program: Program, one: Applicant, language: str) -> None:
    said = {
        "languages": ["en", language],
        "modalities": ["onsite", "virtual"],
        "counties": [COUNTY],
        "travel_minutes": "60",
        "age_bands": ["toddler", "preschool"],
        "availability": ["mornings"],
    }
    program.replies(one.email, PROFILE, said, one.lang)


def _served(program: Program, site: Site) -> None:
    """A home asks for help, its trainee is offered it, talks with it and logs hours."""
    case, trainee = site.case, site.trainee
    asks = {name: value for name, value in REQUEST.items() if name != "contact_email"}
    asks |= {
        "setting": "fcch_small",
        "requester_role": "owner_licensee",
        "focus": ["home"],
        "county": COUNTY,
        "city": "Anaheim",
        "zip": "92805",
        "modality": "onsite",
        "language": site.language,
        "language_required": "yes",
        "trainee_welcome": "yes",
        "letters_language": case.lang,
    }
    case.request(**asks)
    case.task("tier confirmed", TRIAGED)
    to = case.task("offer: accept", ACCEPTED)
    if to != trainee.email:
        raise Unexpected(f"a home in {site.language} is offered to {to}")
    case.talked()
    logged = MINUTES
    if site.language == SPANISH:
        case.agreed()
        case.session(1)
        logged -= SESSION
        _confirmed(program, site)
    log = {"decision": "log", "day": day(), "minutes": str(logged), "way": "onsite"}
    program.replies(trainee.email, HOURS, log, trainee.lang)
    _confirmed(program, site)


def _confirmed(program: Program, site: Site) -> None:
    """The provider says by their link that the hours are right."""
    case = site.case
    program.replies(case.email, CONFIRM, {"decision": "confirmed"}, case.lang)
