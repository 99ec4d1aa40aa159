"""JSON from outside, whose shape somebody else decides: AWS's answers, reports, definitions."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
