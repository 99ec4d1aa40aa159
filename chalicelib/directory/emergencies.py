"""Declared emergencies: a row each (``EMERGENCIES`` / county and instant), kept for good.

One is in force from its instant through its last day in Pacific time, unless somebody ended it
earlier: nothing has to run or be deployed for that. Pages may show rows of up to 30 seconds ago.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.log import logger
from chalicelib.aws.now import now as this_moment
from chalicelib.aws.writes import Key, create, field, update
from chalicelib.domain.calendar import pacific_date
from chalicelib.domain.places import COUNTIES

PK: Final = "EMERGENCIES"
_FRESH: Final = 30.0
_seen: list[tuple[float, list[Emergency]]] = []


@dataclass(frozen=True, slots=True)
class Emergency:
    """``since`` and ``ended`` are UTC epoch seconds, ``until`` the last day (ISO, Pacific).

    ``reason`` is an id of ``EMERGENCY_REASONS``; ``by`` and ``ended_by`` are actors.
    """

    county: str
    since: int
    until: str
    reason: str
    by: str
    note: str = ""
    ended: int | None = None
    ended_by: str = ""
    ended_note: str = ""

    @property
    def id(self) -> str:
        """Its sort key, which is also its place in an address."""
        return f"{self.county}-{self.since}"

    def in_force(self, now: int) -> bool:
        """Whether it counts at an instant (UTC seconds)."""
        open_ = self.ended is None or now < self.ended
        return open_ and self.since <= now and pacific_date(now) <= date.fromisoformat(self.until)


def _read(consistent: bool) -> list[Emergency]:
    rows = dynamodb.query(PK, consistent=consistent)
    known = set(Emergency.__dataclass_fields__)
    found = [Emergency(**{k: v for k, v in row.items() if k in known}) for row in rows]
    return sorted(found, key=lambda one: one.since, reverse=True)


def all_of_them() -> list[Emergency]:
    """Every emergency that was ever declared, the newest first; read afresh."""
    return _kept(_read(consistent=True))


def _kept(found: list[Emergency]) -> list[Emergency]:
    _seen[:] = [(time.monotonic(), found)]
    return found


def counties_of(key: str) -> list[str]:
    """The county of one, as its id begins with it."""
    return [key.rpartition("-")[0] or key]


def in_force(now: int) -> list[Emergency]:
    """Those that count now, the newest first (up to 30 s old)."""
    at, found = _seen[0] if _seen else (0.0, [])
    if not _seen or time.monotonic() - at > _FRESH:
        found = _kept(_read(consistent=False))
    return [one for one in found if one.in_force(now)]


def of_county(county: str, now: int) -> Emergency | None:
    """The newest emergency in force in a county, read afresh: a request is decided by it, and the
    first ones come within seconds of the declaration."""
    found = _kept(_read(consistent=True))
    return next((one for one in found if one.county == county and one.in_force(now)), None)


def counties(found: Iterable[Emergency]) -> list[str]:
    """The counties of some emergencies, each once, by id."""
    return sorted({one.county for one in found})


def names_in_force(county: str = "") -> list[str]:
    """The names of the counties with one now, or of one ``county`` alone: a page is shown without them
    rather than not at all."""
    try:
        found = counties(in_force(this_moment()))
    except Exception:
        logger().exception("declared emergencies")
        return []
    return [COUNTIES[one].name for one in found if one in COUNTIES and county in ("", one)]


def declare(new: Emergency) -> bool:
    """Write a new one; False when this very press did so before."""
    row = {
        name: value
        for name in new.__dataclass_fields__
        if (value := getattr(new, name)) not in (None, "")
    }
    done = dynamodb.write(create(Key(PK, new.id), row))
    forget()
    return done


def end(key: str, now: int, by: str, note: str) -> bool:
    """End one before its day; False when it is unknown, or somebody ended it already."""
    ended = update(Key(PK, key)).set(ended=now, ended_by=by, ended_note=note)
    done = dynamodb.write(ended.only_if(field("pk").exists(), field("ended").absent()))
    forget()
    return done


def forget() -> None:
    """Read everything anew at the next look."""
    _seen.clear()
