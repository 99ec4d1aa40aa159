"""How a rule explains itself: met, not met or unknown, why, and from which answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from chalicelib.domain.json_values import Json

State = Literal["met", "not_met", "unknown"]
Value = str | int | bool | list[str] | None


@dataclass(frozen=True, slots=True)
class Condition:
    """One rule, looked at once. ``reason`` is a msgid; ``source`` the answers it was read from;
    ``leads_to`` the result that it alone would give, empty if it changes nothing."""

    rule: str
    state: State
    reason: str
    source: dict[str, Value] = field(default_factory=dict)
    leads_to: str = ""

    def as_dict(self) -> Json:
        """JSON serialisable, without floats."""
        return {
            "rule": self.rule,
            "state": self.state,
            "reason": self.reason,
            "source": dict(self.source),
            "leads_to": self.leads_to,
        }


def plain(value: object) -> Value:
    """An answer as it is stored in a decision: text, number, yes/no, or a list of texts."""
    if isinstance(value, tuple | list):
        return [str(item) for item in value]
    if value is None or isinstance(value, bool | int):
        return value
    return str(value)
