"""The product's own files, as the tests of the house read them: each is parsed once in a process."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIB = ROOT / "chalicelib"
# Every module of the product but app.py.
MODULES = tuple(sorted(p for p in LIB.rglob("*.py") if "__pycache__" not in p.parts))


@cache
def text(file: Path) -> str:
    """What the file says."""
    return file.read_text(encoding="utf-8")


@cache
def nodes(file: Path) -> tuple[ast.AST, ...]:
    """Every node of a file's tree, from the top down."""
    return tuple(ast.walk(ast.parse(text(file))))
