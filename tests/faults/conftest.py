"""The house of the fault tests: one for all, put back to its beginning for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .house import House
from .stories import Seeds


@pytest.fixture
def seeds(environment: None) -> Iterator[Seeds]:
    """A player of seeds, whose house this test may use as well."""
    made = Seeds()
    yield made
    made.close()


@pytest.fixture
def house(seeds: Seeds) -> House:
    """The house on the ledger and the wire."""
    return seeds.house
