"""`make test`: every test but the long ones, in two processes, because the machine has two cores.

The first takes what builds, starts and waits for whole local stacks, the second all the rest; on two
idle cores both take about as long. Each prints its own summary; the exit code is 1 when one of them
failed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time

STACK = ("tests/infra", "tests/e2e")
# The nets of the faults, what they stand on, and a few stories. `make faults` plays the rest: many
# stories, every fault, and the tests of each fault that docs/promises.md names.
FAULTS = ("stories", "one_fault_at_a_time", "guards", "aws_calls", "fake_table")
NET = tuple(f"tests/faults/test_{name}.py" for name in FAULTS)
REST = ("tests/unit", "tests/workflow", "tests/web", "tests/security", "tests/second_case", *NET)
# What kills, enforces and bounces on whole stacks takes minutes: `make long`.
SHORT = ("-m", "not long")


def main(more: list[str]) -> int:
    """Run both groups, or just what ``more`` names."""
    if more:
        return subprocess.call([sys.executable, "-m", "pytest", *more])
    began = time.monotonic()
    with tempfile.TemporaryFile() as log:
        stack = subprocess.Popen(
            [sys.executable, "-m", "pytest", *SHORT, *STACK], stdout=log, stderr=subprocess.STDOUT
        )
        try:
            print(f"{' '.join(REST)}   (beside: {' '.join(STACK)})", flush=True)
            failed = subprocess.call([sys.executable, "-m", "pytest", *SHORT, *REST]) != 0
            failed |= stack.wait() != 0
        finally:
            if stack.poll() is None:
                stack.terminate()
                stack.wait(20)
        log.seek(0)
        print("\n" + " ".join(STACK), flush=True)
        sys.stdout.buffer.write(log.read())
    print(f"\n{time.monotonic() - began:.0f} seconds", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
