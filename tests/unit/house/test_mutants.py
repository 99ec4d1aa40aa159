"""A mutant replaces a line of the product: the line is there, once."""

from __future__ import annotations

import pytest

from tests.faults.mutants import MUTANTS, ROOT, Mutant


@pytest.mark.parametrize("one", MUTANTS, ids=lambda one: one.removes)
def test_each_guard_stands_where_its_mutant_looks_for_it(one: Mutant) -> None:
    assert (ROOT / one.file).read_text(encoding="utf-8").count(one.old) == 1
