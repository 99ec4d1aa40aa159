"""Run the tests of every fault of docs/promises.md, in two processes, and tell what came of each."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.promises import ROOT, promises, proofs

ROWS = {one.key: one.words for one in promises() if one.section == "Faults"}


@dataclass(frozen=True)
class Row:
    """A row's tests, those that failed, and the seconds that they took."""

    name: str
    tests: int
    failed: list[str]
    seconds: float

    @property
    def result(self) -> str:
        """One word."""
        return "FAILED" if self.failed or not self.tests else "holds"

    def line(self) -> str:
        """As the table has it."""
        words = f"{self.name:<28} {self.tests:>4} tests"
        return f"{words}  {self.result:<7}{self.seconds:>6.1f} s  {', '.join(self.failed)[:80]}"


def told_by(reports: list[Path]) -> dict[str, list[tuple[str, float]]]:
    """``file::function`` -> what failed ("" for passed) and the seconds, one a case."""
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for report in reports:
        for case in ElementTree.parse(report).iter("testcase"):
            file = case.attrib["classname"].replace(".", "/") + ".py"
            name = case.attrib["name"].partition("[")[0]
            wrong = any(one.tag in ("failure", "error", "skipped") for one in case)
            failed = case.attrib["name"] if wrong else ""
            found[f"{file}::{name}"].append((failed, float(case.attrib.get("time", 0))))
    return found


def ran() -> list[Row]:
    """Every row."""
    ids = sorted({one for row in ROWS for one in proofs()[row]})
    halves = [[i for i in ids if "tests/faults" in i or "workflow" in i],
              [i for i in ids if not ("tests/faults" in i or "workflow" in i)]]  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        reports = [Path(name) / f"{n}.xml" for n in range(2)]
        running = [
            subprocess.Popen(
                [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *half],
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for report, half in zip(reports, halves, strict=True)
        ]
        for one in running:
            one.wait()
        told = told_by([report for report in reports if report.exists()])
    return [of_row(row, told) for row in ROWS]


def of_row(row: str, told: dict[str, list[tuple[str, float]]]) -> Row:
    """What came of one row; a test that did not run counts as failed."""
    ids = proofs()[row]
    failed, seconds, number = [], 0.0, 0
    for one in ids:
        cases = [case for key, of in told.items() if key == one or key.startswith(f"{one}::")
                 for case in of]  # fmt: skip
        failed += [name for name, _ in cases if name] or ([] if cases else [f"not run: {one}"])
        seconds += sum(spent for _, spent in cases)
        number += len(cases)
    return Row(row, number, failed, seconds)
