"""Registers the loan for the tests of this folder, and plays it on both harnesses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.harness import FaultHarness, fault_harness
from tests.second_case.script import LOAN
from tests.web.conftest import client as client
from tests.workflow.lifecycle import LifecycleHarness
from tests.world import World


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    """The loan's type, machine, kinds and words."""
    with LOAN.registered():
        yield


@pytest.fixture
def harness(world: World) -> LifecycleHarness:
    """The lifecycle's harness, with the loan's machine and steps besides."""
    made = LifecycleHarness(world)
    made.engine.machines |= LOAN.machines
    made.engine.steps |= LOAN.steps
    return made


@pytest.fixture
def loans(environment: None) -> Iterator[FaultHarness]:
    """Loans on the fake table and the fault injector."""
    with fault_harness(LOAN) as made:
        yield made


@pytest.fixture
def reference(harness: LifecycleHarness) -> str:
    """A loan that somebody has just asked for."""
    made = LOAN.opens(harness.world)
    harness.settle()
    return made
