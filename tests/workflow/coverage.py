"""The book of the machines: which test reached which state, by which way.

A pytest plugin (named in ``tests/conftest.py``). At the end of a run it prints a table; when all
workflow tests ran, a state or a way out of one that no test took fails the run.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from infra.machines import definitions
from tests.workflow.engine import Engine, ways

HERE = Path(__file__).parent
Way = tuple[str, str, str]  # machine, state, label of the way out ("" for a state that was entered)
BOOK: dict[Way, list[str]] = {}
_whole: list[bool] = []


def write_down(test: str, engine: Engine) -> None:
    """Note the states that a test's runs entered and the ways that they took."""
    entered = {(run.machine, state, "") for run in engine.runs.values() for state in run.trail}
    _note((way, test) for way in entered | engine.edges)


def _note(lines: Iterable[tuple[Way, str]]) -> None:
    for way, test in lines:
        tests = BOOK.setdefault(way, [])
        if test not in tests:
            tests.append(test)


def missing() -> list[Way]:
    """States and ways out of them that no test took."""
    wanted: set[Way] = set()
    for machine, definition in definitions().items():
        wanted |= {(machine, state, "") for state in definition["States"]}
        wanted |= {(machine, state, label) for state, label in ways(definition)}
    return sorted(wanted - set(BOOK))


def table() -> list[str]:
    """One line a state: how many tests reached it, its ways, and the test that reached it alone or
    first."""
    lines = []
    for machine, definition in definitions().items():
        lines.append(f"{machine}")
        labels: dict[str, list[str]] = {}
        for state, label in sorted(ways(definition)):
            labels.setdefault(state, []).append(label)
        for state in definition["States"]:
            tests = BOOK.get((machine, state, ""), [])
            taken = labels.get(state, [])
            done = sum((machine, state, label) in BOOK for label in taken)
            first = min(tests, key=len)[:60] if tests else "NOT REACHED"
            lines.append(f"  {state:<42} {len(tests):>3} tests  ways {done}/{len(taken)}  {first}")
    return lines


def _is_whole(session: pytest.Session) -> bool:
    """Whether every file of workflow tests is in this run, whole."""
    files = {item.path for item in session.items if item.path.parent == HERE}
    picked = any("::" in arg for arg in session.config.args)
    return files == set(HERE.glob("test_*.py")) and not picked and not _deselected


_deselected: list[bool] = []


def pytest_deselected(items: list[pytest.Item]) -> None:
    if any(item.path.parent == HERE for item in items):
        _deselected.append(True)


def pytest_collection_finish(session: pytest.Session) -> None:
    _whole.append(_is_whole(session))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if any(_whole) and missing() and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if not BOOK:
        return
    lacking = missing() if any(_whole) else []
    write = terminalreporter.write_line
    if any(_whole):
        terminalreporter.section("states of the machines and the tests that reach them")
        for line in table():
            write(line)
    for machine, state, label in lacking:
        write(f"NOT REACHED: {machine} / {state} / {label or 'the state itself'}", red=True)
    if any(_whole) and not lacking:
        write(f"every state and every way out of it: {len(BOOK)} reached", green=True)
