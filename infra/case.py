"""One referral and the people around it: what they are asked by mail, and what they answer."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from infra.answers import (
    ACCEPTED,
    AGREED,
    CENTER,
    FOLLOWED_UP,
    LAST,
    PLAN,
    SUMMED_UP,
    SURVEYED,
    TALKED,
    TRIAGED,
)
from infra.player import KNOWN, PATIENCE, Browsers, Mailbox, Person, Unexpected, Values
from infra.seed import logins

# By which letter staff are asked to say on the phone what cannot be mailed.
CALLS = "Please call somebody who has no email"
# Seconds after which somebody has left the page that they had open.
VISIT = 600
PACIFIC = ZoneInfo("America/Los_Angeles")
DOMAIN = "example.org"
# The people of the Network have a browser each, whatever referral they work on.
BROWSERS = Browsers()

# Routine: an offer then waits two business days, which a shortened clock can still show.
REQUEST: dict[str, Any] = CENTER | {
    "site_name": "Demo site",
    "children_enrolled": "24",
    "classroom": "Blue room",
    "funding": ["CSPP"],
    "suspension_expulsion_status": "none",
    "behavior_serious": ["none"],
    "language_required": "no",
    "contact_name": "Demo Provider",
}
FFN = {
    "setting": "ffn",
    "requester_role": "ffn_caregiver",
    "language": "es",
    "letters_language": "es",
    "modality": "virtual",
    "focus": ["home"],
}


def day(ahead: int = 0, now: float | None = None) -> str:
    """An ISO day in Pacific time, ``ahead`` days from ``now`` (seconds; today when not given)."""
    at = datetime.fromtimestamp(time.time() if now is None else now, PACIFIC)
    return (at + timedelta(days=ahead)).date().isoformat()


class Case:
    """One referral and the people around it. ``say`` prints each step as it happens."""

    def __init__(
        self, name: str, base_url: str, mails: str, say: Callable[[str], None], lang: str = "en"
    ) -> None:
        self.base_url = base_url
        self.box = Mailbox(mails)
        self.name, self.lang = name, lang
        self.reference = self.email = ""
        self.n = 0
        self.before_sending: Callable[[], None] = lambda: None
        self.before_opening: Callable[[str], None] = lambda link: None
        # What time it is for these people; the bench plays weeks in minutes.
        self.clock: Callable[[], float] = time.time
        self.first_session_ahead = 1  # days from the plan's task to the first session
        # Whose page led on to the next task when they answered, and by which link they had come.
        self._led: tuple[Person, str, str] | None = None
        self._say = say

    def say(self, words: str) -> None:
        """One line of the play, with the reference before it."""
        self._say(f"{self.name}  {self.reference or '-----------'}  {words}")

    def person(self) -> Person:
        """Somebody with a fresh browser."""
        return Person(self.base_url, self.lang)

    def request(self, **answers: Any) -> None:
        """The provider fills in the form and sends it."""
        slug = "".join(c for c in self.name if c.isalnum())
        email = f"provider-{slug}-{secrets.token_hex(2)}@{DOMAIN}"
        self.email = email
        everything = {**REQUEST, "contact_email": email, **answers}
        self.reference = self.person().request(everything, self.before_sending)
        self.say(f"request sent ({everything['setting']}, {everything['letters_language']})")
        self.box.about(self.reference, self.reference)

    def task(self, what: str, values: Values, seconds: float = PATIENCE) -> str:
        """Whoever is asked next answers: on the page to which their last answer led on, or by the link
        in their mail; returns the address."""
        self.n += 1
        if self._led is not None:
            to = self._go_on(values)
        else:
            link, to = self.box.link(self.reference, self.n, seconds)
            self.before_opening(link)
            self._answer(link, to, values)
        self.say(f"{what}: {to.split('@')[0]}")
        return to

    def _answer(self, link: str, to: str, values: Values) -> None:
        """Open a link, answer, and see whether the page leads on."""
        with self.at_home(to) as person:
            person.answer(link, values, self.code_for(to))
        self._led = (person, link, to) if person.led_on else None

    def _go_on(self, values: Values) -> str:
        """Answer the task that the last page led on to; some time later by a link, like everybody."""
        assert self._led is not None
        person, link, to = self._led
        person.go_on()
        before = self.clock()
        self.before_opening(link)
        if self.clock() - before > VISIT:
            newer = self.box.links(self.reference, self.n)
            self._answer(newer[-1] if newer else link, to, values)
            return to
        self._led = None
        person.decide(values, self.code_for(to))
        return to

    @contextmanager
    def at_home(self, to: str) -> Iterator[Person]:
        """Somebody in their own browser, which stays known from one task to the next."""
        with BROWSERS.of(self.base_url, to) as jar:
            person = self.person().know(jar.get(KNOWN, ""))
            yield person
            if person.known:
                jar[KNOWN] = person.known

    def code_for(self, to: str) -> Callable[[], str]:
        """What fetches the code that a page mails to somebody after this call."""
        before = len(self.box.codes(to, self.reference))
        return lambda: self.box.newer_code(to, before, self.reference)

    def next_is_asked(self) -> None:
        """Wait until the next task is asked, by a letter or by the page that led on to it."""
        if self._led is not None:
            self._led[0].go_on()
        else:
            self.box.link(self.reference, self.n + 1)

    def link_about(self, words: str) -> tuple[str, str]:
        """The newest mailed link about this referral whose subject has ``words``, and to whom."""
        message = self.box.wait(
            words,
            PATIENCE,
            lambda m: (
                self.reference in m["subject"] and words in m["subject"] and "/t/" in m["text"]
            ),
        )
        found = re.search(r"https?://\S*/t/[a-z0-9-]+", message["text"])
        assert found is not None
        to = message["to"]
        return found.group(0), to if isinstance(to, str) else to[0]

    def told(self, what: str, words: str, values: Values) -> str:
        """Whoever got the mail about ``words`` answers it; returns the address."""
        link, to = self.link_about(words)
        with self.at_home(to) as person:
            person.answer(link, values, self.code_for(to))
        self.say(f"{what}: {to.split('@')[0]}")
        return to

    def asked(self) -> None:
        """Wait for the letter about the next task that is no call: who calls, and how often, differs."""

        def is_next(m: Mapping[str, Any]) -> bool:
            mine = self.reference in m["subject"] and CALLS not in m["subject"]
            found = re.search(r"/t/[a-z0-9]+-([0-9]+)-", m["text"]) if mine else None
            return found is not None and int(found[1]) > self.n

        text = self.box.wait("the next task", PATIENCE, is_next)["text"]
        found = re.search(r"/t/[a-z0-9]+-([0-9]+)-", text)
        assert found is not None
        self.n = int(found[1]) - 1

    def said_by_phone(self) -> None:
        """The specialist calls, and says all that waits to be said."""
        link, to = self.link_about(CALLS)
        with self.at_home(to) as person:
            person.open_task(link, self.code_for(to))
            heard = [one["value"] for one in person.page.select('[name="said"]')]
            person.decide({"talked": "phone", "said": heard}, self.code_for(to))
        self.say(f"said on the phone: {len(heard)} by {to.split('@')[0]}")

    def recorded(self, what: str, values: Values, how: str = "phone") -> None:
        """Staff write down what the provider told them, once it is asked."""
        staff, end = self.staff("supervisor"), time.monotonic() + PATIENCE
        told = {"told_by": "Demo Provider", "told_how": how, **values}
        while True:
            page = staff.open(f"/console/referrals/{self.reference}").page
            ways = page.select('a[href*="/behalf/"]')
            if ways and set(values) <= staff.open(ways[0]["href"]).names("#behalf"):
                break
            if time.monotonic() > end:
                raise Unexpected(f"{what} is never asked")
            time.sleep(0.3)
        staff.fill("#behalf", told).press()
        if staff.status >= 400:
            raise Unexpected(f"{what}: {staff.text[:300]}")
        self.say(f"{what}: written down by staff, {how}")

    def staff(self, group: str) -> Person:
        """A member of staff of that role at the console."""
        who = next(one for one in logins().values() if one["group"] == group)
        return self.person().sign_in(who["email"], who["password"])

    def skip(self, what: str, seconds: float = PATIENCE) -> str:
        """The next task is mailed, and nobody answers it."""
        self.n += 1
        self._led = None
        _, to = self.box.link(self.reference, self.n, seconds)
        self.say(f"{what}: {to.split('@')[0]} does not answer")
        return to

    def handed_on(self) -> None:
        """Somebody else works on it from now on: the page that was led to is nobody's."""
        self._led = None

    def again(self, what: str, values: Values) -> None:
        """One more answer to the same task (the sessions)."""
        link, to = self.box.link(self.reference, self.n)
        self.before_opening(link)
        self._answer(link, to, values)
        self.say(f"{what}: {to.split('@')[0]}")

    def matched(self, *answers: Values) -> None:
        """The specialist confirms, and consultants answer their offers one after the other."""
        self.task("tier confirmed", TRIAGED)
        for values in answers or (ACCEPTED,):
            self.task(f"offer: {values['decision']}", values)

    def talked(self, planned: int = 4) -> None:
        """The consultant logs the first talk."""
        talk = TALKED | {"day": day(0, self.clock()), "planned": planned}
        self.task("first contact logged", talk)

    def agreed(self, planned: int = 4) -> None:
        """The agreement, the plan, and the provider's agreement to it."""
        self.task("agreement signed", AGREED | {"signed_name": "Demo Provider"})
        self.planned(planned)
        self.task("action plan agreed", {"decision": "agreed"})
        self.n += 1  # the sessions' own task

    def planned(self, planned: int = 4) -> None:
        """The consultant writes the plan."""
        es = self.lang == "es"
        plan = PLAN | {
            "goal_1": "Mañanas tranquilas" if es else "Calm mornings",
            "doing_1": "Una rutina con dibujos" if es else "A routine with pictures",
            "goal_2": "",
            "doing_2": "",
            "planned": planned,
            "first_day": day(self.first_session_ahead, self.clock()),
            "mode": "virtual",
        }
        self.task("action plan written", plan)

    def in_service(self, planned: int = 4) -> None:
        """First contact, agreement, plan: up to the sessions."""
        self.talked(planned)
        self.agreed(planned)

    def session(self, number: int, last: bool = False, as_planned: bool = True) -> None:
        """The consultant logs a session, with the review at the fourth; the next is the series', or on a
        day of its own."""
        values = {
            "happened": "other",
            "day": day(0, self.clock()),
            "minutes": "60",
            "mode": "virtual",
            "note": f"Demo note {number}",
            "same_day": "second",
            "review": "Mornings are calmer",
            "course": "continue",
        }
        if last:
            values |= LAST
        elif as_planned:
            values |= {"next": "as_planned"}
        else:
            next_day = day(number + 1, self.clock())
            values |= {"next": "another", "next_day": next_day, "next_time": "10:00"}
        self.again(f"session {number} logged", values)

    def sessions(self, count: int = 4) -> None:
        """All sessions of a consultation."""
        for number in range(1, count + 1):
            self.session(number, last=number == count)

    def summed_up(self, closure: str = "goals_met") -> None:
        """The closing summary."""
        helped = "La rutina" if self.lang == "es" else "The routine"
        values = {**SUMMED_UP, "helped": helped, "next_steps": "", "closure": closure}
        self.task("closing summary written", values)

    def followed_up(self) -> None:
        """The survey, the rest of 30 days, and the follow-up."""
        self.task("survey answered", SURVEYED)
        self.n += 1  # the rest until day 30 asks nobody
        self.task("follow-up after 30 days", FOLLOWED_UP, seconds=120)

    def provider(self) -> Person:
        """The provider's browser on the status page, let in by the mailed code."""
        person = self.person().open(f"/status?reference={self.reference}")
        # Other letters may come to them at the same time; the code is in the one with six digits.
        before = len(self.box.codes(self.email))
        person.fill("main form", {"reference": self.reference}).press()
        code = self.box.newer_code(self.email, before)
        person.fill("main form", {"code": code}).press()
        if not str(person.browser.url).endswith("/status/view"):
            raise Unexpected(f"the code did not open the status page: {person.text[:200]}")
        return person

    def sees(self, *words: str, seconds: float = PATIENCE) -> Person:
        """Wait until the status page says one of ``words``."""
        person = self.provider()
        end = time.monotonic() + seconds
        while not any(word.lower() in person.text.lower() for word in words):
            if time.monotonic() > end:
                raise Unexpected(f"the status page never says {words}: {person.text[:300]}")
            time.sleep(0.3)
            person.open("/status/view")
        self.say(f"status page: {next(w for w in words if w.lower() in person.text.lower())}")
        return person

    def withdraw(self) -> None:
        """The provider takes the request back on the status page."""
        person = self.provider().open("/status/withdraw")
        person.fill("main form", {"decision": "withdraw", "reason": "not_a_good_time"}).press()
        self.say("request taken back")
