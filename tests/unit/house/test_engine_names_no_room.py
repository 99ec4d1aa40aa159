"""The engine, the web layer and mail name no room, no kind of task and no letter of a room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.workflow import case_types, registry
from chalicelib.workflow.kinds import every_kind

LIB = Path(__file__).resolve().parents[3] / "chalicelib"
ENGINE = ("web", "workflow", "mail", "tasks", "meetings")
WINGS = ("referral", "services", "console")
FILES = sorted(p for place in ENGINE for p in (LIB / place).rglob("*.py"))
# A role, and a lane of mail, too.
COMMON = frozenset({"coordinator", "safety"})


def rooms() -> set[str]:
    """The rooms of every wing."""
    return {
        path.name
        for wing in WINGS
        for path in (LIB / wing).iterdir()
        if path.is_dir() and (path / "__init__.py").exists()
    }


def kinds() -> set[str]:
    """Kinds of task that a room registers."""
    return {
        kind.name for kind in every_kind().values() if kind.decide.__module__.split(".")[1] in WINGS
    }


def words_of_types() -> set[str]:
    """What the types of case call their statuses, reasons and applicants, and what tasks come to. A
    single word that is a common one too, such as "sent", cannot be told from it."""
    types = [case_types.named(name) for name in registry.case_types()]
    outcomes = {
        outcome
        for kind in every_kind().values()
        if kind.decide.__module__.split(".")[1] in WINGS
        for outcome in kind.outcomes
    }
    statuses = {word for one in types for word in (*one.statuses, *one.address_pause)}
    applicants = {one.applicant for one in types}
    return applicants | {word for word in statuses | outcomes if "_" in word}


def letters() -> set[str]:
    """The letters of every room."""
    return {
        f"{path.parent.parent.name}/{path.stem}"
        for wing in WINGS
        for path in (LIB / wing).rglob("letters/*.j2")
    }


def literals(file: Path) -> Iterator[tuple[str, int]]:
    """Every string of a file that is no docstring, with its line."""
    tree = ast.parse(file.read_text())
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in (n for n in ast.walk(tree) if isinstance(n, ast.expr)):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and id(node) not in docstrings:
            yield text, node.lineno


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(LIB)))
def test_a_lower_storey_names_nothing_of_a_room(file: Path) -> None:
    named = (kinds() | letters() | words_of_types()) - COMMON
    for text, line in literals(file):
        assert text not in named, f"{file.relative_to(LIB)}:{line} names {text!r}"
        first = text.split(":")[0].removeprefix("chalicelib.").split(".")[:2]
        in_room = len(first) > 1 and first[0] in WINGS and first[1] in rooms()
        assert not in_room, f"{file.relative_to(LIB)}:{line} names the room {text!r}"
        of_room = "/" in text and text.split("/")[0] in rooms() and text.count("/") == 1
        assert not of_room, f"{file.relative_to(LIB)}:{line} names {text!r}"


def test_the_test_would_see_them() -> None:
    assert (
        {"offer", "triage"} <= kinds()
        and {"provider", "not_reached"} <= words_of_types()
        and "matching/offer" in letters()
        and "matching" in rooms()
    )
