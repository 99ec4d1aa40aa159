"""Registers the loan for the tests of this folder, as a wing would in ``chalicelib/rooms.py``."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib import rooms
from chalicelib.domain.ids import new_reference
from chalicelib.web import languages, render
from chalicelib.workflow import kinds, machines
from infra.machines import expand
from tests.second_case import loans
from tests.web.conftest import client as client
from tests.workflow.lifecycle import LifecycleHarness
from tests.world import World

HERE = Path(__file__).parent
CACHED = (machines.machines, machines.titles, machines.stages, machines.after_close)


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The loan's lines of the table of contents, its letters, and its words in Spanish."""
    monkeypatch.setitem(rooms.CASE_TYPES, "loan", "tests.second_case.loans:LOAN")
    monkeypatch.setattr(rooms, "MACHINES", (*rooms.MACHINES, "tests.second_case.loans:MACHINES"))
    for kind in (loans.LENDING, loans.BACK):
        monkeypatch.setitem(kinds.KINDS, kind.name, kind)
    folder = render._folder
    monkeypatch.setattr(render, "_folder", lambda room: HERE if room == HERE.name else folder(room))
    spanish = languages.catalogue("es")
    assert isinstance(spanish, gettext.GNUTranslations)
    for msgid, words in loans.SPANISH.items():
        monkeypatch.setitem(spanish._catalog, msgid, words)  # type: ignore[attr-defined]
    _forget()
    yield
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    for one in CACHED:
        one.cache_clear()


@pytest.fixture
def harness(world: World) -> LifecycleHarness:
    """The lifecycle's harness, with the loan's machine and steps besides."""
    made = LifecycleHarness(world)
    made.engine.machines["loan"] = expand("loan", (HERE / "loan.yaml").read_text())
    made.engine.steps |= {
        "ask_lending": loans.ask_lending,
        "ask_bringing_back": loans.ask_bringing_back,
    }
    return made


@pytest.fixture
def reference(harness: LifecycleHarness) -> str:
    """A loan that somebody has just asked for."""
    made = new_reference()
    loans.borrow(made, loans.LENDER, harness.world.at)
    harness.settle()
    return made
