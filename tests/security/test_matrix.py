"""The list of security tests is true."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from .matrix import ELSEWHERE, ROWS

ROOT = Path(__file__).resolve().parents[2]
REQUIRED = (*range(1, 2), *range(3, 11), *range(12, 17), *range(18, 24), *range(26, 29), *range(34, 37), 39, 42, 44, 45)  # fmt: skip


def functions_in(path: Path) -> set[str]:
    return {
        node.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    }


@pytest.mark.parametrize("row", ROWS)
def test_every_test_that_is_named_is_there(row: str) -> None:
    for address in ROWS[row]:
        path, _, name = address.partition("::")
        assert name in functions_in(ROOT / path), address


def test_every_requirement_has_a_row() -> None:
    assert {f"S{n}" for n in REQUIRED} == {*ROWS, *ELSEWHERE}
