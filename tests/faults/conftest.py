"""The harness of the fault tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .harness import FaultHarness, fault_harness
from .referrals import REFERRAL


@pytest.fixture
def harness(environment: None) -> Iterator[FaultHarness]:
    """The product on the fake table and the fault injector."""
    with fault_harness(REFERRAL) as made:
        yield made
