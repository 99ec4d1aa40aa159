"""The engine, the web layer and mail name no room, no kind of task and no letter of a room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from chalicelib.workflow import case_types, registry
from chalicelib.workflow.kinds import every_kind
from tests.source import LIB, MODULES, nodes

ENGINE = ("web", "workflow", "mail", "tasks", "meetings")
WINGS = ("referral", "services", "training", "console")
FILES = [one for one in MODULES if one.relative_to(LIB).parts[0] in ENGINE]
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
    docstrings = {
        id(node.value)
        for node in nodes(file)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in (n for n in nodes(file) if isinstance(n, ast.expr)):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and id(node) not in docstrings:
            yield text, node.lineno


def test_a_lower_storey_names_nothing_of_a_room() -> None:
    named = (kinds() | letters() | words_of_types()) - COMMON
    known = rooms()

    def of_room(text: str) -> bool:
        first = text.split(":")[0].removeprefix("chalicelib.").split(".")[:2]
        module = len(first) > 1 and first[0] in WINGS and first[1] in known
        path = text.count("/") == 1 and text.split("/")[0] in known
        return text in named or module or path

    found = [
        f"{file.relative_to(LIB)}:{line} names {text!r}"
        for file in FILES
        for text, line in literals(file)
        if of_room(text)
    ]
    assert found == []


def test_the_test_would_see_them() -> None:
    assert (
        {"offer", "triage"} <= kinds()
        and {"provider", "not_reached"} <= words_of_types()
        and "matching/offer" in letters()
        and "matching" in rooms()
    )
