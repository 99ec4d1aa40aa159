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
    """Somebody who applies; ``page``: the path of their page as a trainee."""

    number: int
    name: str
    email: str
    lang: str
    page: str = ""


class Program:
    """The cohort, and everybody around it. What is known is what pages and letters told."""

    def __init__(self, case: Case) -> None:
        self.case, self.box = case, Mailbox(case.box.address)
        self.cora, self.sam = case.staff("coordinator"), case.staff("supervisor")
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
        self.taken: set[str] = set()
        self._lock = threading.Lock()

    def say(self, words: str) -> None:
        """One line of the play."""
        self.case.say(words)

    def press(self, who: Person, page: str, form: str, values: Values) -> Person:
        """Somebody opens a page, fills in its form and sends it."""
        who.open(page).fill(form, values).press()
        fine(who, f"{page} is not taken")
        return who

    def answer(
        self,
        letter: Mapping[str, Any],
        values: Values | Callable[[Person], Values],
        lang: str = "en",
    ) -> None:
        """Whoever got a letter answers by its link, in their own browser; what they say may follow from what they
        read there."""
        to = to_of(letter)
        theirs = self.someone(lang)
        with theirs.at_home(to) as person:
            code = theirs.code_for(to)
            person.open_task(link(letter, "t"), code)
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
        words = (subject, translator("es")(subject))

        def new(mail: Mapping[str, Any]) -> bool:
            marks = {str(mail["id"])}
            told = any(one in mail["subject"] for one in words) and about in mail["text"]
            if to not in mail["to"] or not told:
                return False
            if where:
                marks.add(link(mail, where))
            return not marks & self.taken

        found = self.box.wait(f"{subject!r} to {to}", seconds, new)
        with self._lock:
            self.taken |= {str(found["id"]), *([link(found, where)] if where else [])}
        return found

    def whose(self, letter: Mapping[str, Any]) -> Applicant:
        """To which applicant a letter went."""
        return next(one for one in self.applicants if one.email == to_of(letter))


def case_of(letter: Mapping[str, Any]) -> str:
    """How the link of a letter begins for every task of the same case."""
    return link(letter, "t").rpartition("/t/")[2].partition("-")[0]


def until(what: str, found: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Look again and again until something is so. Raises Unexpected."""
    end = time.monotonic() + seconds
    while not found():
        if time.monotonic() > end:
            raise Unexpected(f"never: {what}")
        time.sleep(0.5)


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
