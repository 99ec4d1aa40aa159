"""A round of the reconciler over so many open cases: its CPU, and by how much it grows the process."""

from __future__ import annotations

import time
from typing import Any

from infra.bench.big.cases import Played, fill
from infra.bench.big.service import Runs, served
from infra.bench.big.table import BigTable

Json = dict[str, Any]
# So many of the cases have lost their run.
LOST = 20


def load(table: BigTable, runs: Runs, cases: int) -> Json:
    """Open cases at every moment of their way, and the runs that they should have but for a few."""
    played = Played()
    table.counting = False
    for number, (name, _) in enumerate(fill(table, played, cases, whole=0)):
        table.rows[f"R#{name}"].pop("REQUEST")
        state: Any = table.rows[f"R#{name}"]["REFERRAL"]
        for machine in ("referral", state.get("stage", {"S": "eligibility"})["S"]):
            if number >= LOST or machine != "referral":
                generation = state.get("generation", {"N": "1"})["N"]
                runs.running.setdefault(machine, []).append(f"{name}-{machine}-{generation}")
    runs.started = played.at
    for row in played.people:
        table.put(row)
    return {"at": played.at + 7200}


def measured(cases: int) -> Json:
    """CPU seconds and megabytes of one round, and what it found."""
    with served(load, cases=cases) as service:
        from chalicelib.workflow.reconciler import reconcile, rows

        rows.rounds()  # the client, which only the first call costs
        before, cpu = _memory("VmRSS"), time.process_time()
        told = reconcile.play_round(service.told["at"])
        cpu = time.process_time() - cpu
        grown = (_memory("VmHWM") - before) / 1024
        counts = {name: value for name, value in told.items() if isinstance(value, int)}
        return {"cpu": cpu, "grown": grown, **counts}


def _memory(what: str) -> int:
    """Kilobytes of this process: VmRSS now, VmHWM at the most so far."""
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(what))
