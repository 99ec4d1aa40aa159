"""How many tasks the queue says there are, beyond those that it shows."""

from __future__ import annotations

import pytest

from chalicelib.domain.roles import Scope
from chalicelib.workflow.board import Waiting
from chalicelib.workflow.lists import overview, queue
from chalicelib.workflow.lists.queue import QueuedTask

pytestmark = pytest.mark.promise("lists-complete")


def waits(number: int, role: str, who: str, county: str) -> QueuedTask:
    waiting = Waiting("triage", role, who, 0, 100)
    return QueuedTask(f"R{number}", 1, waiting, "", county, "routine", f"{number:011d}")


def test_the_queue_counts_the_tasks_of_a_role_in_the_readers_counties_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = [
        *(waits(n, "specialist", "sofia", "fresno") for n in range(30)),
        *(waits(n, "specialist", "nina", "kern") for n in range(30, 50)),
        waits(50, "specialist", "", "kern"),
        waits(51, "specialist", "sofia", "shasta"),
        waits(52, "coordinator", "sofia", "fresno"),
    ]
    monkeypatch.setattr(queue, "every", lambda roles, at: there)
    overview.forget()
    south = Scope.of(["fresno", "kern"])
    assert overview.how_many(["specialist"], "sofia", south, 0) == (30, 21)
    assert overview.how_many(["specialist"], "sofia", Scope.of("all"), 0) == (31, 21)
    overview.forget()
