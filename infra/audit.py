"""Known vulnerabilities in what ships and in our tools: named, or said aloud that nobody looked.

A list that cannot be reached, or that does not know a package, finds nothing: that is no clean bill.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 120
# A finding that does not concern us, by its id: why.
HARMLESS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Audit:
    """What was found in one set of packages: ``known`` vulnerabilities, and what was not ``looked_up``."""

    of: str
    known: tuple[str, ...] = ()
    not_looked_up: tuple[str, ...] = ()
    why: str = ""


def sets() -> Iterator[tuple[str, list[str]]]:
    """What is audited, and how it is named to pip-audit: pins as they ship, tools as installed."""
    shipped = str(ROOT / "requirements.txt")
    yield "what ships", ["--no-deps", "--disable-pip", "-r", shipped]
    for name in (".venv", ".venv-stack"):
        for packages in sorted((ROOT / name).glob("lib/python*/site-packages")):
            yield f"the tools in {name}", ["--path", str(packages)]


def audit(of: str, named: Sequence[str]) -> Audit:
    """Ask pip-audit about one set."""
    program = Path(sys.executable).with_name("pip-audit")
    command = [str(program), "--progress-spinner=off", "--timeout=15", "--format=json", *named]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
        told = json.loads(done.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return Audit(of, why="the list did not answer")
    except (OSError, ValueError, KeyError, TypeError):
        return Audit(of, why="the list cannot be reached from here")
    known = tuple(
        f"{one['name']} {one['version']}: {found['id']},"
        f" mended in {', '.join(found['fix_versions']) or 'no version yet'}"
        for one in told
        for found in one.get("vulns", [])
        if not HARMLESS.keys() & {found["id"], *found.get("aliases", [])}
    )
    return Audit(of, known, tuple(one["name"] for one in told if "skip_reason" in one))


def lines(found: Audit) -> Iterator[str]:
    """What is said of a set."""
    yield from (f"{found.of}: {one}" for one in found.known)
    unknown = len(found.not_looked_up)
    why = found.why or (f"the list does not know {unknown} packages" if unknown else "")
    if why:
        yield f"NOT CHECKED FOR VULNERABILITIES: {found.of}: {why}"
    elif not found.known:
        yield f"{found.of}: no known vulnerability"


def main() -> int:
    """1 when a package has a known vulnerability; what was not checked is said where it is seen."""
    found = [audit(of, named) for of, named in sets()]
    for line in (line for one in found for line in lines(one)):
        print(line, flush=True)
        if line.startswith("NOT CHECKED") and os.environ.get("GITHUB_ACTIONS"):
            print(f"::warning title=vulnerabilities::{line}", flush=True)
    return 1 if any(one.known for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
