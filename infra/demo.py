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
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from infra import scenarios
from infra.case import Case
from infra.community_season import community_season
from infra.emulator import StackError
from infra.helpline_life import called_at_night
from infra.open_door_month import open_door_month
from infra.player import Unexpected
from infra.training_program.life import IN_HOURS, training_program
from infra.wildfire.life import wildfire

# One day in 2.4 seconds: an offer's two business days give a consultant five seconds and more, and
# the 30 days before the follow-up take a little more than a minute.
FAST = 36_000
# One day in two minutes: the two hours of an emergency offer are twelve seconds.
SLOW = 600
# One day in 48 minutes: two hundred offers are answered in minutes, and each may take two hours.
SURGE = 30
# Seconds between those who begin together.
APART = 1.0
ROOT = Path(__file__).resolve().parent.parent
T = TypeVar("T")
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
        """SIGKILL: nobody writes anything down anymore, and the emulator is left behind."""
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
    lang = "es" if scene in (scenarios.spanish_ffn, community_season) else "en"
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


Act = Callable[[Case], None]


class Interrupted:
    """Referrals that are under way when their stack ends, and go on when it runs again."""

    def __init__(self, stack: Stack, number: int, title: str, ways: Sequence[tuple[Act, Act]]):
        self.number, self.title, self.ways = number, title, ways
        self.cases = [
            Case(f"[{number}{letter}]", stack.facts["base_url"], stack.facts["messages"], say)
            for letter in "abcde"[: len(ways)]
        ]
        self.seconds = 0.0
        self.problem = ""

    def set_out(self) -> None:
        """Bring each of them to the stage where it is to be when the stack ends."""
        self._all([to for to, _ in self.ways])

    def go_on(self) -> None:
        """Let each of them come to its end."""
        self._all([onward for _, onward in self.ways])

    def _all(self, acts: list[Act]) -> None:
        if self.problem:
            return
        began = time.monotonic()
        try:
            side_by_side([partial(act, case) for act, case in zip(acts, self.cases, strict=True)])
        except Exception as error:
            self.problem = f"{type(error).__name__}: {error}"
            say(f"[{self.number}]  NOT AS EXPECTED: {self.problem}")
        self.seconds += time.monotonic() - began

    @property
    def result(self) -> Result:
        """What became of them; the seconds are those of their people, without the restart."""
        reference = self.cases[0].reference
        return Result(f"{self.number}", self.title, reference, self.seconds, self.problem)


def side_by_side(acts: Sequence[Callable[[], T]]) -> list[T]:
    """Do all of these together, each a little after the one before, as people do.

    Returns what each returned; raises what the first of them raised.
    """
    with ThreadPoolExecutor(len(acts)) as pool:
        begun = []
        for act in acts:
            begun.append(pool.submit(act))
            time.sleep(APART)
        return [one.result() for one in begun]


def on_the_fast_stack(stack: Stack) -> list[Result]:
    """The scenarios that need days to pass, the longest first."""
    return side_by_side([partial(play, stack, *scene) for scene in FAST_SCENES])


def on_the_slow_stack(stack: Stack) -> list[Result]:
    """All that need none, and the two that end the stack: each of its lives has people at work."""
    title = "stopped and started again, three referrals go on"
    ways = [scenarios.AT_TRIAGE, scenarios.AT_AGREEMENT, scenarios.AT_SESSIONS]
    stopped = Interrupted(stack, 6, title, ways)
    title = "killed with five referrals at five stages, all finish"
    killed = Interrupted(stack, 11, title, scenarios.FIVE_STAGES)
    # The first goes ahead: whoever follows finds functions that are warm, where all at once would
    # start ten of each.
    found = [play(stack, *SLOW_SCENES[0])]
    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(stopped.set_out)
        found += side_by_side([partial(play, stack, *scene) for scene in SLOW_SCENES[1:]])
        under_way.result()
    end(stack, 6, stack.stop, "SIGTERM")
    side_by_side([stopped.go_on, killed.set_out])
    end(stack, 11, stack.kill, "SIGKILL")
    killed.go_on()
    return [*found, stopped.result, killed.result]


def end(stack: Stack, number: int, how: Callable[[], None], name: str) -> None:
    """End the stack and start it again."""
    say(f"[{number}]  the stack ends ({name})")
    how()
    stack.start()
    say(f"[{number}]  the stack runs again")


Scene = tuple[int, str, Act]
FAST_SCENES: list[Scene] = [
    (1, "center, English, four sessions, goals met, follow-up", scenarios.happy_path),
    (8, "universal support did not help, stepped up", scenarios.stepped_up),
    (3, "nobody answers, the coordinator assigns", scenarios.nobody_answers),
]
SLOW_SCENES: list[Scene] = [
    (12, "a scanner visits every link before the person", scenarios.scanned),
    (10, "a county in an emergency, on its own clocks", scenarios.disaster),
    (17, "a Community in Spanish, a line, and a request that steps up", community_season),
    (16, "Open-Door month: reminders, drop-ins, moved, canceled", open_door_month),
    (9, "consultant on leave mid-service, transferred", scenarios.on_leave),
    (2, "FFN in Spanish, first declines, second accepts", scenarios.spanish_ffn),
    (5, "withdrawn in the middle of the service", scenarios.withdrawn),
    (13, "a letter comes back, the address is repaired", scenarios.bounced),
    (14, "nobody can mail them: served by phone alone", scenarios.without_email),
    (7, "missing facts asked by link, and the run goes on", scenarios.asked_for_more),
    (4, "not eligible, confirmed, with other help", scenarios.not_eligible),
    (15, "an anonymous call at night, called back, becomes a request", called_at_night),
]


SURGE_SCENE: Scene = (
    18, "a wildfire in three counties: 200 requests, 40 consultants", wildfire
)  # fmt: skip
TRAINING = 19, "ten apply, five graduate, one accepts a referral"


def on_a_stack_of_its_own(stack: Stack) -> Result:
    """The wildfire: it takes all of the machine."""
    stack.start()
    return play(stack, *SURGE_SCENE)


def on_the_training_stack(stack: Stack) -> Result:
    """The training program: its stack ends and starts again at another pace, which would end whatever else is
    played there."""

    def at_pace(scale: int) -> None:
        say(f"[{number}]  the stack is started again, a day in {86400 / scale:.1f} seconds")
        stack.stop()
        stack.scale = scale
        stack.start()

    number, title = TRAINING
    stack.start()
    return play(stack, number, title, lambda case: training_program(case, at_pace))


def every_life(fast: Stack, slow: Stack) -> list[Result]:
    """Start both stacks and play everything on them. Raises StackError."""
    say("starting two stacks of its own")
    with ThreadPoolExecutor(2) as pool:
        for stack, _ in zip((fast, slow), pool.map(Stack.start, (fast, slow)), strict=True):
            day = f"one day in {86400 / stack.scale:.1f} seconds"
            say(f"serving on {stack.facts['base_url']}, {day}")
        there = pool.submit(on_the_slow_stack, slow)
        return on_the_fast_stack(fast) + there.result()


def main() -> int:
    """Play everything; print the closing table."""
    with tempfile.TemporaryDirectory(prefix="iecmhc-demo-") as folder:
        fast, slow, training, surge = (
            Stack(Path(folder) / name, scale)
            for name, scale in (
                ("fast", FAST),
                ("slow", SLOW),
                ("training", IN_HOURS),
                ("surge", SURGE),
            )
        )
        try:
            results = every_life(fast, slow)
            fast.stop()
            slow.stop()
            results.append(on_the_training_stack(training))
            training.stop()
            results.append(on_a_stack_of_its_own(surge))
        except StackError as error:
            print(f"make demo: {error}", file=sys.stderr)
            return 1
        finally:
            for stack in (fast, slow, training, surge):
                stack.stop()
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
