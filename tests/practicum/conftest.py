"""Practicums on both harnesses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.harness import FaultHarness, fault_harness
from tests.practicum.script import PRACTICUMS
from tests.web.conftest import client as client
from tests.workflow.conftest import harness as harness


@pytest.fixture
def practicums(environment: None) -> Iterator[FaultHarness]:
    """Practicums on the fake table and the fault injector."""
    with fault_harness(PRACTICUMS) as made:
        yield made
