"""Seats on both harnesses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.communities.script import SEAT
from tests.faults.harness import FaultHarness, fault_harness
from tests.web.conftest import client as client
from tests.workflow.conftest import harness as harness


@pytest.fixture
def seats(environment: None) -> Iterator[FaultHarness]:
    """Seats on the fake table and the fault injector."""
    with fault_harness(SEAT) as made:
        yield made
