"""What is kept of a consultant, and how evenly the work lies among those who can be asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import Key, create, field
from chalicelib.directory import people
from chalicelib.directory.people import Person
from chalicelib.domain import calendar
from chalicelib.referral.delivery.caseload import rule
from chalicelib.referral.delivery.caseload.rows import PK
from chalicelib.referral.delivery.caseload.rule import Dosage

_OFFERS: Final = "OFFERS#"


class Offered(NamedTuple):
    """The first day of which offers are counted, and how many each consultant had before."""

    since: str
    before: Mapping[str, int]

    def of(self, row: Person) -> int:
        """The offers that somebody got since."""
        return row.get("offers", 0) - int(self.before.get(str(row["id"]), 0))


def offered(rows: Iterable[Person], at: int) -> Offered:
    """Offers are counted from the first look of a month, some months ago."""
    had = {str(row["id"]): row.get("offers", 0) for row in rows}
    today = str(calendar.pacific_date(at))
    dynamodb.write(create(Key(PK, _OFFERS + today[:7]), {"day": today, "offers": had}))
    low = f"{_OFFERS}{calendar.pacific_date(at - rule.UNOFFERED)}"[:-3]
    first = next(iter(dynamodb.each(PK, field("sk").between(low, f"{_OFFERS}~"))))
    return Offered(str(first["day"]), first["offers"])


def row_of(row: Person, mine: Sequence[Dosage], given: Offered, at: int) -> Item:
    """What is shown of a consultant."""
    return {
        "name": str(row.get("name") or row["id"]),
        "counties": list(row.get("counties", [])),
        "active": bool(row.get("active")),
        "trainee": bool(row.get("trainee")),
        "load": row.get("load", 0),
        "cap": int(row.get("cap", 0)),
        "cases": len(mine),
        "planned": sum(one.planned for one in mine),
        "held": sum(one.held for one in mine),
        "quiet": [one.reference for one in mine if one.quiet],
        "notes": [one.reference for one in mine if one.note_due],
        "more": sum(one.more for one in mine),
        "on_hold": sum(one.on_hold for one in mine),
        "offers": given.of(row),
        "unoffered": unoffered(row, at),
    }


def sums(rows: Collection[Item]) -> Item:
    """The same of all consultants of a supervisor."""
    counted = ("load", "cap", "cases", "planned", "held", "more")
    numbers = {name: sum(row[name] for row in rows) for name in counted}
    flags = {name: sum(len(row[name]) for row in rows) for name in ("quiet", "notes")}
    return {"consultants": sum(row["active"] for row in rows), **numbers, **flags}


def even(rows: Iterable[Person], given: Offered, at: int) -> Item:
    """How evenly the work lies."""
    here = [row for row in rows if _counts(row, at)]
    shares = [100 * row.get("load", 0) // row.get("cap", 1) for row in here]
    return {
        "n": len(here),
        "shares": rule.grouped(shares, rule.GROUPS),
        "quarters": list(rule.quarters(shares)),
        "offers": rule.grouped([given.of(row) for row in here], rule.OFFERS),
        "since": given.since,
        "unoffered": sum(unoffered(row, at) for row in here),
    }


def unoffered(row: Person, at: int) -> bool:
    """Whether somebody can be asked, has room, and got no offer for long."""
    free = row.get("load", 0) < row.get("cap", 0) and not people.rests(row, at)
    return _counts(row, at) and free and row.get("last_offered_at", 0) < at - rule.UNOFFERED


def _counts(row: Person, at: int) -> bool:
    """Whether somebody is one of those among whom the work is to lie evenly."""
    return bool(row.get("cap") and not row.get("trainee")) and people.is_here(row, at)
