"""What the bench measures with: request units by AWS's rule, and the pages as they go over the wire."""

from __future__ import annotations

import gzip
from typing import Any

from infra.bench.figures import Figure, table
from infra.bench.pages import heaviest
from infra.bench.units import Index, Schema, read_units, size, write_units

SCHEMA = Schema(
    ("pk", "sk"), {"board": Index(("gsi1pk",), frozenset({"waits"})), "wake": Index(("wpk",), frozenset())}
)  # fmt: skip


def row(**more: Any) -> dict[str, Any]:
    return {"pk": {"S": "R#1"}, "sk": {"S": "REFERRAL"}, **more}


def text(length: int) -> dict[str, str]:
    return {"S": "x" * length}


def test_a_read_costs_by_the_sum_of_what_was_read_in_steps_of_four_kilobytes() -> None:
    assert read_units([], consistent=False) == 0.5
    assert read_units([row(a=text(3000))] * 3, consistent=False) == 1.5
    assert read_units([row(a=text(3000))] * 3, consistent=True) == 3


def test_a_write_costs_the_larger_image_and_a_transaction_twice_that() -> None:
    small, large = row(), row(a=text(1500))
    assert write_units(None, small, SCHEMA) == 1
    assert write_units(large, small, SCHEMA) == write_units(small, large, SCHEMA) == 2
    assert write_units(large, None, SCHEMA, transaction=True) == 4


def test_an_index_costs_what_changes_in_it_and_a_moved_entry_costs_two() -> None:
    there = row(gsi1pk={"S": "open"}, waits={"S": "offer"})
    assert write_units(row(), there, SCHEMA) == 2
    assert write_units(there, there | {"a": text(5)}, SCHEMA) == 1
    assert write_units(there, there | {"waits": {"S": "plan"}}, SCHEMA) == 2
    assert write_units(there, there | {"gsi1pk": {"S": "closed"}}, SCHEMA) == 3
    assert write_units(there, there | {"waits": {"S": "plan"}}, SCHEMA, transaction=True) == 3


def test_sizes_are_those_that_dynamodb_counts() -> None:
    assert size({"name": {"S": "Ana"}}) == 7
    assert size({"n": {"N": "1234"}}) == 4
    assert size({"yes": {"BOOL": True}}) == 4
    assert size({"m": {"M": {"a": {"S": "bc"}}}}) == 1 + 3 + 1 + 1 + 2


def test_a_figure_over_its_budget_is_broken_and_the_table_says_so() -> None:
    over, under = Figure("P0 over", 2, "x", 1), Figure("P0 under", 1, "x", 1)
    assert over.broken and not under.broken and not Figure("reported", 9, "x").broken
    assert "BROKEN" in table([over]) and "BROKEN" not in table([under])


def test_the_heaviest_question_page_and_its_style_are_one_small_answer() -> None:
    page, style, name = heaviest()
    assert b"</html>" in page, name
    assert len(gzip.compress(page)) + len(gzip.compress(style)) < 14 * 1024
