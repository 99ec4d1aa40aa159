"""The demo's season of a Community in Spanish: an Information Session, a line that moves up by link, meetings, and
a request whose targeted support is a seat and that steps up under the same number."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from infra.answers import ACCEPTED, TRIAGED
from infra.case import FFN, PACIFIC, Case
from infra.player import REFERENCE, Person, Unexpected

DESK: Final = "/console/communities"
JOIN: Final = "https://meet.example.org/demo-community"
PATIENCE: Final = 180
CHOOSE: Final = "elija una Sesión Informativa"
ASKED: Final = ("Who came?", "¿Quién vino?")
# Hours from now until the Information Session begins, and until the group first meets.
SESSION_AHEAD, GROUP_AHEAD = 8, 30


def community_season(case: Case) -> None:
    """17: one group in Spanish with one place: a session, a line, an offer by link, and a request that steps up."""
    cora = case.staff("coordinator")
    rosa = f"rosa-{secrets.token_hex(2)}@example.org"
    _request(case)  # it takes its time; the session begins in the same minute
    _session(case, cora)
    _joins(case, rosa)
    _chooses(case)
    _came(case, [rosa, case.email])
    _group(case, cora)
    request, seat = case.reference, _registers(case, rosa)
    own = _registers(case, case.email)
    case.say("the group is full: the provider of the request waits in line")
    _letter(case, case.email, "lista de espera")
    _gives_back(case, rosa)
    _takes(case, own)
    _meets(case, seat)
    _steps_up(case, request)


def _at(case: Case, hours: float) -> datetime:
    return datetime.fromtimestamp(case.clock(), PACIFIC) + timedelta(hours=hours)


def _session(case: Case, cora: Person) -> None:
    """Staff enter an Information Session in Spanish."""
    begins = _at(case, SESSION_AHEAD)
    cora.open(f"{DESK}/sessions/new")
    hosts = [one["value"] for one in cora.page.select('[name="host"] option')]
    typed: dict[str, Any] = {
        "title_en": "What a Community of Support is",
        "title_es": "Qué es una Comunidad de Apoyo",
        "first": begins.date().isoformat(),
        "time": begins.strftime("%H:%M"),
        "repeat": "once",
        "minutes": "60",
        "language": "es",
        "host": next(one for one in hosts if one.startswith("consultant:")),
        "join": JOIN,
    }
    cora.fill("#enter", typed).press()
    cora.fill("#enter", {}).press()
    _fine(cora, "the session is not entered")
    case.say("an Information Session in Spanish is entered")


def _joins(case: Case, email: str) -> None:
    """Somebody takes the first step on the public page, in Spanish."""
    person = case.person().open("/communities")
    session = next(
        one["value"] for one in person.page.select('[name="session"]') if len(one["value"]) == 12
    )
    known = {"setting": "ffn", "languages": ["es"], "session": session, "county": "los_angeles"}
    person.fill("main form", {**known, "name": "Demo Rosa", "email": email}).press()
    _fine(person, "the first step is not taken")
    case.say("Rosa chooses the session on a phone, in Spanish")


def _request(case: Case) -> None:
    """A request whose support is to be a Community; the specialist is asked."""
    case.request(
        **FFN,
        concerns=["staff_stress_turnover"],
        support_wanted=["peers"],
    )
    case.next_is_asked()


def _chooses(case: Case) -> None:
    """The specialist agrees to a Community, and the provider is asked which session fits."""
    case.task("targeted support confirmed", TRIAGED)
    asked = _letter(case, case.email, CHOOSE)
    person = case.person().open(_link(asked, "t"))
    offered = [one["value"] for one in person.page.select('[name="decision"]')]
    session = next(one for one in offered if len(one) == 12)
    person.fill("main form", {"decision": session}).press()
    _fine(person, "no session is chosen")
    case.say("the provider of a request chooses the session by link")


def _came(case: Case, emails: list[str]) -> None:
    """The host says who came; somebody came without signing up."""
    asked = case.box.wait(
        "who came",
        PATIENCE,
        lambda m: "What a Community" in m["text"] and "Who came?" in m["subject"],
    )
    host = case.person().open(_link(asked, "meeting/host"))
    host.fill("main form", {}).press()
    came = [one["value"] for one in host.page.select('[name="came"]')]
    if len(came) != len(emails):
        raise Unexpected(f"{len(came)} on the list of the session")
    names = f"Demo Ana, ana-{secrets.token_hex(2)}@example.org"
    host.fill("#came", {"came": came, "names": names}).press()
    _fine(host, "who came is not recorded")
    case.say("two came and one dropped in")


def _group(case: Case, cora: Person) -> None:
    """A season, and a group in Spanish with one place."""
    today, begins = _at(case, 0).date().isoformat(), _at(case, GROUP_AHEAD)
    cora.open(DESK)
    last = (begins + timedelta(days=90)).date().isoformat()
    cora.fill("#season", {"name": "Demo season", "opens": today, "first": today, "last": last})
    cora.press()
    leads = [one["value"] for one in cora.page.select('[name="facilitator"] option')]
    typed: dict[str, Any] = {
        "name": "Demo: martes por la tarde",
        "language": "es",
        "facilitator": next(one for one in leads if one.startswith("consultant:")),
        "cap": "1",
        "day": begins.date().isoformat(),
        "time": begins.strftime("%H:%M"),
        "minutes": "60",
        "every": "1",
        "times": "4",
        "on_holiday": "keep",
        "needed": "2",
        "joins": "2",
        "join": JOIN,
    }
    cora.fill("#group", typed).press()
    _fine(cora, "no group")
    case.say("a group in Spanish with one place and four meetings is entered")


def _registers(case: Case, email: str) -> str:
    """Somebody registers for the group by the link in their letter; the reference of their seat."""
    asked = _letter(case, email, "Inscríbase")
    person = case.person().open(_link(asked, "t"))
    groups = [one["value"] for one in person.page.select('[name="groups"]')]
    person.fill("main form", {"decision": "register", "groups": groups}).press()
    _fine(person, "not registered")
    found = REFERENCE.search(asked["text"])
    if found is None:
        raise Unexpected("a letter without a reference")
    case.say(f"{email.partition('-')[0]} registers by link")
    return found.group(0)


def _gives_back(case: Case, rosa: str) -> None:
    """Who has the seat gives it back on their own page."""
    letter = _letter(case, rosa, "Su lugar en una Comunidad")
    person = case.person().open(_link(letter, "seat"))
    person.fill("main form", {"decision": "leave"}).press()
    _fine(person, "the seat is not given back")
    case.say("Rosa gives her seat back")


def _takes(case: Case, seat: str) -> None:
    """The next in line is offered the seat, and takes it by link."""
    offer = _letter(case, case.email, "Hay un lugar")
    person = case.person().open(_link(offer, "t"))
    person.fill("main form", {"decision": "take"}).press()
    letter = _letter(case, case.email, "Su lugar en una Comunidad")
    if JOIN in letter["text"]:
        raise Unexpected("the link to join was told before its time")
    case.say(f"the next in line takes the seat by link: {seat}")


def _meets(case: Case, seat: str) -> None:
    """A reminder with the link to join; attendance on the facilitator's desk."""
    reminder = _letter(case, case.email, "Cómo entrar")
    if JOIN not in reminder["text"]:
        raise Unexpected("a reminder without the link to join")
    case.say("a reminder with the link to join")
    asked = case.box.wait(
        "who came to the group",
        PATIENCE * 2,
        lambda m: (
            "/desk/" in m["text"] and "/meetings/" in m["text"] and "Who came?" in m["subject"]
        ),
    )
    to = asked["to"] if isinstance(asked["to"], str) else asked["to"][0]
    with case.at_home(to) as desk:
        before = len(case.box.codes(to))
        desk.open(_link(asked, "desk"))
        if desk.page.select_one("#door"):  # a browser that is not known yet as theirs
            desk.fill("#door", {"mine": "yes"}).press()
            desk.prove(lambda: case.box.newer_code(to, before)).open(_link(asked, "desk"))
        if not desk.page.select_one("#came"):
            raise Unexpected(f"the facilitator is not asked who came: {desk.text[:300]}")
        came = [one["value"] for one in desk.page.select('[name="came"]')]
        desk.fill("#came", {"came": came}).press()
        _fine(desk, "attendance is not recorded")
    case.say("the facilitator says who came, on the desk")


def _steps_up(case: Case, request: str) -> None:
    """The provider calls: it is not enough. A consultant comes under the same number; the seat stays theirs."""
    staff = case.staff("supervisor").open(f"/console/referrals/{request}/act/step-up")
    staff.fill("#step-up", {"note": "Demo: the group helps, and it is not enough"}).press()
    _fine(staff, "not given back to the specialist")
    case.reference, case.n = request, 2  # the rest before the check-in asks nobody
    case.task("stepped up to consultation", TRIAGED)
    case.task("offer: accept", ACCEPTED)
    case.sees("Consultor", "consultora")


def _asked(case: Case, where: str) -> dict[str, Any]:
    """The letter to who leads a meeting that asks who came to it."""

    def asks(mail: Any) -> bool:
        about = "Comunidad" in mail["text"] or "Community" in mail["text"]
        return about and where in mail["text"] and mail["subject"].startswith(ASKED)

    return case.box.wait("who came", PATIENCE * 2, asks)


def _letter(case: Case, to: str, words: str, seconds: float = PATIENCE) -> dict[str, Any]:
    """The next letter to somebody whose subject or text has these words: each is taken once."""
    seen: set[str] = case.__dict__.setdefault("seen_letters", set())

    def new(mail: Any) -> bool:
        return (
            to in mail["to"]
            and words in mail["subject"] + mail["text"]
            and str(mail["id"]) not in seen
        )

    found = case.box.wait(f"{words} to {to}", seconds, new)
    seen.add(str(found["id"]))
    return found


def _link(mail: dict[str, Any], what: str) -> str:
    found = re.search(rf"https?://\S*/{what}/[a-z0-9-]+(?:/meetings/[a-z0-9]+)?", mail["text"])
    if found is None:
        raise Unexpected(f"no link in {mail['subject']}")
    return found.group(0)


def _fine(person: Person, problem: str) -> None:
    if person.status >= 400:
        problems = person.page.select(".errors") or [person.page]
        raise Unexpected(f"{problem}: {problems[0].get_text(' ', strip=True)[:300]}")
