"""From the cohort that staff enter to six accepted places: ten apply, two score blind, one declines, one is promoted."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from infra.case import day
from infra.player import Person, Unexpected
from infra.together import until
from infra.training_program.program import (
    APPLICANTS,
    COHORT,
    HOME,
    SEATS,
    Applicant,
    Program,
    fine,
)

REVIEWERS: Final = ("consultant:alma-reyes", "consultant:hugo-mendez")
FACILITATOR: Final = "consultant:carmen-solis"
REPLY_DAYS: Final = 30
ANCHORS: Final = [f"Demo anchor {one}" for one in range(1, 13)]
SCORE: Final = "Please score an application for the training program"
OFFERED: Final = "We offer you a place in the training program"
PLAN: Final = (
    "If you press now: offers: %(offers)s, on the waitlist: %(waits)s, told that there is no place this time:"
    " %(none)s. Each offer can be answered for %(days)s days."
)
PLACE: Final = "You have a place in the training program"


def entered(program: Program) -> None:
    """Staff enter a rubric, a cohort, what it requires, and who reviews."""
    lines = "\n".join(["Demo criterion", *ANCHORS])
    rubric = {"name": "Demo rubric", "since": day(-1), "source": "Demo data", "threshold": "3"}
    program.press(program.sam, f"{HOME}/rubric", "#rubric", rubric | {"criterion_1": lines})
    cohort = {
        "name": COHORT,
        "begins_on": day(2),
        "seats": str(SEATS),
        "applications_open_on": day(-1),
        "applications_close_on": day(1),
        "reply_days": str(REPLY_DAYS),
        "facilitators": [FACILITATOR],
    }
    page = program.press(program.cora, HOME, "#cohort", cohort)
    program.cohort = re.sub(r"^https?://[^/]+", "", str(page.browser.url)).partition("?")[0]
    reviewers = {"reviewers": list(REVIEWERS)}
    program.press(program.sam, f"{program.cohort}/reviewers", "#reviewers-form", reviewers)
    program.say(f"a rubric, a cohort of {SEATS} and two reviewers are entered")


def applied(program: Program) -> None:
    """Ten apply on the public page, one after the other, and two reviewers score each by link, blind."""
    with ThreadPoolExecutor(len(REVIEWERS)) as pool:
        for one in program.applicants:
            _applies(program, one)
            for scored in [pool.submit(_scores, program, who) for who in REVIEWERS]:
                scored.result()
    program.say(f"{APPLICANTS} applied, and both reviewers scored each of them, blind")


def _applies(program: Program, one: Applicant) -> None:
    said = {
        "motivation": f"Demo motivation {one.number}.",
        "experience": "Demo experience in family child care.",
        "spoken_en": "work",
        "spoken_es": "work",
        "county": "los_angeles",
        "counties": ["ventura"],
        "settings": ["center", "fcch_small"],
        "availability": ["mornings"],
        "name": one.name,
        "email": one.email,
    }
    person = program.case.person()
    person.browser.session.headers["Accept-Language"] = one.lang
    program.press(person, "/training", "main form", said)
    if not str(person.browser.url).endswith("/training/sent"):
        raise Unexpected(f"application {one.number} is not taken: {person.text[:300]}")


def _scores(program: Program, who: str) -> None:
    to = f"{who.partition(':')[2]}@example.org"
    program.replies(to, SCORE, lambda page: _points(program, page))


def _points(program: Program, page: Person) -> dict[str, str]:
    """Whoever applied earlier has more points in this demo."""
    known = re.search(r"motivation (\d+)", page.text)
    if known is None:
        raise Unexpected(f"a reviewer does not see what was written: {page.text[:300]}")
    if any(one.name in page.text or one.email in page.text for one in program.applicants):
        raise Unexpected("a reviewer sees whose application it is")
    return {"decision": "fair", "criterion_1": str(len(ANCHORS) - int(known[1]))}


def offered(program: Program) -> None:
    """Staff offer six seats in the order of the scores; the sixth declines, and the seventh is promoted."""
    page, waiting = f"{program.cohort}/applications", APPLICANTS - SEATS
    plan = PLAN % {"offers": SEATS, "waits": waiting, "none": 0, "days": REPLY_DAYS}
    until(plan, lambda: plan in program.cora.open(page).text)
    program.cora.fill("#offers", {}).press()
    fine(program.cora, "the offers are not made")
    program.say(f"one press: {SEATS} offers, {waiting} on the waitlist")
    first, rest = program.applicants[: SEATS - 1], program.applicants[SEATS - 1 :]
    for one in first:
        _answers(program, one, "accepted")
    _answers(program, rest[0], "declined")
    program.say(f"{len(first)} take their place, one declines")
    _answers(program, rest[1], "accepted")
    program.say("the first of the waitlist is offered the seat, and takes it")
    program.trainees = [*first, rest[1]]
    program.here = list(program.trainees)
    for one in program.trainees:
        program.letter(one.email, PLACE)
    until("six seats", lambda: f"{SEATS} of {SEATS} seats" in program.cora.open(page).text)
    program.say("six have a place, and each has it in writing")


def _answers(program: Program, one: Applicant, decision: str) -> None:
    program.replies(one.email, OFFERED, {"decision": decision}, one.lang)
