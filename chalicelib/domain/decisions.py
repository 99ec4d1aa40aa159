"""How a rule explains itself: met, not met or unknown, why, and from which answers; and by which version
of the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from datetime import date
from typing import Literal, NotRequired, Protocol, TypedDict, TypeVar

from chalicelib.domain.plain.values import frozen

State = Literal["met", "not_met", "unknown"]
Value = str | int | bool | list[str] | None


class ConditionRow(TypedDict):
    """A condition as a row keeps it."""

    rule: str
    state: State
    reason: str
    source: dict[str, Value]
    leads_to: NotRequired[str]


class DecisionRow(TypedDict, total=False):
    """A decision or a proposal as a row keeps it."""

    result: str
    tier: str | None
    priority: str
    rule: str
    conditions: list[ConditionRow]
    reasons: list[str]
    flags: list[str]
    missing: list[str]
    alternatives: list[str]
    rule_version: str
    inputs: dict[str, Value]


@frozen
class Condition:
    """One rule, looked at once. ``reason`` is a msgid; ``source`` the answers it was read from;
    ``leads_to`` the result that it alone would give, empty if it changes nothing."""

    rule: str
    state: State
    reason: str
    source: dict[str, Value] = field(default_factory=dict)
    leads_to: str = ""


class RuleSet(Protocol):
    """One version of the rules of a room: data that counts from a date on."""

    @property
    def version(self) -> str:
        """Its name, which every decision keeps."""

    @property
    def since(self) -> date:
        """The first Pacific date on which it counts."""


R = TypeVar("R", bound=RuleSet)


def in_force(rules: Sequence[R], day: date) -> R:
    """The rules in force on a Pacific date (the oldest for any date before them)."""
    return next((one for one in reversed(rules) if one.since <= day), rules[0])


def named(rules: Sequence[R], version: str) -> R:
    """The rules that a stored decision names. Raises KeyError when nobody ever wrote them."""
    return {one.version: one for one in rules}[version]


def plain(value: object) -> Value:
    """An answer as it is stored in a decision: text, number, yes/no, or a list of texts."""
    if isinstance(value, tuple | list):
        return [str(item) for item in value]
    if value is None or isinstance(value, bool | int):
        return value
    return str(value)
