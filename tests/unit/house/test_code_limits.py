"""Limits of the code itself: few imports inside functions, short functions, few branches."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from radon.complexity import cc_visit_ast

from tests.source import MODULES, ROOT, nodes, text

FILES = (ROOT / "app.py", *MODULES)
INSIDE, LINES, BRANCHES = 15, 60, 15


def functions(file: Path) -> Iterator[ast.FunctionDef]:
    yield from (node for node in nodes(file) if isinstance(node, ast.FunctionDef))


def name(file: Path, function: str) -> str:
    """A function as the lists above name it."""
    return f"{file.relative_to(ROOT / 'chalicelib') if file.name != 'app.py' else file}:{function}"


def imports_inside(file: Path) -> set[int]:
    """The lines of a file that import something inside a function."""
    return {
        node.lineno
        for function in functions(file)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }


def test_few_imports_stand_inside_a_function_and_each_says_why() -> None:
    found = [(file, line) for file in FILES for line in imports_inside(file)]
    assert len(found) <= INSIDE, [f"{file.relative_to(ROOT)}:{line}" for file, line in found]
    for file, line in found:
        near = text(file).splitlines()[line - 3 : line]
        assert any("#" in one for one in near), f"{file.relative_to(ROOT)}:{line} says no reason"


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        name(file, one.name)
        for file in FILES
        for one in functions(file)
        if (one.end_lineno or 0) - one.lineno >= LINES
    }
    assert long == set()


def test_no_function_branches_more_than_can_be_followed() -> None:
    found = {
        name(file, one.name)
        for file in FILES
        for block in cc_visit_ast(nodes(file)[0])
        for one in (block, *getattr(block, "methods", ()))
        if one.complexity > BRANCHES and not hasattr(one, "methods")
    }
    assert found == set()
