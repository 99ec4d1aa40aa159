"""What staff decided about who is who: an event for each decision, kept for good, with who and why.

Contacts with one email address are one person's, and those with one license number one site's. Beyond
that nothing is joined by itself: staff join two records, say that two that look alike are not the same, or
that a contact belongs to somebody else. A decision is undone by another one, never rewritten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, create

PK: Final = "RECORDS"
SAME: Final = "same"
APART: Final = "apart"
MOVED: Final = "moved"
UNDONE: Final = "undone"


@dataclass(frozen=True, slots=True)
class Decision:
    """``one`` and ``other``: ids of records (SAME, APART); a contact and the id of its own record from now
    on (MOVED); the decision that it undoes (UNDONE). ``at``: UTC seconds; ``by``: an actor."""

    act: str
    one: str
    other: str
    at: int
    by: str
    why: str
    press: str

    @property
    def id(self) -> str:
        """Its sort key: in the order in which they were made, and one a press."""
        return f"{self.at:011d}-{self.press}"


def decide(decision: Decision) -> bool:
    """Write one down; False when this very press did so before."""
    row = {
        name: getattr(decision, name)
        for name in ("act", "one", "other", "at", "by", "why", "press")
    }
    return dynamodb.write(create(Key(PK, decision.id), row))


def decisions(*, fresh: bool = True) -> list[Decision]:
    """Every decision, in order. ``fresh``: also one of a moment ago, as its own page shows it; to find
    somebody costs half as much, and an id of before still leads to the record."""
    rows = dynamodb.each(PK, consistent=fresh)
    return [Decision(**{name: row[name] for name in Decision.__dataclass_fields__}) for row in rows]


@dataclass
class Standing:
    """What holds of the decisions: pairs that are one, pairs that are not, and contacts that moved."""

    same: dict[str, set[str]] = field(default_factory=dict)
    apart: set[frozenset[str]] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)

    def joined(self, one: str) -> set[str]:
        """The ids that are one record with this."""
        found, more = {one}, [one]
        while more:
            fresh = self.same.get(more.pop(), set()) - found
            found |= fresh
            more += fresh
        return found


def standing(told: Iterable[Decision], until: int | None = None) -> Standing:
    """What holds, or held at an instant."""
    known = [one for one in told if until is None or one.at <= until]
    undone = {one.one for one in known if one.act == UNDONE}
    found = Standing()
    for one in known:
        if one.id in undone:
            continue
        if one.act == SAME:
            found.same.setdefault(one.one, set()).add(one.other)
            found.same.setdefault(one.other, set()).add(one.one)
        elif one.act == APART:
            found.apart.add(frozenset((one.one, one.other)))
        elif one.act == MOVED:
            found.moved[one.one] = one.other
    return found
