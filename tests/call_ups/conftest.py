"""Call-ups on both harnesses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.call_ups.script import CALL_UPS
from tests.faults.harness import FaultHarness, fault_harness
from tests.web.conftest import client as client
from tests.workflow.conftest import harness as harness


@pytest.fixture
def calls(environment: None) -> Iterator[FaultHarness]:
    """Call-ups on the fake table and the fault injector."""
    with fault_harness(CALL_UPS) as made:
        yield made
