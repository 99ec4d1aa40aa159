"""No test lies in a file that no target of the Makefile runs."""

from __future__ import annotations

import ast
from pathlib import Path

from chalicelib import rooms
from tests.__main__ import GROUPS
from tests.faults.long_run import SCRIPTS
from tests.faults.rows import ROWS
from tests.promises import ROOT, proofs


def of(file: Path) -> list[str]:
    """The tests of a file, as the book of promises names them."""
    body = ast.parse(file.read_text()).body
    names = [one.name for one in body if isinstance(one, ast.FunctionDef)]
    return [f"{file.relative_to(ROOT)}::{name}" for name in names if name.startswith("test_")]


def test_every_test_is_run_by_make_test_or_as_a_fault_of_make_faults() -> None:
    by_make_test = [ROOT / part for group in GROUPS for part in group]
    by_make_faults = {one for row in ROWS for one in proofs()[row]}
    left = [
        one
        for file in sorted((ROOT / "tests").rglob("test_*.py"))
        if not any(part in (file, *file.parents) for part in by_make_test)
        for one in of(file)
        if one not in by_make_faults
    ]
    assert left == []


def test_make_faults_plays_every_type_of_case() -> None:
    assert set(rooms.CASE_TYPES) <= set(SCRIPTS)
