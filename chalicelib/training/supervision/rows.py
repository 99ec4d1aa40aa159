"""The rows of supervision.

| what                                        | pk               | sk                          |
|---------------------------------------------|------------------|-----------------------------|
| a threshold                                 | SUPERVISION      | THRESHOLD#{who}#{since}     |
| how everybody stands, for the directory     | SUPERVISION      | STANDING                    |
| the day's look                              | SUPERVISION      | NOW                         |
| somebody, and what they were told           | SUPERVISED#{id}  | PERSON                      |
| a meeting of theirs                         | SUPERVISED#{id}  | MET#{day}#{facilitator}#{way} |
| somebody, for who looks after them          | SUPERVISES#{key} | PERSON#{id}                 |
| a meeting that a facilitator is to confirm  | SUPERVISES#{key} | ASKED#{day}#{id}#{way}      |

Who looks after somebody is their facilitator, by id, or their supervisor, as ``staff:id``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item, known_fields
from chalicelib.aws.writes import Key, field, put
from chalicelib.directory import people
from chalicelib.directory.people import Person
from chalicelib.domain.calendar import midnight, pacific_date
from chalicelib.training.supervision.rule import Met, Threshold

PK: Final = "SUPERVISION"
NOW: Final = Key(PK, "NOW")
STANDING: Final = Key(PK, "STANDING")
_THRESHOLD, _MET, PERSON, ASKED = "THRESHOLD#", "MET#", "PERSON", "ASKED#"
ALONE, GROUP = "alone", "group"
# What was said of a meeting: it counts, its facilitator is asked, its facilitator said no.
COUNTS, WAITS, REFUSED = "counts", "waits", "refused"
# Days for which meetings are read and can be logged.
KEPT: Final = 800


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of one person with a facilitator, as it was logged."""

    person: str
    facilitator: str
    day: str
    way: str
    minutes: int
    said: str

    @property
    def key(self) -> Key:
        """Its row: one a day, facilitator and way, so that both sides mean the same."""
        return Key(f"SUPERVISED#{self.person}", f"{_MET}{self.day}#{self.facilitator}#{self.way}")

    @property
    def asked(self) -> Key:
        """The row that asks its facilitator."""
        return Key(of(self.facilitator), f"{ASKED}{self.day}#{self.person}#{self.way}")

    @property
    def met(self) -> Met:
        """The hours, as the rule counts them."""
        return Met(self.day, self.minutes, self.way == ALONE)


def of(key: str) -> str:
    """The partition of whoever looks after people."""
    return f"SUPERVISES#{key}"


def person(who: str) -> Key:
    """The row of somebody."""
    return Key(f"SUPERVISED#{who}", PERSON)


def meetings(who: str, at: int) -> list[Meeting]:
    """Somebody's meetings, the newest first."""
    first = pacific_date(at) - timedelta(days=KEPT)
    order = field("sk").between(f"{_MET}{first}", f"{_MET}~")
    found = dynamodb.each(f"SUPERVISED#{who}", order, consistent=True)
    return [meeting_of(row, who) for row in found][::-1]


def meeting_of(row: Item, who: str) -> Meeting:
    """A row as a meeting."""
    day, facilitator, way = str(row["sk"]).removeprefix(_MET).split("#")
    return Meeting(who, facilitator, day, way, int(row["minutes"]), str(row["said"]))


def asked(facilitator: str) -> list[tuple[Meeting, Item]]:
    """What a facilitator is to confirm, the oldest first, with its row."""
    found = []
    for row in dynamodb.query(of(facilitator), ASKED):
        day, who, way = str(row["sk"]).removeprefix(ASKED).split("#")
        found.append((Meeting(who, facilitator, day, way, int(row["minutes"]), WAITS), row))
    return found


def people_of(key: str) -> list[Item]:
    """Who somebody looks after, by name."""
    rows = dynamodb.query(of(key), f"{PERSON}#")
    listed = [{**row, "id": str(row["sk"]).partition("#")[2]} for row in rows]
    return sorted(listed, key=lambda row: str(row["name"]))


def thresholds() -> list[Threshold]:
    """All that were entered, the newest first."""
    rows = dynamodb.query(PK, _THRESHOLD)
    found = [Threshold(**known_fields(Threshold, row)) for row in rows]
    return sorted(found, key=lambda one: one.since, reverse=True)


def enter(one: Threshold) -> None:
    """Enter a threshold, in place of one of the same day."""
    dynamodb.write(put(Key(PK, f"{_THRESHOLD}{one.who}#{one.since}"), asdict(one)))


def standings() -> dict[str, tuple[str, str]]:
    """How everybody stands, by id: the state, and until when. Who is not there is asked for nothing."""
    row = dynamodb.get(STANDING) or {}
    told: Iterator[tuple[str, str]] = (
        (who, str(said)) for who, said in row.get("people", {}).items()
    )
    return {who: (said.partition(" ")[0], said.partition(" ")[2]) for who, said in told}


def endorsed_on(row: Person, day: str) -> bool:
    """Whether somebody was an endorsed facilitator on a day."""
    return people.endorsed(row, midnight(date.fromisoformat(day)))
