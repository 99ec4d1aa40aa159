"""The loan in stories: how it is registered, as a wing would in ``chalicelib/rooms.py``, and lived."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chalicelib import rooms
from chalicelib.domain.errors import AlreadyDone
from chalicelib.web import languages, render
from chalicelib.workflow import kinds, machines
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.pause import pause, resume
from chalicelib.workflow.storage import store
from infra.machines import expand
from tests.faults import acts, acts_of_machines
from tests.faults.acts import Acts, Scene
from tests.faults.script import CaseScript
from tests.faults.single_faults import Scenario, pressed, waited
from tests.second_case import loans
from tests.second_case.loans import DAY, Loan
from tests.world import World, steps_of

HERE = Path(__file__).parent
CACHED = (machines.machines, machines.titles, machines.stages, machines.after_close)
MACHINE = expand("loan", (HERE / "loan.yaml").read_text())

act = Acts()


@contextmanager
def registered() -> Iterator[None]:
    """The loan's lines of the table of contents, its letters, and its words in Spanish."""
    spanish, folder = languages.catalogue("es"), render._folder
    assert isinstance(spanish, gettext.GNUTranslations)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(rooms.CASE_TYPES, "loan", "tests.second_case.loans:LOAN")
        patch.setattr(rooms, "MACHINES", (*rooms.MACHINES, "tests.second_case.loans:MACHINES"))
        for kind in (loans.LENDING, loans.BACK):
            patch.setitem(kinds.KINDS, kind.name, kind)
        patch.setattr(render, "_folder", lambda room: HERE if room == HERE.name else folder(room))
        for msgid, words in loans.SPANISH.items():
            patch.setitem(spanish._catalog, msgid, words)  # type: ignore[attr-defined]
        _forget()
        yield
    _forget()


def _forget() -> None:
    for one in CACHED:
        one.cache_clear()


def opens(world: World) -> str:
    """Somebody asks for a thing."""
    reference = world.new_reference()
    loans.borrow(reference, loans.LENDER, world.at)
    return reference


@act(1, meanwhile=True, when=lambda state: state.open)
def the_borrower_pauses(scene: Scene, state: Loan) -> None:
    until = scene.rng.randint(1, 9) * DAY
    command = scene.command("pause")

    def decide(fresh: Loan) -> tuple[Entry, tuple[()]]:
        if not fresh.open:
            raise AlreadyDone(fresh.reference)
        at = scene.harness.world.at
        changes = pause(fresh, "lent", "away", at, at + until)
        return Entry(event="paused", at=at, actor="borrower", command=command, changes=changes), ()

    scene.sends(lambda: store.change(state.reference, decide, press=command), "pause", until)


@act(0.7, meanwhile=True, when=lambda state: state.pause)
def the_borrower_goes_on(scene: Scene, state: Loan) -> None:
    command = scene.command("resume")

    def decide(fresh: Loan) -> tuple[Entry, tuple[()]]:
        if fresh.pause is None:
            raise AlreadyDone(fresh.reference)
        at = scene.harness.world.at
        changes = resume(fresh, at)
        return Entry(event="resumed", at=at, actor="borrower", command=command, changes=changes), ()

    scene.sends(lambda: store.change(state.reference, decide, press=command), "go on")


LOAN = CaseScript(
    name="loan",
    opens=opens,
    way=("lending", "bringing_back"),
    acts=acts.act | acts_of_machines.act | act,
    scenarios=(
        Scenario("it is not lent", "lending", pressed(lambda story: {"decision": "refused"})),
        Scenario("nobody decides", "lending", waited),
        Scenario("it does not come back", "bringing_back", waited),
    ),
    registered=registered,
    machines={"loan": MACHINE},
    steps=steps_of(MACHINE, loans.lambda_handler),
)
