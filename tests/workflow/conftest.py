"""The stage of the workflow tests, and the book of what was reached."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.workflow import coverage
from tests.workflow.theater import Theater, theater

__all__ = ["stage", "theater"]


@pytest.fixture
def stage(theater: Theater, request: pytest.FixtureRequest) -> Iterator[Theater]:
    """The theater, whose ways through the machines are written down."""
    yield theater
    coverage.write_down(request.node.name, theater.engine)
