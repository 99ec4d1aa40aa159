"""Seasons and groups, as staff enter them: rows of their own, whose places seats hold.

| what                  | pk          | sk          |
|-----------------------|-------------|-------------|
| a season              | SEASONS     | {id}        |
| a group, its places   | GROUPS      | {id}        |
| who has had a place   | GROUP#{id}  | {reference} |

Their meetings are meetings like any other (``plan.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Final, Self

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item, known_fields
from chalicelib.aws.writes import Key, Write, create, delete, put, update
from chalicelib.aws.writes import field as of_row
from chalicelib.directory import places
from chalicelib.domain.calendar import pacific_date
from chalicelib.domain.errors import NotFound

SEASONS: Final = "SEASONS"
GROUPS: Final = "GROUPS"
SEATED, COMPLETED, LEFT = "seated", "completed", "left"


@dataclass(frozen=True)
class _Row:
    id: str

    @classmethod
    def of(cls, row: Mapping[str, object]) -> Self:
        """As it was written, by this release or another."""
        return cls(**known_fields(cls, row) | {"id": str(row["sk"])})

    def to_row(self) -> Item:
        """As its row keeps it."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        kept = ("id", "held")
        return {n: v for n, v in values.items() if n not in kept and v not in (None, "", False)}


@dataclass(frozen=True)
class Season(_Row):
    """``first`` and ``last`` day, and the day from which newcomers register (ISO, Pacific). Who waits
    since before is offered seats as soon as a group is entered."""

    name: str
    first: str
    last: str
    opens: str
    demo: bool = False

    def is_open(self, at: int) -> bool:
        """Whether newcomers register at an instant (UTC seconds)."""
        return self.opens <= pacific_date(at).isoformat()


@dataclass(frozen=True)
class Group(_Row):
    """``language``: the one that it is held in. ``facilitator``: ``staff:id`` or ``consultant:id``.
    ``cap``: places; ``held``: whose they are. ``joins``: until which of its meetings somebody may join;
    from them follow ``last_day``, when nobody joins anymore, and ``over``, when the season of the group
    ends (UTC seconds). ``needed``: meetings to complete it. ``entered``: when staff entered it (UTC
    seconds). ``minutes`` and ``join`` (told in letters alone): of its meetings. ``closed``: it does not
    go on, and ``why``, as people are told, by language. ``links``: how many links to its desk were mailed."""

    season: str
    name: str
    language: str
    facilitator: str
    cap: int
    needed: int
    last_day: int = 0
    over: int = 0
    entered: int = 0
    joins: int = 1
    minutes: int = 60
    join: str = ""
    held: list[str] = field(default_factory=list)
    closed: bool = False
    why: Mapping[str, str] = field(default_factory=dict)
    links: int = 0
    demo: bool = False

    @property
    def free(self) -> int:
        """Places that nobody holds."""
        return max(0, self.cap - len(self.held))

    def joinable(self, at: int) -> bool:
        """Whether somebody may join at an instant (UTC seconds), if a place is free."""
        return not self.closed and at < self.last_day


def seasons() -> list[Season]:
    """Every season, the newest first."""
    found = [Season.of(row) for row in dynamodb.query(SEASONS)]
    return sorted(found, key=lambda one: (one.first, one.id), reverse=True)


def season(key: str) -> Season:
    """One season. Raises NotFound."""
    row = dynamodb.get(Key(SEASONS, key), consistent=True)
    if row is None:
        raise NotFound(key)
    return Season.of(row)


def groups() -> list[Group]:
    """Every group, of all seasons."""
    return [Group.of(row) for row in dynamodb.query(GROUPS, consistent=True)]


def group(key: str) -> Group:
    """One group as it stands. Raises NotFound."""
    row = dynamodb.get(Key(GROUPS, key), consistent=True) if key else None
    if row is None:
        raise NotFound(key)
    return Group.of(row)


def add(row: Season | Group) -> bool:
    """Write a new one; False when this very press did so before."""
    where = SEASONS if isinstance(row, Season) else GROUPS
    return dynamodb.write(create(Key(where, row.id), row.to_row()))


def change(new: Season | Group) -> bool:
    """Change what staff entered; False where more places are held than there would be, or it is gone."""
    values = new.to_row()
    if isinstance(new, Season):
        changed = update(Key(SEASONS, new.id)).set(values)
        return dynamodb.write(changed.only_if(of_row("pk").exists()))
    fits = of_row("held").absent() | of_row("held").size_at_most(new.cap)
    changed = update(Key(GROUPS, new.id)).set_or_remove({**values, "closed": new.closed or None})
    return dynamodb.write(changed.only_if(of_row("pk").exists(), fits))


def count_link(key: str) -> None:
    """Count a new link to the desk of a group; those of before end."""
    dynamodb.write(update(Key(GROUPS, key)).add("links", 1).only_if(of_row("pk").exists()))


# -- places: members of the transaction of a seat's command -----------------------------------------
def take_place(key: str, reference: str) -> Write:
    """Give a seat one of the group's places; refuses where none is free, or nobody joins anymore."""
    return places.reserve(Key(GROUPS, key), reference, of_row("closed").absent())


def return_place(key: str, reference: str) -> Write:
    """Return it; refuses a second time."""
    return places.release(Key(GROUPS, key), reference)


def seated_since(key: str, reference: str) -> int:
    """Since when somebody has had a place in a group (UTC seconds); 0 for who has not."""
    row = dynamodb.get(Key(f"GROUP#{key}", reference), consistent=True)
    return int(row["at"]) if row else 0


def on_roster(key: str, reference: str, how: str, at: int, met: int = 0) -> Write:
    """What became of somebody who has had a place in the group: how, and since when."""
    return put(Key(f"GROUP#{key}", reference), {"how": how, "at": at, "met": met})


def off_roster(key: str, reference: str) -> Write:
    """They have not had a place: the answer was taken back."""
    return delete(Key(f"GROUP#{key}", reference))


def roster(key: str) -> dict[str, Item]:
    """Everybody who has had a place in the group by reference: ``how``, ``at`` and ``met``."""
    return {str(row["sk"]): row for row in dynamodb.query(f"GROUP#{key}")}
