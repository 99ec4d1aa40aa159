"""Onboardings on both harnesses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.harness import FaultHarness, fault_harness
from tests.onboarding.script import ONBOARDINGS
from tests.web.conftest import client as client
from tests.workflow.conftest import harness as harness


@pytest.fixture
def onboardings(environment: None) -> Iterator[FaultHarness]:
    """Onboardings on the fake table and the fault injector."""
    with fault_harness(ONBOARDINGS) as made:
        yield made
