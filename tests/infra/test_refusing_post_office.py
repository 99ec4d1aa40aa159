"""The post office refuses every letter for ten minutes (AccessDenied), on the whole stack: within five
everybody who must know it knows it, and afterwards every letter leaves once."""

from __future__ import annotations

import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.bench.stack import HERE
from infra.case import REQUEST
from infra.player import Person
from infra.postoffice import ACCEPT, ANSWERS
from infra.stack import LocalStack

MINUTE = 60


class Shifted:
    """A stack whose own time goes on when it is told to; its clock looks once a minute of that time."""

    def __init__(self, stack: LocalStack, clock: Path) -> None:
        self.stack, self._clock, self.minutes = stack, clock, 0
        for rule in stack.client("events").list_rules()["Rules"]:
            if "ScheduleExpression" in rule:
                stack.client("events").disable_rule(Name=rule["Name"])

    def minute(self) -> None:
        """A minute passes, and the clock looks."""
        self.minutes += 1
        self._clock.write_text(str(self.minutes * MINUTE))
        self.stack.tick()

    def post_office(self, answer: str) -> None:
        """How it answers from now on."""
        address = self.stack.run["mail_endpoint"] + ANSWERS
        asked = urllib.request.Request(address, answer.encode(), method="PUT")
        urllib.request.urlopen(asked, timeout=9)

    def post(self) -> dict[str, Any]:
        """The row that says how the post is."""
        key = {"pk": {"S": "POST"}, "sk": {"S": "STATE"}}
        found = self.stack.client("dynamodb").get_item(TableName=self.stack.table, Key=key)
        row: dict[str, Any] = found.get("Item", {})
        return row

    def rows(self) -> list[dict[str, Any]]:
        """Every row of the table."""
        pages = (
            self.stack.client("dynamodb").get_paginator("scan").paginate(TableName=self.stack.table)
        )
        return [row for page in pages for row in page["Items"]]

    def asked_to_mend(self) -> int:
        """How many people are asked to have it mended."""
        about = [row.get("about", {}).get("M", {}) for row in self.rows()]
        return sum(one.get("what") == {"S": "refused"} for one in about)

    def letters(self) -> Counter[tuple[str, ...]]:
        """How often each letter of a case left, by what names it."""
        told = [mail.tags for mail in self.stack.mails() if "v" in mail.tags]
        return Counter((tags["ref"], tags["v"], tags["i"]) for tags in told)

    def counted(self, metric: str) -> bool:
        """Whether an alarm's metric was counted in any function's log."""
        logs = self.stack.client("logs")
        groups = [one["logGroupName"] for one in logs.describe_log_groups()["logGroups"]]
        lines = [
            e["message"] for g in groups for e in logs.filter_log_events(logGroupName=g)["events"]
        ]
        return any(f'"{metric}"' in line for line in lines)


@pytest.fixture(scope="module")
def shifted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shifted]:
    folder = tmp_path_factory.mktemp("refusing")
    clock = folder / "clock"
    clock.write_text("0")
    shift = {"BENCH_CLOCK": str(clock), "PYTHONPATH": str(HERE)}
    with LocalStack(folder, environment=shift) as stack:
        yield Shifted(stack, clock)


def soon(holds: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether it holds within so many seconds of this machine: functions start cold."""
    end = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < end:
        time.sleep(0.5)
    return held


def staff(stack: LocalStack, group: str) -> Person:
    who = next(one for one in stack.run["logins"].values() if one["group"] == group)
    return Person(stack.base_url).sign_in(who["email"], who["password"])


def known(shifted: Shifted, admin: Person, coordinator: Person) -> dict[str, bool]:
    """Who knows by now that letters do not leave."""
    post = shifted.post()
    return {
        "doctor": post.get("doctor", {}).get("S") == "red",
        "doctor's page": "AWS refuses SendEmail: AccessDeniedException"
        in admin.open("/console/mail").text,
        "banner": "SendEmail: AccessDeniedException" in admin.open("/console").text,
        "list": "Letters are held back" in coordinator.open("/console").text,
        "letters": "Letters that wait for the post" in coordinator.open("/console/letters").text,
        "task": shifted.asked_to_mend() == 1,
        "intake": "Please call us" in Person(shifted.stack.base_url).open("/start").text,
        "alarms": shifted.counted("CallsRefused") and shifted.counted("MailDoctorRed"),
    }


@pytest.mark.promise("refused-is-red", "one-letter-per-reason", "long-task-tokens")
@pytest.mark.long
def test_ten_minutes_of_access_denied_are_known_in_five_and_every_letter_leaves_once(
    shifted: Shifted,
) -> None:
    stack = shifted.stack
    admin, coordinator = staff(stack, "admin"), staff(stack, "coordinator")
    shifted.minute()
    assert soon(lambda: shifted.post()["test_status"] == {"S": "delivered"}), "the relay's letter"
    for _ in range(3):
        shifted.minute()
    assert shifted.post()["doctor"] == {"S": "green"}
    assert "Letters are held back" not in admin.open("/console").text
    began, providers = shifted.minutes, [Person(stack.base_url) for _ in range(3)]
    shifted.post_office("access_denied")
    references = [
        one.request({**REQUEST, "contact_email": f"p{n}@example.org", "site_name": f"Site {n}"})
        for n, one in enumerate(providers)
    ]
    while not soon(lambda: all(known(shifted, admin, coordinator).values()), 3):
        now = known(shifted, admin, coordinator)
        assert shifted.minutes - began < 5, f"not known within five minutes: {now}"
        shifted.minute()
    while shifted.minutes - began < 10:
        shifted.minute()
    assert not shifted.letters()
    shifted.post_office(ACCEPT)
    for _ in range(8):
        shifted.minute()
        time.sleep(1)
    letters = shifted.letters()
    assert {ref for ref, _, _ in letters} == set(references)
    assert set(letters.values()) == {1}
    post = shifted.post()
    assert post["doctor"] == {"S": "green"} and not {"closed_since", "since"} & set(post)
    assert "Letters are held back" not in admin.open("/console").text
    assert "Please call us" not in Person(stack.base_url).open("/start").text
    rows = stack.client("dynamodb").scan(TableName=stack.table)["Items"]
    tokens = [
        row["token"]["S"] for row in rows if "token" in row and row["pk"]["S"].startswith("R#")
    ]
    assert tokens and all(len(token) == 700 for token in tokens)
