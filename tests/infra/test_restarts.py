"""Twenty restarts in a day cost nobody anything: every open case waits for the same person, and ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from infra.answers import ACCEPTED, TRIAGED
from infra.case import Case
from infra.emulator import free_port
from infra.stack import LocalStack

RESTARTS = 20
# How far the cases have come, two at each: what is answered, and what is answered then to the end.
STAGES: dict[str, Callable[[Case], None]] = {
    "triage": lambda case: None,
    "offer": lambda case: case.task("tier confirmed", TRIAGED) and None,
    "first_contact": lambda case: case.matched(),
    "agreement": lambda case: (case.matched(), case.talked())[-1],
    "service": lambda case: (case.matched(), case.in_service())[-1],
}
REST: dict[str, Callable[[Case], None]] = {
    "triage": lambda case: (case.matched(), case.in_service())[-1],
    "offer": lambda case: (case.task("offer: accept", ACCEPTED), case.in_service())[-1],
    "first_contact": lambda case: case.in_service(),
    "agreement": lambda case: case.agreed(),
    "service": lambda case: None,
}


def waits_for(stack: LocalStack) -> dict[str, tuple[str, str, str]]:
    """Reference -> kind, person and number of the task whose answer a run waits for."""
    found = {}
    pages = stack.client("dynamodb").get_paginator("scan").paginate(TableName=stack.table)
    for row in (row for page in pages for row in page["Items"]):
        task: Any = row.get("task", {}).get("M", {})
        if row["sk"]["S"] == "REFERRAL" and task.get("token", {"S": ""})["S"]:
            facts = (task["kind"]["S"], task.get("assignee", {"S": ""})["S"], task["number"]["N"])
            found[row["pk"]["S"].removeprefix("R#")] = facts
    return found


def come(cases: list[tuple[str, Case]], how: dict[str, Callable[[Case], None]]) -> None:
    """Let the people of all cases act, some at once."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: how[one[0]](one[1]), cases))


@pytest.mark.long
def test_ten_cases_at_five_stages_outlive_twenty_restarts_and_finish(tmp_path: Path) -> None:
    port = free_port()
    with LocalStack(tmp_path, port) as stack:
        run = stack.run
        cases = [
            (stage, Case(f"{stage} {n}", run["base_url"], run["messages"], lambda line: None))
            for stage in STAGES
            for n in (1, 2)
        ]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda one: one[1].request(site_name=one[1].name), cases))
        come(cases, STAGES)
        references = {case.reference: stage for stage, case in cases}
        before = {r: w for r, w in settled(stack, set(references)).items() if r in references}
        assert {r: kind for r, (kind, _, _) in before.items()} == references
        letters = len(stack.mails())
    for _ in range(RESTARTS):
        with LocalStack(tmp_path, port) as stack:
            now = settled(stack, set(references))
            assert {r: now[r] for r in references} == before
    with LocalStack(tmp_path, port) as stack:
        settled(stack, set(references))
        assert len(stack.mails()) == letters, "nobody is asked twice"
        come(cases, REST)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(finish, [case for _, case in cases]))


def settled(stack: LocalStack, references: set[str]) -> dict[str, tuple[str, str, str]]:
    """What all these cases wait for, once they do."""
    end = time.monotonic() + 90
    while not references <= (found := waits_for(stack)).keys():
        assert time.monotonic() < end, references - found.keys()
        time.sleep(0.2)
    return found


def finish(case: Case) -> None:
    """The sessions, the summary, and the letter that says it is complete."""
    case.sessions()
    case.summed_up()
    case.box.about(case.reference, "your consultation is complete")
