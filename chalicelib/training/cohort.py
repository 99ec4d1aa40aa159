"""A cohort of the training program, as staff enter it: its days, its seats, who facilitates, and what is
required to complete it, as data with the day from which it counts.

| what                                     | pk      | sk   |
|------------------------------------------|---------|------|
| a cohort, its requirements and its seats | COHORTS | {id} |

All days are days of California, as ISO dates. A seat is held by a case: an application whose offer is
open or accepted, or a trainee whom staff enrolled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Final, Self

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item, known_fields
from chalicelib.aws.writes import Key, Write, create, update
from chalicelib.aws.writes import field as of_row
from chalicelib.directory import places
from chalicelib.domain.calendar import midnight, months_later, pacific_date
from chalicelib.domain.errors import NotFound

COHORTS: Final = "COHORTS"
# What the Network has published of its program: nine months, a session and a small group in each, and a
# practicum of eight to twelve hours. Staff enter what it has not: how many meetings with the facilitator.
MONTHS: Final = 9
SESSIONS, SMALL_GROUPS = 9, 9
PRACTICUM_HOURS: Final = 8


@dataclass(frozen=True, slots=True)
class Requirements:
    """What completes the program from the day ``since``: numbers of sessions, of meetings of the small group
    and with the facilitator, and minutes of practicum. Besides, each item of the coursework."""

    since: str
    sessions: int = SESSIONS
    small_groups: int = SMALL_GROUPS
    practicum_minutes: int = 60 * PRACTICUM_HOURS
    facilitator_meetings: int = 0


@dataclass(frozen=True, slots=True)
class Coursework:
    """A piece of work that each trainee hands in. ``title`` is by language; ``due``: the day, "" for none;
    ``dropped``: it is not asked for any more."""

    id: str
    title: Mapping[str, str]
    due: str = ""
    dropped: bool = False


@dataclass(frozen=True)
class Cohort:
    """``ends_on``: the last day of the program. ``applications_open_on`` and ``applications_close_on``: the
    first and the last day on which somebody may apply. ``reply_days``: calendar days to answer an offer.
    ``facilitators``: ``staff:id`` or ``consultant:id``. ``requirements``: the oldest first, none of them
    ever removed. ``held``: whose the seats are."""

    id: str
    name: str
    begins_on: str
    ends_on: str
    seats: int
    applications_open_on: str
    applications_close_on: str
    reply_days: int
    facilitators: Sequence[str] = ()
    requirements: Sequence[Requirements] = ()
    coursework: Sequence[Coursework] = ()
    held: Sequence[str] = ()
    entered: int = 0
    version: int = 1
    demo: bool = False

    @classmethod
    def of(cls, row: Mapping[str, object]) -> Self:
        """As it was written, by this release or another."""
        kept: Item = known_fields(cls, row) | {"id": str(row["sk"]), "seats": row["cap"]}
        for name, made in (("requirements", Requirements), ("coursework", Coursework)):
            kept[name] = [made(**known_fields(made, one)) for one in kept.get(name, ())]
        return cls(**kept)

    def to_row(self) -> Item:
        """As its row keeps it; ``cap`` is what the places of a row are counted by."""
        values: Item = {one.name: getattr(self, one.name) for one in fields(self)}
        for gone in ("id", "held", "seats"):
            del values[gone]
        for name in ("requirements", "coursework"):
            values[name] = [asdict(one) for one in values[name]]
        values["facilitators"] = list(values["facilitators"])
        return {"cap": self.seats, **{n: v for n, v in values.items() if v not in ("", False)}}

    @property
    def begins(self) -> int:
        """The instant at which its first day begins (UTC seconds)."""
        return midnight(date.fromisoformat(self.begins_on))

    @property
    def opens(self) -> int:
        """The instant from which it takes applications (UTC seconds)."""
        return midnight(date.fromisoformat(self.applications_open_on))

    def takes_applications(self, at: int) -> bool:
        """Whether somebody may apply at an instant (UTC seconds)."""
        today = pacific_date(at).isoformat()
        return self.applications_open_on <= today <= self.applications_close_on

    @property
    def free(self) -> int:
        """Seats that nobody holds."""
        return max(0, self.seats - len(self.held))

    def required(self, day: str) -> Requirements:
        """What counts on a day: the newest requirements that count by then, else the first ones."""
        by_then = [one for one in self.requirements if one.since <= day]
        if by_then:
            return by_then[-1]
        return self.requirements[0] if self.requirements else Requirements(self.begins_on)

    def work(self, item: str) -> Coursework:
        """A piece of its coursework. Raises NotFound."""
        found = next((one for one in self.coursework if one.id == item), None)
        if found is None:
            raise NotFound(item)
        return found

    @property
    def asked_for(self) -> list[Coursework]:
        """The coursework that is to be handed in."""
        return [one for one in self.coursework if not one.dropped]


def last_day(begins_on: str) -> str:
    """The last day of a program that begins on a day, where staff enter no other: nine months later."""
    return months_later(date.fromisoformat(begins_on), MONTHS).isoformat()


def cohorts() -> list[Cohort]:
    """Every cohort, the newest first."""
    found = [Cohort.of(row) for row in dynamodb.query(COHORTS, consistent=True)]
    return sorted(found, key=lambda one: (one.begins_on, one.id), reverse=True)


def cohort(key: str) -> Cohort:
    """One cohort as it stands. Raises NotFound."""
    row = dynamodb.get(Key(COHORTS, key), consistent=True) if key else None
    if row is None:
        raise NotFound(key)
    return Cohort.of(row)


def add(new: Cohort) -> bool:
    """Write a new one; False when this very press did so before."""
    return dynamodb.write(create(Key(COHORTS, new.id), new.to_row()))


def change(new: Cohort) -> bool:
    """Change what staff entered; False where more seats are held than there would be, or somebody else changed
    it since ``new`` was read. A change whose reply was lost and that was sent twice is known again."""
    fits = of_row("held").absent() | of_row("held").size_at_most(new.seats)
    row = replace(new, version=new.version + 1).to_row()
    changed = update(Key(COHORTS, new.id)).set(row)
    if dynamodb.write(changed.only_if(of_row("version").equals(new.version), fits)):
        return True
    return cohort(new.id).to_row() == row


def require(found: Cohort, new: Requirements) -> Cohort:
    """A cohort with requirements that count from their day on, in place of others of the same day."""
    others = [one for one in found.requirements if one.since != new.since]
    return replace(found, requirements=sorted([*others, new], key=lambda one: one.since))


# -- seats: members of the transaction of a case's command --------------------------------------------
def take_seat(key: str, reference: str) -> Write:
    """Give a case one of the seats; refuses where none is free, or it has one."""
    return places.reserve(Key(COHORTS, key), reference)


def return_seat(key: str, reference: str) -> Write:
    """Return it; refuses a second time."""
    return places.release(Key(COHORTS, key), reference)
