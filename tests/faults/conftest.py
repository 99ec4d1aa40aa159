"""The house of the fault tests: one for all, put back to its beginning for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .stories import Seeds


@pytest.fixture
def seeds(environment: None) -> Iterator[Seeds]:
    """A player of seeds, whose house this test may use as well."""
    made = Seeds()
    yield made
    made.close()
