"""Applications on both harnesses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.applications.script import APPLICATION
from tests.faults.harness import FaultHarness, fault_harness
from tests.web.conftest import client as client
from tests.workflow.conftest import harness as harness


@pytest.fixture
def stories(environment: None) -> Iterator[FaultHarness]:
    """Applications on the fake table and the fault injector."""
    with fault_harness(APPLICATION) as made:
        yield made
