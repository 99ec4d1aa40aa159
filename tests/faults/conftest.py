"""The harness of the fault tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .harness import FaultHarness
from .stories import Seeds


@pytest.fixture
def seeds(environment: None) -> Iterator[Seeds]:
    """A player of seeds, whose harness this test may use as well."""
    made = Seeds()
    yield made
    made.close()


@pytest.fixture
def harness(seeds: Seeds) -> FaultHarness:
    """The product on the fake table and the fault injector."""
    return seeds.harness
