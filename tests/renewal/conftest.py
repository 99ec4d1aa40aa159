"""Renewals on both harnesses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.harness import FaultHarness, fault_harness
from tests.renewal.script import RENEWALS
from tests.web.conftest import client as client
from tests.workflow.conftest import harness as harness


@pytest.fixture
def renewals(environment: None) -> Iterator[FaultHarness]:
    """Renewals of a credential on the fake table and the fault injector."""
    with fault_harness(RENEWALS) as made:
        yield made
