"""The demo's month of Open-Door sessions: entered, signed up for, moved, canceled, held, and thanked for."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from infra.case import PACIFIC, Case
from infra.player import Person, Unexpected

DESK = "/console/open-door"
JOIN = "https://meet.example.org/demo-open-door"
# Real hours until the first session: reminders come a day and an hour before.
AHEAD = 30
PATIENCE = 90


def open_door_month(case: Case) -> None:
    """16: three weekly sessions; one is held with reminders and drop-ins, one moves, one is canceled."""
    cora = case.staff("coordinator")
    _enter(case, cora)
    held, moved, canceled = _sessions(case)
    rosa, luis = (f"{name}-{secrets.token_hex(2)}@example.org" for name in ("rosa", "luis"))
    for path in (held, moved, canceled):
        _sign_up(case, path, rosa)
    _sign_up(case, held, luis)
    letter = _letter(case, luis, "You are signed up")
    if JOIN in letter["text"]:
        raise Unexpected("the link to join was told before its time")
    case.person().open(_link(letter, "no")).fill("#say", {"decision": "cannot"}).press()
    _letter(case, luis, "off the list")
    case.say("one of two cannot come after all, in one press")
    _change(case, cora, moved, canceled, rosa)
    for _ in ("day", "hour"):
        reminder = _letter(case, rosa, "How to join", PATIENCE * 3)
        if JOIN not in reminder["text"]:
            raise Unexpected("a reminder without the link to join")
        case.say(f"a reminder with the link to join: {reminder['subject']}")
    _held(case, rosa)


def _enter(case: Case, cora: Person) -> None:
    begins = datetime.fromtimestamp(case.clock(), PACIFIC) + timedelta(hours=AHEAD)
    cora.open(f"{DESK}/new")
    hosts = [one["value"] for one in cora.page.select('[name="host"] option')]
    typed: dict[str, Any] = {
        "title_en": "When a day is hard",
        "title_es": "Cuando el día es difícil",
        "first": begins.date().isoformat(),
        "time": begins.strftime("%H:%M"),
        "repeat": "weekly",
        "last": (begins + timedelta(days=15)).date().isoformat(),
        "on_holiday": "keep",
        "minutes": "60",
        "language": "en",
        "host": next(one for one in hosts if one.startswith("consultant:")),
        "join": JOIN,
    }
    cora.fill("#enter", typed).press()
    if "Enter them: 3" not in cora.text:
        raise Unexpected(f"the days are not shown: {cora.text[:300]}")
    cora.fill("#enter", {}).press()
    case.say("three sessions entered, their days seen first")


def _sessions(case: Case) -> list[str]:
    """The pages of the sessions, from the public calendar."""
    page = case.person().open("/open-door").page
    found = [one["href"] for one in page.select("section.card h2 a")]
    paths = [f"/open-door/{path.rpartition('/')[2]}" for path in found]
    if len(paths) != 3:
        raise Unexpected(f"{len(paths)} sessions on the public calendar")
    return paths


def _sign_up(case: Case, path: str, email: str) -> None:
    person = case.person().open(path).fill("#sign-up", {"email": email}).press()
    if not str(person.browser.url).endswith("/signed-up"):
        raise Unexpected(f"not signed up: {person.text[:200]}")


def _change(case: Case, cora: Person, moved: str, canceled: str, rosa: str) -> None:
    later = datetime.fromtimestamp(case.clock(), PACIFIC) + timedelta(days=12)
    own = f"/console{moved}/change"
    changed = {"first": later.date().isoformat(), "why_en": "The host is away.", "which": "one"}
    cora.open(own).fill("#change", changed).press()
    if cora.status >= 400:
        raise Unexpected(f"not moved: {cora.text[:600]}")
    _letter(case, rosa, "New time")
    cora.open(f"/console{canceled}/cancel").fill("#cancel", {"why_en": "The host is ill."}).press()
    _letter(case, rosa, "Canceled")
    if "Told by letter" not in cora.open(f"/console{canceled}").text:
        raise Unexpected("the page does not say who was told")
    case.say("one moved, one canceled, and everybody told, calendars too")


def _held(case: Case, rosa: str) -> None:
    asked = case.box.wait("who came", PATIENCE * 2, lambda m: "Who came? Open-Door" in m["subject"])
    link = _link(asked, "host")
    host = case.person().open(link)
    host.fill("main form", {}).press()
    came = [one["value"] for one in host.page.select('[name="came"]')]
    host.fill("#came", {"came": came, "names": "Dana Drop-in", "drop_ins": "3"}).press()
    if "Saved: who came" not in host.text:
        raise Unexpected(f"not recorded: {host.text[:300]}")
    case.say("the host says who came, by a link and without an account; four dropped in")
    thanks = _letter(case, rosa, "Thank you for coming")
    page = case.person().open(_link(thanks, "thanks"))
    page.fill("#ask", {"useful": "yes", "wish": "Naps"}).press()
    if "Ask for a consultant" not in page.text:
        raise Unexpected("no next step is offered")
    case.say("two questions answered, the next steps offered")


def _letter(case: Case, to: str, words: str, seconds: float = PATIENCE) -> dict[str, Any]:
    """The next letter to somebody whose subject has these words: each is taken once."""
    seen: set[str] = case.__dict__.setdefault("seen_letters", set())

    def new(mail: Any) -> bool:
        return to in mail["to"] and words in mail["subject"] and str(mail["id"]) not in seen

    found = case.box.wait(f"{words} to {to}", seconds, new)
    seen.add(str(found["id"]))
    return found


def _link(mail: dict[str, Any], what: str) -> str:
    found = re.search(rf"https?://\S*/meeting/{what}/[a-z0-9-]+", mail["text"])
    if found is None:
        raise Unexpected(f"no link in {mail['subject']}")
    return found.group(0)
