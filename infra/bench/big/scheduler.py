"""How many due rows a minute the scheduler looks at, in the order in which it does, and what they cost."""

from __future__ import annotations

import time
from typing import Any

from chalicelib.rooms import DUE
from chalicelib.workflow.storage import keys
from infra.bench.big.cases import Played, fill
from infra.bench.big.service import Runs, served
from infra.bench.big.table import BigTable
from infra.bench.units import Row

Json = dict[str, Any]
# So many of the rows are urgent, and became due last of all.
URGENT = 200
# Seconds that a call to the table takes on its way, as within one region of AWS.
LATENCY = 0.004
# Seconds of the minute that are played.
PART = 15


def load(table: BigTable, runs: Runs, due: int) -> Json:
    """Cases of which each is to be reminded now, after an outage; the urgent came last."""
    played = Played()
    at = played.at + 86_400
    made = fill(table, played, due, whole=0)
    for number, (name, _) in enumerate(made):
        row = table.rows[f"R#{name}"][keys.STATE]
        urgent = number >= due - URGENT
        # Longer ago than a case stays due after a reminder that is in time.
        wake = at - 121 if urgent else at - 3600 - number % 3000
        table.put(_due(row, at, wake, "stat" if urgent else "routine"))
    for row in played.people:
        table.put(row)
    return {"at": at, "first": made[0][0]}


def _due(row: Row, at: int, wake: int, priority: str) -> Row:
    """A case whose reminder is due since ``wake``, and whose task ends much later."""
    task: Any = row["task"]
    later = {"N": str(at + 30 * 86_400)}
    instants = {
        "remind": {"L": [{"N": str(wake)}]},
        "expires": later,
        "due": later,
        "escalate": later,
    }
    clean = {name: value for name, value in row.items() if name not in ("pause", "priority")}
    return {
        **clean,
        "swept": clean["version"],
        "priority": {"S": priority},
        "wpk": {"S": keys.wakes_in(priority)},
        "wake_at": {"N": str(wake)},
        "task": {"M": {**task["M"], **instants}},
    }


def measured(due: int) -> Json:
    """A part of the first minute: rows that were looked at, CPU seconds, calls; and of the urgent, how
    many were not among them."""
    with served(load, due=due) as service:
        from chalicelib.workflow import scheduler

        at = service.told["at"]
        setattr(scheduler, "now", lambda: at)  # noqa: B010 - mypy: it is imported there
        scheduler.SECONDS = PART
        scheduler.look(service.told["first"], at)  # what only the first row of a process costs
        service.used()
        cpu = time.process_time()
        told = scheduler.clock({"detail": {"duty": DUE}}, None)
        cpu = time.process_time() - cpu
        calls = service.used()["calls"]
        return {**told, "cpu": cpu, "calls": sum(calls.values()), "urgent": _urgent_left(at)}


def rows_a_minute(found: Json) -> float:
    """How many rows the scheduler's share of a minute is enough for, on one processor."""
    from chalicelib.workflow.scheduler import SECONDS

    each = (found["cpu"] + LATENCY * found["calls"]) / found["looked"]
    return float(SECONDS / each)


def _urgent_left(at: int) -> int:
    from chalicelib.aws import dynamodb
    from chalicelib.aws.writes import field

    order = field(keys.WAKE.order).at_most(at)
    return sum(1 for _ in dynamodb.each(keys.WAKE_URGENT, order, index=keys.WAKE))
