"""A cohort as the demo's people know it: its staff, its reviewers, those who apply, and their letters."""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.web.languages import translator
from infra.case import DOMAIN, Case
from infra.player import PATIENCE, Mailbox, Person, TooLate, Unexpected, Values

HOME: Final = "/console/training"
SEATS, APPLICANTS = 6, 10
TRIES: Final = 6
COHORT: Final = "Demo cohort"


@dataclass
class Applicant:
    """Somebody who applies; ``reference``: of their case as a trainee."""

    number: int
    name: str
    email: str
    lang: str
    reference: str = ""

    @property
    def home(self) -> str:
        """The path of their page in the console."""
        return f"{HOME}/trainees/{self.reference}"


class Program:
    """The cohort, and everybody around it. What is known is what pages and letters told."""

    def __init__(self, case: Case) -> None:
        self.case, self.box = case, Mailbox(case.box.address)
        self.signed_in()
        self.cohort = ""  # the path of its page
        mark = secrets.token_hex(2)
        self.applicants = [
            Applicant(
                number,
                f"Demo Applicant {number}",
                f"applicant-{number}-{mark}@{DOMAIN}",
                "es" if number % 3 == 0 else "en",
            )
            for number in range(1, APPLICANTS + 1)
        ]
        self.trainees: list[Applicant] = []
        self.here: list[Applicant] = []  # of the trainees, those who have not left
        self.desk = ""  # the address of the facilitator's page
        self.held: list[str] = []  # the addresses at which hosts say who came
        self.taken: set[str] = set()
        self._lock = threading.Lock()

    def signed_in(self) -> None:
        """Staff have the console open; a stack that was started again knows nobody's session."""
        self.cora, self.sam = self.case.staff("coordinator"), self.case.staff("supervisor")

    @property
    def away(self) -> Applicant:
        """The trainee who takes a leave of absence."""
        return self.trainees[3]

    @property
    def gone(self) -> Applicant:
        """The trainee who withdraws: the one who came from the waitlist."""
        return self.trainees[-1]

    @property
    def graduates(self) -> list[Applicant]:
        """Those who stay to the end."""
        return self.trainees[:-1]

    def say(self, words: str) -> None:
        """One line of the play."""
        self.case.say(words)

    def press(
        self,
        who: Person,
        page: str,
        form: str,
        values: Values | Callable[[Person], Values],
        seconds: float = 0,
    ) -> Person:
        """Somebody opens a page, fills in its form and sends it; what they type may follow from what they read
        there. ``seconds``: for how long they do it again where the system, or somebody else, is just at work."""
        end = time.monotonic() + seconds
        while True:
            who.open(page).fill(form, values(who) if callable(values) else values).press()
            if who.status < 400 or time.monotonic() > end:
                break
            time.sleep(1)
        fine(who, f"{page} is not taken")
        return who

    def answer(
        self,
        letter: Mapping[str, Any],
        values: Values | Callable[[Person], Values],
        lang: str = "en",
    ) -> None:
        """Whoever got a letter answers by its link."""
        self.answers(to_of(letter), link(letter, "t"), values, lang)

    def answers(
        self, to: str, address: str, values: Values | Callable[[Person], Values], lang: str = "en"
    ) -> None:
        """Somebody answers on a page of theirs, in their own browser; what they say may follow from what they
        read there. Raises TooLate."""
        theirs = self.someone(lang)
        with theirs.at_home(to) as person:
            code = theirs.code_for(to)
            person.open_task(address, code)
            if not person.page.select_one("#task"):
                raise TooLate(f"nothing to answer: {person.text[:200]}")
            person.decide(values(person) if callable(values) else values, code)

    def replies(
        self,
        to: str,
        subject: str,
        values: Values | Callable[[Person], Values],
        lang: str = "en",
        about: str = "",
        seconds: float = PATIENCE,
    ) -> dict[str, Any]:
        """Somebody is asked by a letter and answers by its link. The shortened clock leaves seconds for it: who was
        too late is asked again. Returns the letter."""
        for _ in range(TRIES):
            letter = self.letter(to, subject, "t", about, seconds)
            try:
                self.answer(letter, values, lang)
            except TooLate:
                continue
            return letter
        raise TooLate(f"{to} was always too late: {subject}")

    def someone(self, lang: str = "en") -> Case:
        """Somebody with a case of their own, who reads the mailbox that all share."""
        mails = self.box.address
        one = Case(f"{self.case.name} beside", self.case.base_url, mails, lambda line: None, lang)
        one.box = self.box
        return one

    def letter(
        self, to: str, subject: str, where: str = "", about: str = "", seconds: float = PATIENCE
    ) -> dict[str, Any]:
        """A letter to somebody with these words of the product in its subject, in English or Spanish. Each is
        taken once; with ``where``, so is the link of that kind in it, which a reminder has too. ``about``: what
        stands in the text, as the reference of a case in its link."""

        def new(mail: Mapping[str, Any]) -> bool:
            if not _tells(mail, to, subject) or about not in mail["text"]:
                return False
            marks = {str(mail["id"]), *([link(mail, where)] if where else [])}
            return not marks & self.taken

        found = self.box.wait(f"{subject!r} to {to}", seconds, new)
        with self._lock:
            self.taken |= {str(found["id"]), *([link(found, where)] if where else [])}
        return found

    def newest(self, to: str, subject: str, where: str) -> str:
        """The newest link of that kind that somebody has from letters of that subject."""
        theirs = (mail for mail in reversed(self.box.all()) if _tells(mail, to, subject))
        return link(next(theirs), where)


def _tells(mail: Mapping[str, Any], to: str, subject: str) -> bool:
    words = (subject, translator("es")(subject))
    return to in mail["to"] and any(one in mail["subject"] for one in words)


def to_of(letter: Mapping[str, Any]) -> str:
    """To whom a letter went."""
    to = letter["to"]
    return str(to if isinstance(to, str) else to[0])


def link(letter: Mapping[str, Any], where: str) -> str:
    """The address of that kind in a letter."""
    found = re.search(rf"https?://\S*/{where}/[\w./-]*[\w-]", letter["text"])
    if found is None:
        raise Unexpected(f"no link to {where} in {letter['subject']}")
    return found.group(0)


def fine(person: Person, problem: str) -> None:
    """Raises Unexpected with what the page says is wrong."""
    if person.status >= 400:
        problems = person.page.select(".errors") or [person.page]
        raise Unexpected(f"{problem}: {problems[0].get_text(' ', strip=True)[:300]}")
