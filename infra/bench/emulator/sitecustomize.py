"""Python loads this by its name in the bench's emulator and in the functions that run there.

Time in both is the machine's plus the seconds in the file that BENCH_CLOCK names, so that a life of
weeks is played in minutes. Kept free of the project: these are other interpreters.
"""

import os
import time

_real = time.time
_path = os.environ.get("BENCH_CLOCK", "")


def _shifted() -> float:
    try:
        with open(_path, encoding="ascii") as file:
            return _real() + float(file.read() or 0)
    except (OSError, ValueError):
        return _real()


if _path:
    time.time = _shifted
