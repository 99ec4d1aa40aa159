"""What is known of a kind of task stands in the kind, and nowhere else."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib import rooms
from chalicelib.workflow.kinds import Kind, Outcome, every_kind, kind_of
from tests.source import LIB, MODULES, ROOT, nodes

# The table of contents; the service standards, which have names of their own; and how the log of a
# consultation is read, by the entries that change it.
TABLES = {LIB / "rooms.py", LIB / "domain/service_standards.py", LIB / "referral/records.py"}


@pytest.mark.parametrize(
    ("part", "lacks"),
    [
        ("waiting", "waiting"),
        ("short", "short"),
        ("then", "then"),
        ("overdue", "overdue"),
        ("answered", "answered"),
    ],
)
def test_a_kind_without_one_of_its_sentences_cannot_be_built(part: str, lacks: str) -> None:
    offer = kind_of("offer")
    with pytest.raises(ValueError, match=f"offer lacks .*{lacks}"):
        replace(offer, words=replace(offer.words, **{part: ""}))


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({"deadline": None}, "deadline"),
        ({"letter": ""}, "letter"),
        ({"examples": {}}, "examples"),
        ({"outcomes": frozenset()}, "outcomes"),
        ({"outcomes": frozenset({"accepted", "expired"})}, "outcome declined"),
    ],
)
def test_a_kind_that_lacks_something_else_cannot_be_built(
    changes: dict[str, Any], lacks: str
) -> None:
    with pytest.raises(ValueError, match=lacks):
        replace(kind_of("offer"), **changes)


def test_an_example_without_a_sentence_on_the_timeline_cannot_be_built() -> None:
    offer = kind_of("offer")
    with pytest.raises(ValueError, match="a sentence for declined"):
        replace(offer, words=replace(offer.words, answered={"accepted": "Yes."}))


def test_an_outcome_that_the_kind_does_not_have_is_not_recorded() -> None:
    kind_of("offer").check(Outcome("accepted"))
    with pytest.raises(ValueError, match="moon is no outcome of the task offer"):
        kind_of("offer").check(Outcome("moon"))


def test_a_page_leads_on_to_a_kind_of_the_same_role_whose_letter_waits_and_to_no_other() -> None:
    kinds = every_kind()
    led = {(name, to) for name, kind in kinds.items() for to in kind.page.leads_to.values()}
    for name, to in led:
        assert set(kinds[name].page.leads_to) <= kinds[name].outcomes, name
        assert kinds[to].role == kinds[name].role, (name, to)
        # The page behind it is opened without its own letter: it asks for the code where it must.
        assert kinds[to].policy.sensitive, to
    waiting = {name for name, kind in kinds.items() if kind.policy.letter_waits is not None}
    assert {to for _, to in led} == waiting


def makes_kinds(file: Path) -> bool:
    """Whether a kind is made in a module."""
    called = (node.func for node in nodes(file) if isinstance(node, ast.Call))
    names = (one.value if isinstance(one, ast.Subscript) else one for one in called)
    return any(isinstance(one, ast.Name) and one.id == "Kind" for one in names)


def test_the_table_of_contents_names_every_module_with_kinds_and_what_is_in_it() -> None:
    found = {f for f in MODULES if makes_kinds(f)}
    named = {(ROOT / module.replace(".", "/")).with_suffix(".py") for module in rooms.TASKS}
    assert found == named
    names = [name for names in rooms.TASKS.values() for name in names]
    assert len(every_kind()) == len(set(names)) == len(names)
    for module, names in rooms.TASKS.items():
        own = {one.name for one in vars(sys.modules[module]).values() if isinstance(one, Kind)}
        assert set(names) <= own, module


# A process of its own for each kind, with what all of them need.
TOUCHES = """
import os, sys
from chalicelib.workflow.kinds import kind_of
for name in sys.argv[1:]:
    if not os.fork():
        kind_of(name)
        print(*(m for m in sys.modules if m.startswith("chalicelib.")), flush=True)
        os._exit(0)
    os.wait()
"""


def test_touching_a_task_imports_its_own_room_only() -> None:
    names = ("offer", "plan", "triage")
    done = subprocess.run(
        [sys.executable, "-c", TOUCHES, *names],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    for name, loaded in zip(names, done.stdout.splitlines(), strict=True):
        module = next(module for module, kinds in rooms.TASKS.items() if name in kinds)
        room = module.rpartition(".")[0]
        strangers = {one for one in rooms.TASKS if one.rpartition(".")[0] != room}
        assert module in loaded.split() and not strangers & set(loaded.split()), name


def collections_of(file: Path) -> Iterator[tuple[int, list[str]]]:
    """The strings of each dict's keys in a file, with its line."""
    for node in nodes(file):
        if isinstance(node, ast.Dict):
            keys = node.keys
            yield (
                node.lineno,
                [k.value for k in keys if isinstance(k, ast.Constant) and isinstance(k.value, str)],
            )


def test_no_other_table_is_keyed_by_the_names_of_kinds() -> None:
    names = "|".join(every_kind())
    about = re.compile(rf"({names})(_asked|_answered|_expired)?")
    for file in set(MODULES) - TABLES:
        for line, keys in collections_of(file):
            found = [key for key in keys if about.fullmatch(key)]
            assert len(found) < 3, f"{file.relative_to(ROOT)}:{line} is keyed by {found}"


def test_no_letter_and_no_page_has_a_table_of_kinds_either() -> None:
    key = re.compile(rf'"(?:{"|".join(every_kind())})":')
    for file in (*LIB.rglob("*.j2"), *LIB.rglob("*.html")):
        assert len(key.findall(file.read_text())) < 3, file.relative_to(ROOT)
