"""Declared emergencies: a row each (``EMERGENCIES`` / first county and instant), kept for good.

One is in force from its first instant through its last day in Pacific time, unless somebody ended it
earlier: nothing has to run or be deployed for that. Pages may show rows of up to 30 seconds ago.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import field
from datetime import date, timedelta
from typing import Final

from chalicelib.aws import dynamodb, writes
from chalicelib.aws.attribute_values import Item, known_fields
from chalicelib.aws.errors import ConditionFailed
from chalicelib.aws.log import logger
from chalicelib.aws.now import now as this_moment
from chalicelib.aws.writes import Key, Write, create, update
from chalicelib.domain import calendar
from chalicelib.domain.errors import NotFound
from chalicelib.domain.places import COUNTIES
from chalicelib.domain.plain.values import frozen

PK: Final = "EMERGENCIES"
_FRESH: Final = 30.0
_seen: list[tuple[float, list[Emergency]]] = []


@frozen
class Emergency:
    """One incident. ``since``, ``declared`` and ``ended`` are UTC epoch seconds; ``until`` is the last
    day (ISO, Pacific).

    ``counties``: those that it touches; with ``zips`` (ZIP codes, or their first three digits) only
    these parts of them. ``reason`` is an id of ``EMERGENCY_REASONS``; ``name`` is what staff call it in
    lists; ``words`` stand on the public pages, by language. ``by`` and ``ended_by`` are actors.
    ``extended``: for each time that its last day was moved, ``by`` whom, from which day (``was``), why (``note``).
    """

    counties: tuple[str, ...]
    since: int
    until: str
    reason: str
    by: str
    note: str = ""
    name: str = ""
    zips: tuple[str, ...] = ()
    words: dict[str, str] = field(default_factory=dict)
    declared: int = 0
    ended: int | None = None
    ended_by: str = ""
    ended_note: str = ""
    extended: list[dict[str, str]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Its sort key, which is also its place in an address, and what tags its requests."""
        return f"{self.counties[0]}-{self.declared or self.since}"

    @property
    def names(self) -> list[str]:
        """The names of its counties."""
        return [COUNTIES[one].name for one in self.counties if one in COUNTIES]

    @property
    def called(self) -> str:
        """What staff call it: its name, or its counties."""
        return self.name or ", ".join(self.names)

    @property
    def over(self) -> int:
        """The instant (UTC seconds) from which it counts no more."""
        last = calendar.midnight(date.fromisoformat(self.until) + timedelta(days=1))
        return last if self.ended is None else min(last, self.ended)

    def in_force(self, now: int) -> bool:
        """Whether it counts at an instant (UTC seconds)."""
        return self.since <= now < self.over

    def to_come(self, now: int) -> bool:
        """Whether it was declared for later."""
        return now < self.since < self.over

    def touches(self, county: str, zip_code: str = "") -> bool:
        """Whether a place is in its area; a ZIP code that nobody knows yet may be."""
        near = not self.zips or not zip_code or zip_code.startswith(self.zips)
        return county in self.counties and near

    def meets(self, other: Emergency) -> bool:
        """Whether some place would be in both at the same time."""
        if not set(self.counties) & set(other.counties):
            return False
        apart = self.zips and other.zips and not _overlap(self.zips, other.zips)
        return not apart and self.since < other.over and other.since < self.over


def _overlap(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return any(one.startswith(other) or other.startswith(one) for one in some for other in others)


def _of(row: Item) -> Emergency:
    values = known_fields(Emergency, row)
    counties = row.get("counties") or [row["county"]]  # an older row has one county
    values |= {"counties": tuple(counties), "zips": tuple(row.get("zips", ()))}
    return Emergency(**values)


def _read(consistent: bool) -> list[Emergency]:
    found = [_of(row) for row in dynamodb.query(PK, consistent=consistent)]
    return sorted(found, key=lambda one: one.since, reverse=True)


def all_of_them() -> list[Emergency]:
    """Every emergency that was ever declared, the newest first; read afresh."""
    return _kept(_read(consistent=True))


def _kept(found: list[Emergency]) -> list[Emergency]:
    _seen[:] = [(time.monotonic(), found)]
    return found


def _lately() -> list[Emergency]:
    """All of them, up to 30 s old."""
    at, found = _seen[0] if _seen else (0.0, [])
    fresh = _seen and time.monotonic() - at <= _FRESH
    return found if fresh else _kept(_read(consistent=False))


def one_of(key: str) -> Emergency:
    """The emergency of an id, read afresh. Raises NotFound."""
    row = dynamodb.get(Key(PK, key), consistent=True)
    if row is None:
        raise NotFound(key)
    return _of(row)


def counties_of(key: str) -> tuple[str, ...]:
    """The counties of one. Raises NotFound."""
    return one_of(key).counties


def in_force(now: int) -> list[Emergency]:
    """Those that count now, the newest first (up to 30 s old)."""
    return [one for one in _lately() if one.in_force(now)]


def of_late(since: int, now: int) -> list[Emergency]:
    """Those that count now or counted since an instant, the newest first (up to 30 s old)."""
    return [one for one in _lately() if one.since <= now and one.over > since]


def of_place(county: str, zip_code: str, now: int) -> Emergency | None:
    """The newest emergency in force at a place, read afresh: a request is decided by it, and the
    first ones come within seconds of the declaration."""
    found = _kept(_read(consistent=True))
    return next((one for one in found if one.touches(county, zip_code) and one.in_force(now)), None)


def counties(found: Iterable[Emergency]) -> list[str]:
    """The counties of some emergencies, each once, by id."""
    return sorted({county for one in found for county in one.counties})


def shown(county: str = "", zip_code: str = "") -> list[Emergency]:
    """Those that count now, everywhere or at one place: a page is shown without them rather than not
    at all."""
    try:
        found = in_force(this_moment())
    except Exception:
        logger().exception("declared emergencies")
        return []
    return [one for one in found if not county or one.touches(county, zip_code)]


def called(key: str) -> str:
    """What staff call the emergency of an id (up to 30 s old); the id where that cannot be read."""
    try:
        return next((one.called for one in _lately() if one.id == key), key)
    except Exception:
        logger().exception("declared emergencies")
        return key


def row_of(one: Emergency) -> Item:
    """One as its row keeps it."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name in one.__dataclass_fields__
        if (value := getattr(one, name)) not in (None, "", (), {}, [], 0)
    }


def declare(new: Emergency) -> bool:
    """Write a new one; False when this very press did so before."""
    done = dynamodb.write(create(Key(PK, new.id), row_of(new)))
    forget()
    return done


def end(key: str, now: int, by: str, note: str, *also: Write) -> bool:
    """End one before its day; False when it is unknown, or somebody ended it already. ``also`` is written in
    the same transaction."""
    ended = update(Key(PK, key)).set(ended=now, ended_by=by, ended_note=note)
    there = writes.field("pk").exists(), writes.field("ended").absent()
    return _changed(ended.only_if(*there), also)


def extend(one: Emergency, until: str, by: str, note: str, *also: Write) -> bool:
    """Give one a later last day; False when somebody ended it or moved that day meanwhile. ``also`` is
    written in the same transaction."""
    moved = [*one.extended, {"by": by, "was": one.until, "note": note}]
    wanted = update(Key(PK, one.id)).set(until=until, extended=moved)
    same = writes.field("until").equals(one.until), writes.field("ended").absent()
    return _changed(wanted.only_if(*same), also)


def _changed(wanted: Write, also: Sequence[Write]) -> bool:
    try:
        dynamodb.transact([wanted, *also])
    except ConditionFailed:
        return False
    finally:
        forget()
    return True


def forget() -> None:
    """Read everything anew at the next look."""
    _seen.clear()
