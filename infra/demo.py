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
from infra.emulator import StackError
from infra.player import Unexpected
from infra.scenarios import ACCEPT, Case

# One day in 1.9 seconds: an offer's two business days give a consultant four seconds and more,
# and the 30 days before the follow-up take less than a minute.
SCALE = 45_000
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

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[str] | None = None
        self.facts: dict[str, str] = {}

    def start(self) -> None:
        """Start and wait until it serves. Raises StackError with the stack's own words."""
        import json

        from infra.emulator import free_port

        environment = {
            **os.environ,
            "PORT": self.facts.get("port") or str(free_port()),
            "TIME_SCALE": str(SCALE),
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


def restart(stack: Stack) -> Result:
    """6: stopped with referrals waiting at three stages, started again, all three finish."""
    began = time.monotonic()
    title = "stopped and started again, three referrals go on"
    cases = [
        Case(f"[6{letter}]", stack.facts["base_url"], stack.facts["messages"], say)
        for letter in "abc"
    ]
    try:
        waits: list[Callable[[Case], None]] = [_to_triage, _to_agreement, _to_sessions]
        with ThreadPoolExecutor(3) as pool:
            for done in [pool.submit(wait, case) for wait, case in zip(waits, cases, strict=True)]:
                done.result()
        say("[6]  stopping the stack (SIGTERM)")
        stack.stop()
        stack.start()
        say("[6]  the stack runs again")
        finishes: list[Callable[[Case], None]] = [_from_triage, _from_agreement, _from_sessions]
        with ThreadPoolExecutor(3) as pool:
            ends = zip(finishes, cases, strict=True)
            for done in [pool.submit(finish, case) for finish, case in ends]:
                done.result()
    except Exception as error:
        say(f"[6]  NOT AS EXPECTED: {type(error).__name__}: {error}")
        return Result("6", title, cases[0].reference, time.monotonic() - began, str(error))
    return Result("6", title, cases[0].reference, time.monotonic() - began)


def _to_triage(case: Case) -> None:
    case.request()
    case.box.link(case.reference, 1)
    case.say("waits for the specialist")


def _from_triage(case: Case) -> None:
    case.matched(ACCEPT)
    case.in_service()
    _from_sessions(case)


def _to_agreement(case: Case) -> None:
    case.request()
    case.matched()
    talk = {"reached": "reached", "how": "phone", "day": scenarios.day(), "planned": "4"}
    case.task("first contact logged", {**talk, "mode": "virtual"})
    case.box.link(case.reference, case.n + 1)
    case.say("waits for the provider to agree")


def _from_agreement(case: Case) -> None:
    case.task("agreement signed", {"decision": "agreed", "signed_name": "Demo Provider"})
    plan = {
        "goal_1": "Calm mornings",
        "doing_1": "A routine with pictures",
        "planned": "4",
        "first_day": scenarios.day(1),
        "first_time": "10:00",
        "minutes": "60",
        "mode": "virtual",
    }
    case.task("action plan written", plan)
    case.task("action plan agreed", {"decision": "agreed"})
    case.n += 1
    _from_sessions(case)


def _to_sessions(case: Case) -> None:
    case.request()
    case.matched()
    case.in_service()
    case.box.link(case.reference, case.n)
    case.say("waits for the sessions")


def _from_sessions(case: Case) -> None:
    case.sessions()
    case.summed_up()
    case.sees("Closed")


SCENES: list[tuple[str, Callable[[Case], None]]] = [
    ("center, English, four sessions, goals met, follow-up", scenarios.happy_path),
    ("FFN in Spanish, first declines, second accepts", scenarios.spanish_ffn),
    ("nobody answers, the coordinator assigns", scenarios.nobody_answers),
    ("not eligible, confirmed, with other help", scenarios.not_eligible),
    ("withdrawn in the middle of the service", scenarios.withdrawn),
]


def main() -> int:
    """Play everything; print the closing table."""
    with tempfile.TemporaryDirectory(prefix="iecmhc-demo-") as folder:
        stack, second = Stack(Path(folder) / "stack"), Stack(Path(folder) / "second")
        try:
            say("starting a stack of its own")
            stack.start()
            say(f"serving on {stack.facts['base_url']}, one day in {86400 / SCALE:.1f} seconds")
            with ThreadPoolExecutor(len(SCENES)) as pool:
                played = [
                    pool.submit(play, stack, number, title, scene)
                    for number, (title, scene) in enumerate(SCENES, start=1)
                ]
                later = [one.result() for one in played[1:]]
                # The first scenario rests for its 30 days; a second stack is stopped meanwhile.
                second.start()
                stopped = restart(second)
                results = [played[0].result(), *later, stopped]
        except StackError as error:
            print(f"make demo: {error}", file=sys.stderr)
            return 1
        finally:
            stack.stop()
            second.stop()
    print()
    for one in results:
        mark = "ok  " if not one.problem else "FAIL"
        print(f"{mark} {one.name}  {one.title:52} {one.reference:12} {one.seconds:6.1f} s")
        if one.problem:
            print(f"         {one.problem}")
    print(f"\n{time.monotonic() - _began:.0f} seconds in all")
    return 1 if any(one.problem for one in results) else 0


if __name__ == "__main__":
    sys.exit(main())
