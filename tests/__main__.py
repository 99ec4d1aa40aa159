"""`make test`: every test but the long ones, in three processes at a time.

Two keep the machine's two cores busy while the first waits for whole stacks, as it does much of its
time. Whoever is free takes the next group, the longest first. Each group prints its own summary; the exit code is 1 when one of them failed.
"""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# The nets of the faults, what they stand on, and a few stories. `make faults` plays the rest: many
# stories, every fault, and the tests of each fault that docs/promises.md names.
FAULTS = ("stories", "one_fault_at_a_time", "guards", "aws_calls", "fake_table")
ROOT = Path(__file__).resolve().parents[1]
# The files of tests/web, and the first of the second half: with the tour of every page in a browser,
# the first half is as long as the other.
WEB = tuple(sorted(str(one.relative_to(ROOT)) for one in ROOT.glob("tests/web/**/test_*.py")))
HALF = "tests/web/test_every_s"
AT_ONCE = 3
GROUPS = (
    # Half of its time it waits for a browser and for functions that start.
    ("tests/e2e",),
    tuple(one for one in WEB if one < HALF),
    tuple(one for one in WEB if one >= HALF),
    ("tests/infra",),
    (
        "tests/workflow",
        "tests/communities",
        "tests/call_ups",
        "tests/training",
        "tests/applications",
        "tests/onboarding",
        "tests/practicum",
        "tests/renewal",
    ),
    (
        "tests/security",
        "tests/second_case",
        "tests/helpline_faults",
        *(f"tests/faults/test_{name}.py" for name in FAULTS),
    ),
    ("tests/unit",),
)
# What kills, enforces and bounces on whole stacks takes minutes: `make long`.
SHORT = ("-m", "not long")


def ran(group: tuple[str, ...]) -> bool:
    """Run a group, then print what it said; True when it passed."""
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *SHORT, *group],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    name = " ".join(group) if len(group) < 9 else f"{group[0]} to {group[-1]}"
    said = f"\n{name}: {time.monotonic() - begun:.0f} s\n".encode()
    sys.stdout.buffer.write(said + done.stdout)
    sys.stdout.buffer.flush()
    return done.returncode == 0


def main(more: list[str]) -> int:
    """Run every group, or just what ``more`` names."""
    if more:
        return subprocess.call([sys.executable, "-m", "pytest", *more])
    print(f"{len(GROUPS)} groups, three at a time; each is shown when it is through", flush=True)
    begun = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as workers:
        passed = list(workers.map(ran, GROUPS))
    print(f"\n{time.monotonic() - begun:.0f} seconds", flush=True)
    return int(not all(passed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
