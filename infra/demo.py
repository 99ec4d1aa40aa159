"""`make demo`: plays the scenarios on a stack of its own, through the real pages and mailed links.

The clock is real and its scale is shortened. Each step is printed as it happens, a table closes the
play, and the exit code is 1 when an outcome is not the expected one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from infra import scenarios
from infra.case import Case
from infra.emulator import StackError
from infra.player import Unexpected

# One day in 1.9 seconds: an offer's two business days give a consultant four seconds and more,
# and the 30 days before the follow-up take less than a minute.
FAST = 45_000
# One day in a minute: the two hours of an emergency offer are five seconds here.
SLOW = 1_500
ROOT = Path(__file__).resolve().parent.parent
_out = threading.Lock()
_began = time.monotonic()


def say(line: str) -> None:
    """One line of the play, with the seconds since the start."""
    with _out:
        print(f"{time.monotonic() - _began:6.1f} s  {line}", flush=True)


@dataclass
class Result:
    """What became of a scenario; ``problem`` is empty when it went as expected."""

    name: str
    title: str
    reference: str
    seconds: float
    problem: str = ""


class Stack:
    """A running `python -m infra.local` of its own, so that it can be stopped like a real one."""

    def __init__(self, folder: Path, scale: int) -> None:
        self.folder, self.scale = folder, scale
        self.process: subprocess.Popen[str] | None = None
        self.facts: dict[str, str] = {}

    def start(self) -> None:
        """Start and wait until it serves. Raises StackError with the stack's own words."""
        import json

        from infra.emulator import free_port

        environment = {
            **os.environ,
            "PORT": self.facts.get("port") or str(free_port()),
            "TIME_SCALE": str(self.scale),
            "LOCAL_DIR": str(self.folder),
        }
        self.facts["port"] = environment["PORT"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "infra.local"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said: list[str] = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said.append(line)
            if "Ctrl-C stops it" in line:
                break
        else:
            raise StackError("".join(said[-5:]).strip() or "the stack did not start")
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        run = json.loads((self.folder / "run.json").read_text())
        self.facts |= {"base_url": run["base_url"], "messages": run["messages"]}

    def kill(self) -> None:
        """SIGKILL: nobody writes anything down any more, and the emulator is left behind."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(20)

    def stop(self) -> None:
        """SIGTERM, as a machine that goes down sends it."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)


def play(stack: Stack, number: int, title: str, scene: Callable[[Case], None]) -> Result:
    """One scenario, in its own thread."""
    lang = "es" if scene is scenarios.spanish_ffn else "en"
    case = Case(f"[{number}]", stack.facts["base_url"], stack.facts["messages"], say, lang)
    began = time.monotonic()
    problem = ""
    try:
        scene(case)
        case.say("as expected")
    except Unexpected as error:
        problem = str(error)
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
    if problem:
        case.say(f"NOT AS EXPECTED: {problem}")
    return Result(f"{number}", title, case.reference, time.monotonic() - began, problem)


Way = tuple[Callable[[Case], None], Callable[[Case], None]]


def interrupted(
    stack: Stack, number: int, title: str, ways: list[Way], end: Callable[[], None], how: str
) -> Result:
    """Referrals are brought to their stages, the stack ends and starts again, all finish."""
    began = time.monotonic()
    cases = [
        Case(f"[{number}{letter}]", stack.facts["base_url"], stack.facts["messages"], say)
        for letter in "abcde"[: len(ways)]
    ]
    problem = ""
    try:
        _together([to for to, _ in ways], cases)
        say(f"[{number}]  the stack ends ({how})")
        end()
        stack.start()
        say(f"[{number}]  the stack runs again")
        _together([onward for _, onward in ways], cases)
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
        say(f"[{number}]  NOT AS EXPECTED: {problem}")
    return Result(f"{number}", title, cases[0].reference, time.monotonic() - began, problem)


def _together(acts: list[Callable[[Case], None]], cases: list[Case]) -> None:
    with ThreadPoolExecutor(len(cases)) as pool:
        for done in [pool.submit(act, case) for act, case in zip(acts, cases, strict=True)]:
            done.result()


def on_the_fast_stack(stack: Stack) -> list[Result]:
    """All scenarios that need days to pass, side by side."""
    with ThreadPoolExecutor(len(SCENES)) as pool:
        played = [pool.submit(play, stack, number, title, scene) for number, title, scene in SCENES]
        return [one.result() for one in played]


def on_the_slow_stack(stack: Stack) -> list[Result]:
    """Those whose hours must be long enough to act in, and the two that end the stack."""
    found = [play(stack, number, title, scene) for number, title, scene in SLOW_SCENES]
    title = "stopped and started again, three referrals go on"
    ways = [scenarios.AT_TRIAGE, scenarios.AT_AGREEMENT, scenarios.AT_SESSIONS]
    found.append(interrupted(stack, 6, title, ways, stack.stop, "SIGTERM"))
    title = "killed with five referrals at five stages, all finish"
    found.append(interrupted(stack, 11, title, scenarios.FIVE_STAGES, stack.kill, "SIGKILL"))
    return found


SCENES: list[tuple[int, str, Callable[[Case], None]]] = [
    (1, "center, English, four sessions, goals met, follow-up", scenarios.happy_path),
    (2, "FFN in Spanish, first declines, second accepts", scenarios.spanish_ffn),
    (3, "nobody answers, the coordinator assigns", scenarios.nobody_answers),
    (4, "not eligible, confirmed, with other help", scenarios.not_eligible),
    (5, "withdrawn in the middle of the service", scenarios.withdrawn),
    (7, "missing facts asked by link, and the run goes on", scenarios.asked_for_more),
    (8, "universal support did not help, stepped up", scenarios.stepped_up),
    (9, "consultant on leave mid-service, transferred", scenarios.on_leave),
    (12, "a scanner visits every link before the person", scenarios.scanned),
    (13, "a letter comes back, the address is repaired", scenarios.bounced),
]
SLOW_SCENES: list[tuple[int, str, Callable[[Case], None]]] = [
    (10, "a county in an emergency, on its own clocks", scenarios.disaster),
]


def main() -> int:
    """Play everything; print the closing table."""
    with tempfile.TemporaryDirectory(prefix="iecmhc-demo-") as folder:
        fast, slow = Stack(Path(folder) / "fast", FAST), Stack(Path(folder) / "slow", SLOW)
        try:
            say("starting two stacks of its own")
            fast.start()
            slow.start()
            for stack in (fast, slow):
                day = f"one day in {86400 / stack.scale:.1f} seconds"
                say(f"serving on {stack.facts['base_url']}, {day}")
            with ThreadPoolExecutor(2) as pool:
                there = pool.submit(on_the_slow_stack, slow)
                results = on_the_fast_stack(fast) + there.result()
        except StackError as error:
            print(f"make demo: {error}", file=sys.stderr)
            return 1
        finally:
            fast.stop()
            slow.stop()
    print()
    for one in sorted(results, key=lambda result: int(result.name)):
        mark = "ok  " if not one.problem else "FAIL"
        print(f"{mark} {one.name:>2}  {one.title:52} {one.reference:12} {one.seconds:6.1f} s")
        if one.problem:
            print(f"          {one.problem}")
    print(f"\n{time.monotonic() - _began:.0f} seconds in all")
    return 1 if any(one.problem for one in results) else 0


if __name__ == "__main__":
    sys.exit(main())
