"""A small world for tests: the demo network on the fake table, mails and engine calls written down.

The steps are the real handlers, the stream's records are moto's own, the relay is the real relay.
"""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar

import pytest

from chalicelib.aws import now as clock_of_kit
from chalicelib.aws import ses, stepfunctions
from chalicelib.aws.texts import text_messages
from chalicelib.aws.writes import Key, put
from chalicelib.directory import people
from chalicelib.domain.ids import new_reference
from chalicelib.mail import email_code
from chalicelib.mail.health import checkup
from chalicelib.referral.model import Referral
from chalicelib.referral.waits import daily
from chalicelib.tasks import task_list_pages
from chalicelib.training.renewal import looking
from chalicelib.web import links
from chalicelib.workflow import tasks
from chalicelib.workflow.machines import machines
from chalicelib.workflow.storage import store
from infra import seed_data
from infra.answers import CENTER
from infra.bench.deployed import matches, relay_patterns
from infra.machines import definitions
from tests.faults.fake_table import Change, FakeTable, Partition, Rows, record
from tests.faults.fault_injector import FaultInjector

Handler = Callable[[dict[str, Any], Any], Any]
# As it is before a test puts its ears on the wall.
HOURLY = checkup.hourly


# A record of which nothing follows, as another row's in front of a batch: where the first record fails, the whole
# batch is repeated.
IDLE: dict[str, Any] = {
    "eventName": "MODIFY",
    "dynamodb": {"Keys": {"pk": {"S": "R#1"}, "sk": {"S": "LOOK"}}, "SequenceNumber": "0"},
}
# Read once: no test changes what is in it.
MACHINES = definitions()


def _steps() -> dict[str, Handler]:
    found: dict[str, Handler] = {}
    for machine in machines():
        module = importlib.import_module(f"chalicelib.{machine.steps}")
        found |= steps_of(MACHINES[machine.name], module.lambda_handler)
    return found


def steps_of(definition: dict[str, Any], handler: Handler) -> dict[str, Handler]:
    """The steps that a machine calls, by their names, with the function that plays them."""
    payloads = [s.get("Parameters", {}).get("Payload", {}) for s in definition["States"].values()]
    return {str(one["step"]): handler for one in payloads if "step" in one}


STEPS = _steps()


# A Tuesday at nine in the morning in California, with no holiday near: tests that count business
# days must not depend on the day they run. TEST_START (UTC seconds) plays them on another one.
START = int(os.environ.get("TEST_START") or 1_792_512_000)


@dataclass
class Mail:
    """A letter as it left."""

    to: str
    subject: str
    text: str
    html: str
    tags: dict[str, str]
    files: Sequence[ses.Attachment] = ()
    at: int = 0
    sender: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def file(self) -> ses.Attachment | None:
        """The calendar file of what stands."""
        return next((one for one in self.files if one.method == "REQUEST"), None)

    @property
    def link(self) -> str:
        """The link's own text, without the address before it; empty for none."""
        found = re.search(r"/t/([a-z0-9-]+)", self.text)
        return found.group(1) if found else ""

    @property
    def code(self) -> str:
        """The six digits of a letter that carries a code; empty for none."""
        found = re.search(r"\b\d{6}\b", self.text)
        return found.group(0) if found and self.tags.get("kind") == "code" else ""


@dataclass
class Text:
    """A text message as it left."""

    number: str
    text: str
    about: dict[str, str]

    @property
    def link(self) -> str:
        """The link's own text, without the address before it; empty for none."""
        found = re.search(r"/t/([0-9A-Za-z-]+)$", self.text)
        return found.group(1) if found else ""


@cache
def _people() -> dict[str, Partition]:
    """Staff, and the consultants of one county: enough to choose from, and few enough to be fast."""
    near = [c for c in seed_data.consultants() if "los_angeles" in c["counties"]]
    table = FakeTable("people")
    for pk, rows in ((people.CONSULTANTS, near), (people.STAFF, seed_data.staff())):
        for row in rows:
            table.call("PutItem", put(Key(pk, row["id"]), row).request())
    return table.items


@dataclass
class World:
    """``said``: (token, verdict) that the engine heard. ``mails`` and ``texts``: what left. ``freed``: addresses that
    SES may write to again. ``started``: runs."""

    aws: FaultInjector
    monkeypatch: pytest.MonkeyPatch
    said: list[tuple[str, str]] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    freed: list[str] = field(default_factory=list)
    started: list[tuple[str, str, int, str]] = field(default_factory=list)
    new_reference: Callable[[], str] = new_reference
    broken: list[str] = field(default_factory=list)  # letters that show a hole to a person
    at: int = 0
    _seen: int = 0
    _requests: int = 0
    # The world of the test that runs: whoever types a mailed code looks into its mails.
    newest: ClassVar[World]

    def __post_init__(self) -> None:
        World.newest = self
        self.at = START
        self.fake_table.items |= _people()
        self.monkeypatch.setattr(stepfunctions, "answer", self._hear)
        self.monkeypatch.setattr(stepfunctions, "start", self._start)
        self.monkeypatch.setattr(stepfunctions, "stop", lambda *_: None)
        self.monkeypatch.setattr(ses, "send", self._send)
        self.monkeypatch.setattr(ses, "allow_again", self.freed.append)
        self.monkeypatch.setattr(text_messages, "send", self._text)
        # The mail doctor's hourly look asks half of AWS: its own tests call it.
        self.monkeypatch.setattr(checkup, "hourly", lambda state, at: None)
        # Once a day all requests are looked through for waits that ended: their own tests call it.
        self.monkeypatch.setattr(daily, "each_minute", lambda at: None)
        # So is every consultant, for what ends soon.
        self.monkeypatch.setattr(looking, "each_minute", lambda at: None)
        self.monkeypatch.setattr(clock_of_kit.time, "time", lambda: self.at)
        for hurried in (email_code, task_list_pages):
            self.monkeypatch.setattr(hurried, "FLOOR_SECONDS", 0)

    def _hear(self, token: str, verdict: str) -> bool:
        self.said.append((token, verdict))
        return True

    def _start(self, machine: str, reference: str, generation: int, stage: str) -> None:
        if (machine, reference, generation, stage) not in self.started:
            self.started.append((machine, reference, generation, stage))

    def _send(
        self,
        to: str,
        subject: str,
        text: str,
        html: str,
        tags: dict[str, str],
        files: Sequence[ses.Attachment] = (),
        sender: str = "",
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> str:
        if "None" in subject + text + html:
            self.broken.append(f"{subject}\n{text}")
        self.mails.append(Mail(to, subject, text, html, tags, files, self.at, sender, headers))
        return f"m-{len(self.mails)}"

    def _text(self, number: str, text: str, about: dict[str, str]) -> str:
        if "None" in text:
            self.broken.append(text)
        self.texts.append(Text(number, text, about))
        return f"t-{len(self.texts)}"

    def submit(self, lang: str = "en", **answers: Any) -> str:
        """A request as the form sends it; returns the reference."""
        from chalicelib.referral.intake.create_referral import submit
        from chalicelib.referral.request import Request

        self._requests += 1
        # Another site each time: the same address would be the same request.
        number = self._requests if self._requests > 1 else ""
        own = {"contact_email": f"ana{number}@example.org"}
        reference = self.new_reference()
        submit(reference, Request.from_answers(CENTER | own | answers), lang)
        return reference

    def state(self, reference: str) -> Referral:
        """The state as it stands in the table."""
        return store.load(reference, consistent=True)

    def step(self, name: str, reference: str, token: str = "", generation: int = 0) -> str:
        """Call a step's handler as the engine does; returns the verdict."""
        event = {
            "step": name,
            "referral": reference,
            "generation": generation or self.state(reference).generation,
            "token": token or f"token-{name}-{self.state(reference).tasks + 1}",
        }
        return str(STEPS[name](event, None)["verdict"])

    def answer(self, reference: str, values: dict[str, Any], command: str = "") -> Referral:
        """Answer the open task with cleaned values."""
        task = self.state(reference).task
        assert task is not None, "nothing is asked"
        said = command or f"test:{task.number}:{len(store.log(self.state(reference)))}"
        return tasks.answer(reference, task.number, values, task.role, said, self.at)[0]

    def triaged(self, **answers: Any) -> str:
        """A referral whose specialist confirmed the proposed tier."""
        from tests import episode

        return episode.triaged(self, **answers)

    def offered(self, **answers: Any) -> str:
        """A referral with an offer out."""
        from tests import episode

        return episode.offered(self, **answers)

    def matched(self, **answers: Any) -> str:
        """A referral whose consultant accepted."""
        from tests import episode

        return episode.matched(self, **answers)

    def link(self, reference: str) -> str:
        """A good link to the open task."""
        task = self.state(reference).task
        assert task is not None
        return links.mint(
            reference, task.number, task.link_number, min(task.expires, self.at + 86400)
        )

    @property
    def fake_table(self) -> FakeTable:
        return self.aws.fake_table

    @property
    def table(self) -> Rows:
        return Rows(self.fake_table)

    def changes(self) -> list[Change]:
        """What the stream shows since the last look, as far as the template lets it call the relay."""
        found = self.fake_table.stream[self._seen :]
        self._seen = len(self.fake_table.stream)
        patterns = relay_patterns()
        return [one for one in found if any(matches(each, record(one)) for each in patterns)]

    def records(self, every: bool = False) -> list[dict[str, Any]]:
        """The stream's records since the last look (or all of them)."""
        if every:
            self._seen = 0
        return [record(change) for change in self.changes()]

    def relay(self, records: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        """Let the real relay handle the new stream records, as one batch."""
        from chalicelib.mail.relay import relay

        batch = self.records() if records is None else records
        result: dict[str, Any] = relay({"Records": batch}, None)
        return result
