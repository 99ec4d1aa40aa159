"""What is broken on a running stack shows on its screens within a minute: no calm sentence, no green run.

``tests/web/test_console_truth.py`` does the same to the parts in one process.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.answers import TRIAGED
from infra.case import Case
from infra.emulator import free_port
from infra.player import Person
from infra.stack import LocalStack

pytestmark = pytest.mark.long

CALM = ("Nobody has to do anything", "On time", "Ended as planned", "Everything fits")
MINUTE = 60
# The clock looks each minute, and its look takes a moment.
CLOCK = 15


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """One stack, in which each test breaks a case of its own."""
    folder: Path = tmp_path_factory.mktemp("truth")
    with LocalStack(folder, free_port()) as running:
        yield running


class Watched:
    """A case and a supervisor who looks at it."""

    signing_in = threading.Lock()

    def __init__(self, stack: LocalStack, name: str, **request: Any) -> None:
        self.stack = stack
        run = stack.run
        self.case = Case(name, run["base_url"], run["messages"], lambda line: None)
        self.case.request(site_name=name, **request)
        self.case.next_is_asked()
        with self.signing_in:
            self.staff: Person = self.case.staff("supervisor")

    @property
    def reference(self) -> str:
        return self.case.reference

    @property
    def path(self) -> str:
        return f"/console/referrals/{self.reference}"

    def case_page(self) -> tuple[str, str]:
        """Mark and words of the sentence on the case's page."""
        found = self.staff.open(self.path).page.select_one(".sentence")
        (mark,) = [one for one in found["class"] if one != "sentence"]
        return str(mark), self.staff.text

    def run_page(self, machine: str, generation: int = 1) -> str:
        name = f"{self.reference}-{machine}-{generation}"
        return self.staff.open(f"/console/runs/{machine}/{name}").text

    def line(self) -> str:
        """The case's line on the list."""
        rows = self.staff.open("/console").page.select("table.requests tbody tr")
        return next((row.get_text(" ") for row in rows if self.reference in row.get_text()), "")

    def within(self, seconds: float, shows: Callable[[], object]) -> Any:
        """What ``shows`` returns once that is something; fails after so many seconds."""
        end = time.monotonic() + seconds
        while not (found := shows()):
            assert time.monotonic() < end, self.case_page()
            time.sleep(1)
        return found

    def row(self) -> dict[str, Any]:
        """The case's own row."""
        key = {"pk": {"S": f"R#{self.reference}"}, "sk": {"S": "REFERRAL"}}
        found: dict[str, Any] = self.stack.client("dynamodb").get_item(
            TableName=self.stack.table, Key=key, ConsistentRead=True
        )["Item"]
        return found

    def stop(self, machine: str) -> None:
        """Somebody stops a run of it in the engine."""
        engine = self.stack.client("stepfunctions")
        arn = self.stack.outputs["MachinePrefix"].replace(":stateMachine:", ":execution:") + machine
        engine.stop_execution(executionArn=f"{arn}:{self.reference}-{machine}-1")


def test_a_step_that_fails_before_its_wait_is_seen_on_list_case_and_run(stack: LocalStack) -> None:
    watched = Watched(stack, "failing step")
    table, broken = (
        stack.client("dynamodb"),
        {"pk": {"S": "CONSULTANTS"}, "sk": {"S": "zoe-broken"}},
    )
    row = {**broken, "active": {"BOOL": True}, "cap": {"S": "many"}}
    table.put_item(TableName=stack.table, Item=row)
    try:
        watched.case.task("tier confirmed", TRIAGED)
        watched.within(MINUTE, lambda: watched.case_page()[0] == "attention")
        text = watched.case_page()[1]
        assert [words for words in CALM if words in text] == []
        assert "Why it needs attention" in text and "ask_offer: TypeError" in text
        watched.within(MINUTE, lambda: "Needs attention" in watched.line())
        assert "Nobody has to do anything" not in watched.run_page("match")
        watched.stop("match")
        run = watched.within(
            MINUTE, lambda: "It broke in" in (it := watched.run_page("match")) and it
        )
        assert "Ended as planned" not in run and "failed" in table_of(watched.staff)
    finally:
        table.delete_item(TableName=stack.table, Key=broken)
    watched.within(4 * MINUTE, lambda: watched.case_page()[0] == "on-time")


def table_of(staff: Person) -> str:
    """The marks of the states that a run passed."""
    rows = staff.page.select('table:has(caption) td[data-label="Mark"]')
    return " ".join(row.get_text(" ") for row in rows)


def test_a_run_that_is_stopped_is_back_before_it_could_look_on_time(stack: LocalStack) -> None:
    watched = Watched(stack, "stopped run")
    watched.stop("referral")
    watched.within(MINUTE, lambda: watched.row().get("generation") == {"N": "2"})
    text = watched.case_page()[1]
    assert "Somebody is asked, and no run waits for the answer." in text
    watched.case.task("tier confirmed", TRIAGED)
    watched.case.next_is_asked()


def test_compare_now_right_after_a_stop_does_not_say_that_everything_fits(
    stack: LocalStack,
) -> None:
    watched = Watched(stack, "stopped stage")
    watched.stop("tiers")
    watched.staff.open("/console/reconcile").fill('form[action$="/console/reconcile"]', {}).press()
    text = watched.within(
        MINUTE + CLOCK,
        lambda: "Asked for by" in (page := watched.staff.open("/console/reconcile").text) and page,
    )
    first = text.partition("Asked for by")[2]
    assert "Started again" in text or "nothing can be said of them yet" in first
    watched.within(180, lambda: watched.row().get("generation") == {"N": "2"})


def test_a_side_task_that_is_deleted_is_asked_again(stack: LocalStack) -> None:
    watched = Watched(stack, "lost side task")
    watched.staff.open(f"{watched.path}/safety")
    watched.staff.fill("#safety", {"protocol": "danger_911", "completed": "no"}).press()
    (number,) = watched.row()["side_tasks"]["L"]
    sk = f"TASK#{int(number['N']):06d}"
    key = {"pk": {"S": f"R#{watched.reference}"}, "sk": {"S": sk}}
    table = stack.client("dynamodb")
    table.delete_item(TableName=stack.table, Key=key)
    mark, text = watched.case_page()
    assert mark == "attention" and "is gone from our record" in text
    there = {"TableName": stack.table, "Key": key, "ConsistentRead": True}
    watched.within(MINUTE + CLOCK, lambda: "Item" in table.get_item(**there))
    assert "about a safety concern" in watched.case_page()[1]


def test_letters_that_come_back_are_said_while_the_specialist_is_waited_for(
    stack: LocalStack,
) -> None:
    watched = Watched(stack, "bad address", contact_email="bounce@simulator.amazonses.com")
    watched.within(MINUTE, lambda: watched.case_page()[0] == "blocked")
    text = watched.case_page()[1]
    assert "Waiting for the specialist" in text
    assert "Our letters to the provider come back." in text
