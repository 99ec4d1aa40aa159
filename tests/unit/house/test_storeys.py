"""The plan of the house, checked: who may import whom, and what each storey may know."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LIB = ROOT / "chalicelib"
STOREYS = ["referral", "aws", "kit"]
ROOMS = sorted(
    p.name for p in LIB.iterdir() if (p / "__init__.py").exists() and p.name not in STOREYS
)
FILES = sorted(p for p in LIB.rglob("*.py") if "__pycache__" not in p.parts)


def imports(file: Path) -> Iterator[tuple[str, int]]:
    """Every module that a file imports, absolute, with its line."""
    package = ".".join(file.relative_to(ROOT).with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")
                base = ".".join([*parts[: len(parts) - node.level + 1], *([base] if base else [])])
            yield base, node.lineno
            for alias in node.names:
                yield f"{base}.{alias.name}", node.lineno


def storey(module: str) -> int | None:
    """0 for the shared words, 1 for AWS, 2 for the kit, 3 for a room; None outside the house."""
    parts = module.split(".")
    if parts[0] != "chalicelib" or len(parts) < 2:
        return None
    if parts[1] in STOREYS:
        return STOREYS.index(parts[1])
    return 3 if parts[1] in ROOMS else None


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(LIB)))
def test_imports_go_down_never_up_and_never_sideways(file: Path) -> None:
    own = ".".join(file.relative_to(ROOT).with_suffix("").parts)
    mine = storey(own)
    if mine is None:
        return
    for module, line in imports(file):
        theirs = storey(module)
        if theirs is None:
            continue
        assert theirs <= mine, f"{own}:{line} imports upward: {module}"
        if mine == theirs == 3:
            assert module.split(".")[1] == own.split(".")[1], (
                f"{own}:{line} opens a door to another room: {module}"
            )


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(LIB)))
def test_only_the_aws_storey_imports_boto3(file: Path) -> None:
    if file.is_relative_to(LIB / "aws"):
        return
    for module, line in imports(file):
        assert module.split(".")[0] not in ("boto3", "botocore"), f"{file.name}:{line} {module}"


def test_the_shared_words_import_the_standard_library_and_pydantic_only() -> None:
    import sys

    allowed = {*sys.stdlib_module_names, "pydantic", "chalicelib"}
    for file in (LIB / "referral").glob("*.py"):
        for module, line in imports(file):
            assert module.split(".")[0] in allowed, f"{file.name}:{line} {module}"


@pytest.mark.parametrize("file", sorted(LIB.glob("*/rules.py")), ids=lambda f: f.parent.name)
def test_rules_read_no_clock_no_table_and_no_dice(file: Path) -> None:
    for module, line in imports(file):
        assert module.split(".")[0] not in ("time", "random", "secrets", "os"), f"{file}:{line}"
        assert storey(module) != 1, f"{file}:{line} knows about AWS: {module}"
