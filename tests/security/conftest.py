"""Visitors who mean no good, and the staff whose pages they try."""

from __future__ import annotations

from tests.faults.conftest import harness
from tests.web.conftest import browser, client, patient

__all__ = ["browser", "client", "harness", "patient"]
