"""A few short stories of seats in any order; `make faults` plays many long ones."""

from __future__ import annotations

import pytest

from tests.communities.any_order import AnyOrder, how

TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = how(5, 12)
TestAnyOrder.pytestmark = [pytest.mark.promise("seat-capacity", "seat-line-in-order")]
