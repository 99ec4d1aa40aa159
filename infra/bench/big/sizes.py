"""P9b to P9d at growing sizes: each measured in a process of its own, one after the other."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from typing import Any

from infra.bench.big.scheduler import rows_a_minute
from infra.bench.figures import Figure

Json = dict[str, Any]
LINE = (500, 5_000)
CASES = (1_000, 10_000, 100_000)
# Figures of the line hold for this length; a longer one is reported.
BUDGETED = 500
AT_ONCE = 10_000  # due after an outage


def apart(what: str, size: int) -> Json:
    """What a module of this package measures at a size, in a fresh process."""
    run = [sys.executable, "-m", "infra.bench.big.sizes", what, str(size)]
    said = subprocess.run(run, check=True, capture_output=True, text=True).stdout
    found: Json = json.loads(said.splitlines()[-1])
    return found


def line(waiting: int) -> list[Figure]:
    """P9b: CPU of an offer behind a line, and of a look at all of it."""
    found = apart("line", waiting)
    budget = 0.6 if waiting == BUDGETED else None
    return [
        Figure(f"P9b {look}, {waiting:,} in line", found[look], "s", budget,
               f"{found[f'{look} read']:.0f} RRU", "500 consultants")
        for look in ("offer", "promotion")
    ]  # fmt: skip


def due(count: int) -> list[Figure]:
    """P9c: minutes for a thousand five hundred rows, and for all that are due; and the urgent ones that
    do not come first."""
    found = apart("scheduler", count)
    rate = rows_a_minute(found)
    said = f"{1000 * found['cpu'] / found['looked']:.1f} ms a row"
    name = f"{count:,} due at once"
    return [
        Figure(f"P9c minutes for 1,500 rows, {name}", 1_500 / rate, "min", 1, said, f"{rate:,.0f} a minute"),
        Figure(f"P9c until all are done, {name}", count / rate, "min",
               10 if count <= AT_ONCE else None),
        Figure(f"P9c urgent ones left behind, {name}", found["urgent"] + found["failed"], "", 0),
    ]  # fmt: skip


def round_over(cases: int) -> list[Figure]:
    """P9d: CPU and growth of the process in a round."""
    found = apart("reconciler", cases)
    said = f"{found['runs']:,} runs, {found['started']} started again"
    return [
        Figure(f"P9d a round over {cases:,} cases", found["cpu"], "s", 60, said),
        Figure("   by which the process grew", found["grown"], "MB", 100),
    ]


def figures() -> list[Figure]:
    """All of them."""
    return [
        *(one for waiting in LINE for one in line(waiting)),
        *(one for count in CASES for one in due(count)),
        *(one for cases in CASES for one in round_over(cases)),
    ]


def main() -> int:
    """Measure one thing at one size: the last line is what was found."""
    what, size = sys.argv[1], int(sys.argv[2])
    measured = import_module(f"infra.bench.big.{what}").measured
    print(json.dumps(measured(size)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
