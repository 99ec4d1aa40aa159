"""Every row of the fault matrix has its tests, and they exist."""

from __future__ import annotations

from typing import Any

import pytest

from .matrix import ELSEWHERE, OPEN, ROWS, functions, proofs
from .mutants import MUTANTS, ROOT


@pytest.mark.parametrize("row", ROWS)
def test_a_row_has_its_tests(row: str) -> None:
    assert proofs(row) or row in OPEN, "write its test, and name the row at the end of its name"


def test_what_is_named_for_a_row_is_there() -> None:
    known = functions()
    for row, ids in ELSEWHERE.items():
        for one in ids:
            file, _, name = one.partition("::")
            assert file in known and (not name or name in known[file]), (row, one)


def test_a_row_of_no_number_has_none() -> None:
    assert proofs("F999") == []
    assert not any("web" in one for one in proofs("F7")), "there it is a feature"


@pytest.mark.parametrize("one", MUTANTS, ids=lambda one: one.removes)
def test_each_guard_stands_where_its_mutant_looks_for_it(one: Any) -> None:
    assert (ROOT / one.file).read_text(encoding="utf-8").count(one.old) == 1
