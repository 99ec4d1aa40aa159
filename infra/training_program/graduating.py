"""The end of the program: completion confirmed, certificates checked by their code, three who become consultants by
link, and a real referral whose offer one of them accepts."""

from __future__ import annotations

import io
import re
from typing import Final

from infra.answers import ACCEPTED, TRIAGED
from infra.case import day
from infra.player import REFERENCE, Person, Unexpected
from infra.together import all_of
from infra.training_program.meanwhile import confirms_work
from infra.training_program.practicum import COUNTY, LANGUAGES, WORK
from infra.training_program.program import Applicant, Program, link

COMPLETION: Final = "Confirm that a trainee completed the program"
COMPLETED: Final = "You completed the consultant training program"
READY: Final = "Your certificate is ready"
VALID: Final = "This certificate is valid"
UNKNOWN: Final = (
    "There is no certificate with this code. Please compare it with the paper, letter by letter."
)
AGREEMENT: Final = "Please read and sign the consultant agreement"
APPROVAL: Final = "Please approve a new consultant"
WELCOME: Final = "Welcome: you are a consultant of the Network"
CODE: Final = re.compile(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b")
NO_CODE: Final = "0000-0000-0000-0000"
ONBOARDED: Final = 3
# What the training does not know of somebody; all else is filled in for them.
ASKED: Final = {
    "travels_in_region": "no",
    "concerns": ["challenging_behavior", "family_relationships"],
    "cap": "3",
    "emergency_roster": "no",
    "decision": "right",
}


def completed(program: Program) -> None:
    """The facilitator finds the last coursework in order, and a coordinator confirms the completion of each."""
    for one in program.graduates:
        confirms_work(program, one, WORK[1])
        program.replies(_CORA, COMPLETION, {"decision": "confirm"}, about=one.reference)
    for one in program.graduates:
        program.letter(one.email, COMPLETED)
        letter = program.letter(one.email, READY, "certificate")
        code = CODE.search(letter["text"])
        _certified(program, one, code.group(0) if code else "", link(letter, "certificate"))
    page = program.case.person().open("/certificates").fill("#certificate", {"code": NO_CODE})
    if UNKNOWN not in page.press().text:
        raise Unexpected(f"a code that nobody has: {page.text[:300]}")
    program.say(f"{len(program.graduates)} graduate, and each certificate is good by its code")


_CORA: Final = "cora-match@example.org"


def _certified(program: Program, one: Applicant, code: str, address: str) -> None:
    """Anybody checks the code; the graduate saves the paper, in Spanish too."""
    page = program.case.person().open("/certificates").fill("#certificate", {"code": code}).press()
    if VALID not in page.text or one.name not in page.text:
        raise Unexpected(f"the certificate of {one.name}: {page.text[:300]}")
    for paper in ("en", "es"):
        page = program.case.person().open(address).fill("#certificate", {"paper": paper})
        if code not in _printed(page):
            raise Unexpected(f"no code on the paper of {one.name}")


def _printed(page: Person) -> str:
    """The words of the PDF that a press brings."""
    from pypdf import PdfReader

    pages = PdfReader(io.BytesIO(page.browser.submit_selected().content)).pages
    return "".join(one.extract_text() for one in pages)


def onboarded(program: Program) -> None:
    """Three of them become consultants by link; of the others one says no, and one does not answer."""
    *_, declines, silent = program.graduates
    new = program.graduates[:ONBOARDED]
    all_of(lambda one: _signs(program, one), new)
    program.replies(declines.email, AGREEMENT, {"decision": "no"}, declines.lang)
    program.letter(silent.email, AGREEMENT)
    program.say(f"{len(new)} are consultants now, one says no, one does not answer")


def _signs(program: Program, one: Applicant) -> None:
    letter = program.letter(one.email, AGREEMENT, "t")
    theirs = program.someone(one.lang)
    with theirs.at_home(one.email) as person:
        code = theirs.code_for(one.email)
        person.answer(link(letter, "t"), {"decision": "sign", "signed_name": one.name}, code)
        facts = str(person.go_on().browser.url)
        _filled_in(program, one, person.open_task(facts, code))
        person.decide(ASKED, code)
    found = REFERENCE.search(letter["subject"])
    approved = {
        "decision": "approved",
        "supervisor": "sam-lead",
        "agreement_until": day(365),
        "emergency_trained": "no",
    }
    program.replies(_CORA, APPROVAL, approved, about=found.group(0) if found else "")
    program.letter(one.email, WELCOME)


def _filled_in(program: Program, one: Applicant, page: Person) -> None:
    """Nothing is typed again: what they said when they applied, and of their practicum, stands in the form."""
    language = LANGUAGES[program.graduates.index(one)]
    known = {
        ("name", one.name),
        ("email", one.email),
        ("counties", COUNTY),
        ("languages", language),
    }
    stands = {
        (field["name"], field.get("value"))
        for field in page.page.select("#task input")
        if field.get("type") not in ("checkbox", "radio") or field.has_attr("checked")
    }
    if lacking := known - stands:
        raise Unexpected(f"asked once more: {lacking}")


def offered_a_referral(program: Program) -> None:
    """A center asks for help in the language of one of them; the match offers it to them, and they accept."""
    one, case = program.graduates[1], program.case
    asks = {"language": LANGUAGES[1], "language_required": "yes", "modality": "virtual"}
    case.request(**asks)
    case.task("tier confirmed", TRIAGED)
    to = case.task("offer: accept", ACCEPTED)
    if to != one.email:
        raise Unexpected(f"the offer goes to {to}")
    case.sees("Consultant found")
    case.say("a graduate of the program has a real referral")
