"""Reads docs/promises.md, and which tests name which of its promises (``@pytest.mark.promise``)."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
_LINE = re.compile(r"^- `([a-z0-9-]+)`: (.+)$")


class Promise(NamedTuple):
    """A promise as docs/promises.md has it. ``untested``: why it has no test; empty where it has."""

    key: str
    section: str
    words: str
    untested: str


@cache
def promises() -> list[Promise]:
    """Every promise, in the order of the document."""
    found, section = [], ""
    for line in (ROOT / "docs/promises.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = line[3:]
        if said := _LINE.match(line):
            words, _, why = said[2].partition(" No test: ")
            found.append(Promise(said[1], section, words, why))
    return found


@cache
def proofs() -> dict[str, list[str]]:
    """The ids of the tests that name a promise; the whole file where its ``pytestmark`` does."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        file = str(path.relative_to(ROOT))
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
                for key in _keys(node.value):
                    found[key].append(file)
            elif isinstance(node, ast.FunctionDef):
                for key in (key for mark in node.decorator_list for key in _keys(mark)):
                    found[key].append(f"{file}::{node.name}")
    return found


def _keys(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.promise":
            yield from (ast.literal_eval(key) for key in node.args)
