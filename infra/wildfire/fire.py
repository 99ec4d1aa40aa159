"""The emergency as the demo's people know it: who they are, what they pressed, and what they did.

All that is done is counted here, beside the product.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from infra.case import FFN, REQUEST, Case
from infra.player import Mailbox, Person, Unexpected
from infra.wildfire import roster

REQUESTS: Final = 200
TOWNS: Final = {
    "butte": ("Paradise", "95969"),
    "plumas": ("Quincy", "95971"),
    "lassen": ("Susanville", "96130"),
}
_HOME: Final = {"setting": "fcch_small", "requester_role": "owner_licensee", "focus": ["home"]}
_KINDS: Final[tuple[dict[str, Any], ...]] = ({}, {}, _HOME, FFN)


@dataclass
class Asked:
    """One of the requests: its people, what it says, who has it (by address), and what was done."""

    case: Case
    answers: dict[str, Any]
    consultant: str = ""
    done: Counter[str] = field(default_factory=Counter)

    @property
    def alone(self) -> bool:
        """Whether nobody of the roster may have it: on site, where none of them works."""
        there = self.answers["county"] in roster.COUNTIES
        return self.answers["modality"] == "onsite" and not there


class Fire:
    """The emergency, its people, and what they did."""

    def __init__(self, case: Case) -> None:
        self.case, self.box = case, Mailbox(case.box.address)
        self.asked = [self._request(number) for number in range(REQUESTS)]
        self.ordinary: list[Case] = []
        self.pages: dict[str, str] = {}  # of the roster: address -> their page of the console
        self.served: Counter[str] = Counter()  # what those with a place recorded
        self.path = ""
        self.questions: set[tuple[str, int]] = set()  # whether somebody helps, asked at first
        self.gave_back, self.gone = (
            "",
            set[str](),
        )  # addresses: the place, and their work as consultants
        self.seconds: dict[str, float] = {}

    def signed_in(self) -> None:
        """The two who work at the console have it open."""
        self.ada, self.cora = self.case.staff("admin"), self.case.staff("coordinator")

    def person(self, name: str, reference: str = "") -> Case:
        """Somebody with a case of their own, who reads the mailbox that all share."""
        mails = self.case.box.address
        one = Case(f"{self.case.name} {name}", self.case.base_url, mails, lambda line: None)
        one.box, one.reference = self.box, reference
        return one

    def _request(self, number: int) -> Asked:
        county = list(TOWNS)[number % len(TOWNS)]
        city, code = TOWNS[county]
        answers = {name: value for name, value in REQUEST.items() if name != "contact_email"}
        answers |= {"city": city, "zip": code, "county": county, "site_name": f"Demo {number}"}
        answers |= {"modality": "virtual", **_KINDS[number % len(_KINDS)]}
        if number % 25 == 5:
            answers |= {"modality": "onsite", "setting": "center", "requester_role": "director"}
        return Asked(self.person(str(number)), answers)

    @property
    def waiting(self) -> list[Asked]:
        """Those whom nobody has."""
        return [one for one in self.asked if not one.consultant and not one.done["withdrawn"]]

    def press(self, who: Person, form: str, values: dict[str, Any], what: str) -> None:
        """Send a form of the console, and remember how long the slowest press of its sort took."""
        who.fill(form, values)
        began = time.monotonic()
        who.press()
        self.seconds[what] = max(self.seconds.get(what, 0), time.monotonic() - began)
        if who.status >= 400:
            problems = who.page.select(".errors") or [who.page]
            raise Unexpected(f"{what}: {problems[0].get_text(' ', strip=True)[:300]}")

    def say(self, words: str) -> None:
        """One line of the play."""
        self.case.say(words)
