"""People, scanners, replays, stops and kills from outside, against a running stack.

It knows addresses, letters and AWS's own interfaces, and imports nothing of the product: what it counts
is what anybody could count. Each person is one thread with one browser, who answers letter after
letter as it comes; whoever finds the house closed for a moment tries again, as people do.
"""

from __future__ import annotations

import json
import os
import queue
import random
import re
import signal
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import requests
from bs4 import BeautifulSoup, Tag

Json = dict[str, Any]
LINK = re.compile(r"https?://\S*/t/([a-z0-9]{9})-(\d+)-[a-z0-9-]+")
RECORDED = re.compile(r"/task/([0-9A-Z-]{11})/(\d+)\?recorded=yes")
REFERENCE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]\b")
CLOSED_FOR_A_MOMENT = (503, 504)
# Seconds that somebody tries again for, while the house is closed or a letter is on its way.
PATIENCE = 180
# What people answer, by the name of a field; a list is a choice of several. What is asked besides has
# no answer here and is left as the page offers it.
ANSWERS: Mapping[str, object] = {
    "county": "los_angeles", "setting": "center", "requester_role": "director", "city": "Los Angeles",
    "zip": "90012", "age_bands": ["preschool"], "focus": ["classroom"],
    "concerns": ["challenging_behavior"], "suspension_expulsion_status": "none",
    "behavior_serious": ["none"], "circumstances": ["none"], "recent_event": "none", "safety_now": "no",
    "support_wanted": ["observation"], "outside_scope": ["none"], "prior_contacts": "0", "language": "en",
    "language_required": "no", "modality": "hybrid", "availability": ["mornings"],
    "contact_name": "Demo Provider", "contact_by": "email", "letters_language": "en",
    "children_enrolled": "24", "classroom": "Blue room", "funding": ["CSPP"], "notice_version": "1",
    "mine": "yes", "talked": "phone", "planned": "4",
    "mode": "virtual", "signed_name": "Demo Provider", "goal_1": "Calm mornings",
    "doing_1": "A routine with pictures", "first_time": "10:00", "rhythm": "7", "minutes": "60",
    "happened": "other", "note": "Demo note", "next": "last", "end_reason": "provider_withdrew",
    "progress_1": "met", "helped": "The routine", "confidence": "4", "removal": "none",
    "closure": "provider_withdrew", "worthwhile": "yes", "kept_in_care": "yes",
}  # fmt: skip
# Of several words for yes the one that the page offers.
YES = ("confirm", "accept", "agreed", "restart", "again")


class Stuck(Exception):
    """A person could not go on; the text says where, and what the page said."""


@dataclass
class Seen:
    """What the driver saw: acknowledged presses, and what no person may see."""

    requests: dict[str, str] = field(default_factory=dict)  # reference -> the provider's address
    answers: set[tuple[str, int]] = field(default_factory=set)  # reference, number of the task
    withdrawn: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    did: Counter[str] = field(default_factory=Counter)


class Browser:
    """One person's browser. Each of its presses is kept, to be replayed."""

    def __init__(self, driver: Driver, agent: str = "person") -> None:
        self.driver = driver
        self.session = requests.Session()
        self.session.headers["User-Agent"] = agent
        self.page = BeautifulSoup("", "html.parser")
        self.url, self.status, self.redirected = driver.base_url, 0, False

    def open(self, address: str) -> Browser:
        """Go to a page, and try again while the house is closed."""
        return self._show(lambda: self.session.get(urljoin(self.url, address), timeout=60))

    def press(self, selector: str, values: Mapping[str, object]) -> Browser:
        """Fill in a form and send it; again, as it was, when no answer came."""
        form = self.page.select_one(selector)
        if form is None:
            raise Stuck(f"no form {selector} on {self.url}: {self.text[:200]}")
        data = filled(form, values)
        where = urljoin(self.url, str(form.get("action") or self.url))
        headers = {"Origin": self.driver.base_url, "Referer": self.url}
        self.driver.pressed.append((self.session.cookies.copy(), where, data, headers))
        return self._show(lambda: self.session.post(where, data=data, headers=headers, timeout=60))

    def _show(self, ask: Callable[[], requests.Response]) -> Browser:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                answer = ask()
            except requests.RequestException:
                answer = None
            if answer is not None and answer.status_code not in CLOSED_FOR_A_MOMENT:
                break
            if time.monotonic() > end:
                raise Stuck(f"{self.url} is closed for good")
            time.sleep(1)
        self.driver.judge(answer)
        self.page = BeautifulSoup(answer.text, "html.parser")
        self.url, self.status = answer.url, answer.status_code
        self.redirected = any(one.status_code == 303 for one in answer.history)
        return self

    @property
    def text(self) -> str:
        """What the page says."""
        return " ".join(self.page.get_text(" ").split())

    def names(self, selector: str) -> set[str]:
        """The names of a form's fields."""
        form = self.page.select_one(selector)
        found = form.select("input,select,textarea") if form else []
        return {str(one["name"]) for one in found if one.get("name")}


def filled(form: Tag, values: Mapping[str, object]) -> list[tuple[str, str]]:
    """A form's fields as a browser would send them, with these values where it asks for them."""
    data: list[tuple[str, str]] = []
    for one in form.select("input,select,textarea"):
        name, kind = str(one.get("name") or ""), str(one.get("type") or one.name)
        if not name or kind in ("submit", "button"):
            continue
        wanted = values.get(name)
        if kind in ("radio", "checkbox"):
            chosen = wanted if isinstance(wanted, list | tuple) else [wanted]
            if one.get("value") in chosen if wanted is not None else one.has_attr("checked"):
                data.append((name, str(one.get("value"))))
        elif kind == "select":
            chosen_option = one.select_one("option[selected]")
            data.append((name, str(wanted or (chosen_option and chosen_option.get("value")) or "")))
        else:
            data.append((name, str(wanted if wanted is not None else one.get("value") or one.text)))
    button = form.select_one("button")  # the first is the one that the Enter key presses
    named = button is not None and button.get("name")
    return data + ([(str(button["name"]), str(button.get("value") or ""))] if named else [])


class Driver:
    """The whole play: ``facts`` is the stack's run.json, ``seed`` the order of what goes wrong."""

    def __init__(self, folder: Path, seed: int, say: Callable[[str], None] = print) -> None:
        self.folder, self.say = folder, say
        self.chance = random.Random(seed)
        facts = self.facts
        self.base_url, self.mailbox = facts["base_url"], facts["messages"]
        self.letters: list[Json] = []
        self.pressed: list[tuple[Any, str, list[tuple[str, str]], Json]] = []
        self.seen = Seen()
        self._desks: dict[str, queue.Queue[Json]] = {}
        self._over = threading.Event()
        self._lock = threading.Lock()

    @property
    def facts(self) -> Json:
        """What the stack says of itself; it changes when the embedded AWS is started again."""
        found: Json = json.loads((self.folder / "run.json").read_text())
        return found

    def judge(self, answer: requests.Response) -> None:
        """Note an answer that nobody may ever see."""
        if answer.status_code >= 500 and answer.status_code not in CLOSED_FOR_A_MOMENT:
            self.seen.broken.append(f"{answer.request.method} {answer.url}: {answer.status_code}")
        if "Traceback (most recent" in answer.text:
            self.seen.broken.append(f"{answer.url}: a traceback")

    def client(self, name: str) -> Any:
        """A boto3 client of the stack."""
        import boto3

        facts = self.facts
        return boto3.client(
            name, endpoint_url=facts["endpoint"], region_name=facts["region"],
            aws_access_key_id=facts["account"], aws_secret_access_key="local",
        )  # fmt: skip

    def rows(self) -> list[Json]:
        """The table, in plain values."""
        from boto3.dynamodb.types import TypeDeserializer

        plain = TypeDeserializer().deserialize
        pages = (
            self.client("dynamodb")
            .get_paginator("scan")
            .paginate(TableName=self.facts["table"], ConsistentRead=True)
        )
        return [{k: plain(v) for k, v in row.items()} for page in pages for row in page["Items"]]

    # -- the play ------------------------------------------------------------------------------
    def play(self, lives: int, seconds: float) -> None:
        """So many providers at once, and everybody whom their requests reach, until all are closed."""
        threads = [
            threading.Thread(target=self._provider, args=(number,), daemon=True)
            for number in range(lives)
        ]
        troubles = (self._post, self._stops, self._kills, self._replays)
        for thread in [*threads, *(threading.Thread(target=t, daemon=True) for t in troubles)]:
            thread.start()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._over.wait(5)
            if all(not thread.is_alive() for thread in threads) and not self.waiting():
                break
        self._over.set()

    def waiting(self) -> dict[str, str]:
        """The acknowledged requests that are not closed yet, and what they wait for."""
        try:
            states = {r["pk"][2:]: r for r in self.rows() if r["sk"] == "REFERRAL"}
        except Exception:
            return {"?": "the stack is starting"}
        return {
            reference: str((states.get(reference, {}).get("task") or {}).get("kind", "nobody"))
            for reference in self.seen.requests
            if "closed" not in states.get(reference, {})
        }

    def _provider(self, number: int) -> None:
        """Sends a request; one in ten takes it back some time later."""
        email = f"outside-{number}-{self.chance.randrange(16**6):06x}@example.org"
        browser = Browser(self)
        try:
            browser.open("/request")
            values = {**ANSWERS, "site_name": f"Demo site {number}", "contact_email": email}
            for _ in range(60):
                found = REFERENCE.search(browser.text) if "/sent" in browser.url else None
                if found:
                    break
                browser.press("main form", values)
                if browser.status == 422:  # the form is for people, and finds this one too fast
                    time.sleep(1)
            else:
                raise Stuck(f"the form has no end: {browser.url} {browser.text[:300]}")
            self.seen.requests[found.group(0)] = email
            if number % 10 == 9:
                time.sleep(self.chance.uniform(5, 60))
                self._withdraw(browser, found.group(0), email)
        except Exception as error:
            self.seen.stuck.append(f"provider {number}: {type(error).__name__}: {error}")

    def _withdraw(self, browser: Browser, reference: str, email: str) -> None:
        with self._lock:  # codes of two visits at once would be taken for each other's
            before = self._codes(email)
            browser.open(f"/status?reference={reference}")
            browser.press("main form", {"reference": reference})
            browser.press("main form", {"code": self._code(email, before)})
        browser.open("/status/withdraw")
        if "decision" in browser.names("main form"):
            browser.press("main form", {"decision": "withdraw", "reason": "not_a_good_time"})
            if browser.redirected:
                self.seen.withdrawn.add(reference)

    def _post(self) -> None:
        """Brings each letter to whom it is for; a scanner opens one in three before."""
        while not self._over.is_set():
            try:
                where = f"{self.mailbox}?after={len(self.letters)}&wait=2"
                found = requests.get(where, timeout=30).json()
            except (requests.RequestException, ValueError):
                time.sleep(0.5)
                continue
            for letter in found:
                if int(letter["id"]) <= len(self.letters):
                    continue
                self.letters.append(letter)
                to = letter["to"] if isinstance(letter["to"], str) else letter["to"][0]
                if LINK.search(letter["text"]):
                    self._desk(to).put(letter)

    def _desk(self, to: str) -> queue.Queue[Json]:
        if to not in self._desks:
            self._desks[to] = queue.Queue()
            threading.Thread(target=self._person, args=(to,), daemon=True).start()
        return self._desks[to]

    def _person(self, to: str) -> None:
        browser = Browser(self)
        while not self._over.is_set():
            try:
                letter = self._desks[to].get(timeout=2)
            except queue.Empty:
                continue
            found = LINK.search(letter["text"])
            assert found is not None
            try:
                if self.chance.random() < 1 / 3:
                    self._scan(found.group(0))
                self._answer(browser, to, found.group(0))
            except Exception as error:
                self.seen.stuck.append(
                    f"{to} at {letter['subject']}: {type(error).__name__}: {error}"
                )

    def _answer(self, browser: Browser, to: str, link: str) -> None:
        """Open a link and answer what is asked; go on where the page leads on."""
        browser.open(link)
        for _ in range(12):
            if browser.page.select_one("#task"):
                self._decide(browser, to)
                continue
            on = browser.page.select_one('section[aria-labelledby="next"] a.button')
            if on is None:
                return
            time.sleep(2)
            browser.open(str(on["href"]))

    def _decide(self, browser: Browser, to: str) -> None:
        names, before = browser.names("#task"), self._codes(to)
        if "_code" in names:
            browser.press("#task", {"_code": self._code(to, before - 1)})
            return
        browser.press("#task", self._values(browser))
        if "_code" in browser.names("#task"):
            browser.press("#task", {"_code": self._code(to, before)})
        if browser.status == 422:
            told = browser.page.select_one(".errors") or browser.page
            raise Stuck(f"{browser.url}: {told.get_text(' ', strip=True)[:400]}")
        if found := RECORDED.search(browser.url):
            self.seen.answers.add((found.group(1), int(found.group(2))))

    def _values(self, browser: Browser) -> Json:
        """The answers to what the page asks: one offer in five is declined."""
        form = browser.page.select_one("#task")
        offered = (
            {str(one.get("value")) for one in form.select("[name=decision]")} if form else set()
        )
        yes = next((word for word in YES if word in offered), None)
        today = datetime.now(ZoneInfo("America/Los_Angeles")).date()
        values: Json = {**ANSWERS, "day": today.isoformat()}
        values["first_day"] = (today + timedelta(days=1)).isoformat()
        if "decline" in offered and self.chance.random() < 0.2:
            return values | {"decision": "decline", "decline_reason": "no_time"}
        choice = form.select_one("[name=consultant]") if form else None
        if choice is not None and "assign" in offered:
            return values | {"decision": "assign", "consultant": str(choice.get("value"))}
        return values | ({"decision": yes} if yes else {})

    def _codes(self, to: str) -> int:
        return len(self._found_codes(to))

    def _found_codes(self, to: str) -> list[str]:
        mine = [m["text"] for m in self.letters if to in m["to"] and "/t/" not in m["text"]]
        return [found.group(0) for text in mine if (found := re.search(r"\b\d{6}\b", text))]

    def _code(self, to: str, before: int) -> str:
        end = time.monotonic() + PATIENCE
        while len(found := self._found_codes(to)) <= before:
            if time.monotonic() > end:
                raise Stuck(f"no code came for {to}")
            time.sleep(0.3)
        return found[-1]

    # -- what goes wrong -----------------------------------------------------------------------
    def _scan(self, link: str) -> None:
        """A mail gateway looks at a link, and presses every form of its page as it is rendered."""
        scanner = Browser(self, "scanner")
        self.seen.did["scans"] += 1
        for ask in (scanner.session.head, scanner.session.get, scanner.session.get):
            scanner._show(partial(ask, link, timeout=60))
        for number in range(len(scanner.page.select("form"))):
            scanner.open(link)
            for form in scanner.page.select("form")[number : number + 1]:
                form["id"] = "scanned"
                scanner.press("#scanned", {})
                self.pressed.pop()

    def _stops(self) -> None:
        """Somebody stops running executions, one now and then."""
        while not self._over.wait(self.chance.uniform(10, 25)):
            try:
                engine = self.client("stepfunctions")
                machine = self.chance.choice(list(self.facts["machines"].values()))
                found = engine.list_executions(stateMachineArn=machine, statusFilter="RUNNING")
                run = self.chance.choice(found["executions"])
                engine.stop_execution(executionArn=run["executionArn"])
                self.seen.did["stops"] += 1
            except Exception:
                continue

    def _kills(self) -> None:
        """The embedded AWS is killed twice."""
        for pause in (45, 90):
            if self._over.wait(pause):
                return
            os.kill(int((self.folder / "stack.pid").read_text()), signal.SIGKILL)
            self.seen.did["kills"] += 1
            self.say("killed the embedded AWS")

    def _replays(self) -> None:
        """Old presses come again, as they were."""
        while not self._over.wait(0.5):
            if not self.pressed:
                continue
            cookies, where, data, headers = self.chance.choice(self.pressed[:])
            try:
                self.judge(
                    requests.post(where, data=data, headers=headers, cookies=cookies, timeout=60)
                )
                self.seen.did["replays"] += 1
            except requests.RequestException:
                continue

    # -- what is counted -----------------------------------------------------------------------
    def wrong(self) -> list[str]:
        """Everything that was lost, doubled, broken, or left without a person; empty when all is well."""
        found = [f"broken: {one}" for one in self.seen.broken]
        found += [f"stuck: {one}" for one in self.seen.stuck]
        rows = self.rows()
        states = {r["pk"][2:]: r for r in rows if r["sk"] == "REFERRAL"}
        logs: dict[str, list[Json]] = defaultdict(list)
        for row in sorted((r for r in rows if r["sk"].startswith("LOG#")), key=lambda r: r["sk"]):
            logs[row["pk"][2:]].append(row)
        for reference, email in self.seen.requests.items():
            if reference not in states:
                found.append(f"lost: the request {reference} of {email}")
                continue
            found += _wrong_in(reference, states[reference], logs[reference], self.seen)
        known = set(self.seen.requests)
        found += [f"doubled: {reference} was sent by nobody" for reference in set(states) - known]
        return found + self._twice()

    def _twice(self) -> list[str]:
        """Letters that came twice: the same words to the same person, the codes aside."""
        same = Counter(
            (str(m["to"]), m["subject"], LINK.sub(lambda f: f"{f[1]}-{f[2]}", m["text"]))
            for m in self.letters
            if LINK.search(m["text"])
        )
        return [
            f"doubled: a letter to {to}: {subject}" for (to, subject, _), n in same.items() if n > 1
        ]


def _wrong_in(reference: str, state: Json, log: list[Json], seen: Seen) -> list[str]:
    """What is wrong with one case: a gap, an answer lost or doubled, an end that never came."""
    found = []
    riding = state.get("pending_entry")
    entries = {int(e["version"]): e for e in [*log, *([riding] if riding else [])]}
    if sorted(entries) != list(range(1, int(state["version"]) + 1)):
        found.append(f"lost: entries of {reference}: {sorted(entries)} of {state['version']}")
    answered = Counter(
        int(e["payload"]["task"])
        for e in entries.values()
        if str(e["event"]).endswith("_answered") and "task" in e.get("payload", {})
    )
    wanted = {number for known, number in seen.answers if known == reference}
    found += [f"lost: the answer to task {n} of {reference}" for n in wanted - set(answered)]
    found += [f"doubled: task {n} of {reference}, {c} times" for n, c in answered.items() if c > 1]
    if reference in seen.withdrawn and state.get("status") != "withdrawn":
        found.append(f"lost: {reference} was taken back")
    if "closed" not in state:
        task = state.get("task") or {}
        found.append(f"left: {reference} waits for {task.get('kind', 'nobody')}")
    return found
