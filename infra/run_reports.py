"""Tells the stack of each run that ended badly, as Step Functions tells EventBridge on AWS.

The emulator does not: this looks at its runs every few seconds, and calls the function that the
template's rule would call, with the event that AWS would send.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable
from typing import Any

from chalicelib.aws.entry_points import ENDED_BADLY
from infra.furnish import scheduled

EVERY_SECONDS = 3


class RunReports:
    """A watch on the machines with these ARNs; ``tell`` takes each event."""

    def __init__(
        self, engine: Any, machines: Iterable[str], tell: Callable[[dict[str, Any]], object]
    ) -> None:
        self._engine, self._machines, self._tell = engine, tuple(machines), tell
        self._told: set[str] = set()
        self._ended = threading.Event()
        threading.Thread(target=self._watch, name="run reports", daemon=True).start()

    def stop(self) -> None:
        """Tell of nothing more."""
        self._ended.set()

    def _watch(self) -> None:
        while not self._ended.wait(EVERY_SECONDS):
            for machine in self._machines:
                for status in ENDED_BADLY["detail"]["status"]:
                    with contextlib.suppress(Exception):  # busy or gone: the next look tells
                        self._look(machine, status)

    def _look(self, machine: str, status: str) -> None:
        page = self._engine.list_executions(
            stateMachineArn=machine, statusFilter=status, maxResults=1000
        )
        for run in page["executions"]:
            if run["executionArn"] not in self._told and not self._ended.is_set():
                self._tell(report(run, status))
                self._told.add(run["executionArn"])


def report(run: dict[str, Any], status: str) -> dict[str, Any]:
    """The event of a run, as ``list_executions`` describes it."""
    names = ("executionArn", "stateMachineArn", "name")
    return scheduled("run_ended") | {
        "source": ENDED_BADLY["source"][0],
        "detail-type": ENDED_BADLY["detail-type"][0],
        "resources": [run["executionArn"]],
        "detail": {**{name: run[name] for name in names}, "status": status},
    }
