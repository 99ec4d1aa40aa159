"""The harness of the workflow tests, whose ways through the machines are written down."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.workflow import coverage
from tests.workflow.lifecycle import LifecycleHarness
from tests.world import World


@pytest.fixture
def harness(world: World, request: pytest.FixtureRequest) -> Iterator[LifecycleHarness]:
    """No referral yet."""
    made = LifecycleHarness(world)
    yield made
    coverage.write_down(request.node.name, made.engine)
