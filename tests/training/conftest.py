"""Trainees on both harnesses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.harness import FaultHarness, fault_harness
from tests.training.script import TRAINEES
from tests.web.conftest import client as client
from tests.workflow.conftest import harness as harness


@pytest.fixture
def trainees(environment: None) -> Iterator[FaultHarness]:
    """Trainees on the fake table and the fault injector."""
    with fault_harness(TRAINEES) as made:
        yield made
