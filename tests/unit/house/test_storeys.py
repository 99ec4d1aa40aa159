"""The plan of the house, checked: who may import whom, and what each storey may know."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.source import LIB, ROOT, nodes
from tests.source import MODULES as FILES

# From the ground up. A module imports what is below it, and what stands in its own place.
GROUND = (
    "domain",
    "aws",
    "directory",
    "web",
    "entries",
    "workflow",
    "mail",
    "tasks",
    "meetings",
    "calls",
)
# Wings whose files outside any room are shared by the wing's rooms.
WINGS = ("referral", "services", "training")
# A folder of a wing that is no room: its files are the wing's own.
SHARED = (
    "referral.in_training",
    "referral.rows",
    "referral.provider_calls",
    "referral.papers",
    "referral.sessions",
    "referral.waits",
)
# What is still to be turned round. Nothing may be added.
UPWARD: set[tuple[str, str]] = set()
KNOWN = frozenset(FILES)


@cache
def imports(file: Path) -> tuple[tuple[str, int], ...]:
    """Every module that a file imports, absolute, with its line."""
    return tuple(_imports(file))


def _imports(file: Path) -> Iterator[tuple[str, int]]:
    for node in nodes(file):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file}:{node.lineno}: imports are absolute"
            base = node.module or ""
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                is_module = (ROOT / whole.replace(".", "/")).with_suffix(".py") in KNOWN
                yield whole if is_module else base, node.lineno


@cache
def place(module: str) -> tuple[int, str] | None:
    """How high a module of the house stands, and in which place; None outside of the house."""
    top, *parts = module.split(".")
    if top != "chalicelib" or not parts:
        return None
    if parts[0] in GROUND:
        return GROUND.index(parts[0]), parts[0]
    if parts[0] in WINGS:
        folder = ".".join(parts[:2])
        room = (LIB / folder.replace(".", "/")).is_dir() and folder not in (*WINGS, *SHARED)
        return (21, f"{parts[0]}.{parts[1]}") if room else (20, parts[0])
    return (22, parts[0]) if (LIB / parts[0]).is_dir() else None


@cache
def module_of(file: Path) -> str:
    """The name by which others import a file."""
    return ".".join(file.relative_to(ROOT).with_suffix("").parts)


def wrong_ways(file: Path) -> Iterator[str]:
    """The imports of a file that go up or sideways."""
    own = module_of(file)
    mine = place(own)
    for module, line in imports(file) if mine is not None else ():
        theirs = place(module)
        if theirs is None or mine is None or theirs == mine or theirs[0] < mine[0]:
            continue
        if (own.removeprefix("chalicelib."), module.removeprefix("chalicelib.")) not in UPWARD:
            yield f"{own}:{line} imports {module}"


def test_imports_go_down_never_up_and_never_sideways() -> None:
    assert [one for file in FILES for one in wrong_ways(file)] == []


def test_every_way_up_that_is_allowed_is_still_there() -> None:
    found = {
        (module_of(f).removeprefix("chalicelib."), module.removeprefix("chalicelib."))
        for f in FILES
        for module, _ in imports(f)
    }
    assert found >= UPWARD


def test_only_the_aws_storey_imports_boto3() -> None:
    found = [
        f"{module_of(file)}:{line} imports {module}"
        for file in FILES
        if not file.is_relative_to(LIB / "aws")
        for module, line in imports(file)
        if module.split(".")[0] in ("boto3", "botocore")
    ]
    assert found == []


def test_the_vocabulary_imports_the_standard_library_and_pydantic_only() -> None:
    allowed = {*sys.stdlib_module_names, "pydantic", "chalicelib"}
    for file in (LIB / "domain").glob("*.py"):
        for module, line in imports(file):
            assert module.split(".")[0] in allowed, f"{file.name}:{line} {module}"


def test_no_files_import_each_other_in_a_circle() -> None:
    names = {module_of(f) for f in FILES}
    graph = {module_of(f): {m for m, _ in imports(f) if m in names} for f in FILES}
    while free := {name for name, needed in graph.items() if not needed & graph.keys() - {name}}:
        graph = {name: needed for name, needed in graph.items() if name not in free}
    assert sorted(graph) == []


def test_no_folder_holds_more_than_twenty_files() -> None:
    held = Counter(f.parent for f in FILES)
    assert [str(d) for d, number in held.items() if number > 20] == []
