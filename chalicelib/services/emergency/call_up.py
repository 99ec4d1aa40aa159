"""A call-up of the roster in an emergency: how many places it has, who is asked for them, and whose they are.

| what       | pk             | sk          |
|------------|----------------|-------------|
| a call-up  | EMERGENCY#{id} | CALLUP#{id} |

A place is taken and given back in the transaction of the case's own command, and the same write wakes the
clock, which then tells the others (``call_up_round.py``). ``turns`` counts these writes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Final, Self

from chalicelib import rooms
from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item, known_fields
from chalicelib.aws.writes import Key, Update, create, update
from chalicelib.aws.writes import field as of_row
from chalicelib.directory import emergencies, people, places
from chalicelib.directory.emergencies import Emergency
from chalicelib.directory.people import Person
from chalicelib.domain.errors import NotFound
from chalicelib.services.emergency import rows
from chalicelib.web.languages import N_
from chalicelib.workflow import registry
from chalicelib.workflow.storage import keys

SK: Final = "CALLUP#"
VIRTUAL, ONSITE = "virtual", "onsite"
WAYS: Final = {VIRTUAL: N_("By video or phone"), ONSITE: N_("In person, they travel")}
HAS_PLACE: Final = N_("Has a place in this emergency.")
ELSEWHERE: Final = N_("Has a place in another emergency.")
ASKED_ALREADY: Final = N_("Is asked for this emergency already.")


@dataclass(frozen=True)
class CallUp:
    """``at``: when it was sent (UTC seconds), ``by`` whom. ``cap``: places; ``held``: the references of
    whose they are. ``asked``: consultant -> the reference of their case. ``county`` and ``language`` are
    what they were chosen by; ``note`` is what staff wrote to them."""

    emergency: str
    id: str
    at: int
    by: str
    cap: int
    way: str
    county: str = ""
    language: str = ""
    note: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)
    held: Collection[str] = ()
    turns: int = 0

    @classmethod
    def of(cls, row: Mapping[str, object]) -> Self:
        """As it was written, by this release or another."""
        emergency, key = rows.id_of(str(row["pk"])), str(row["sk"]).removeprefix(SK)
        return cls(**known_fields(cls, row) | {"emergency": emergency, "id": key})

    @property
    def free(self) -> int:
        """Places that nobody has."""
        return max(0, self.cap - len(self.held))

    def has_place(self, consultant: str) -> bool:
        """Whether somebody has one of the places."""
        return self.asked.get(consultant, "") in self.held


def key_of(emergency: str, call_up: str) -> Key:
    """Where a call-up is kept."""
    return Key(rows.partition(emergency), SK + call_up)


def find(emergency: str, call_up: str) -> CallUp:
    """One as it stands. Raises NotFound."""
    row = dynamodb.get(key_of(emergency, call_up), consistent=True)
    if row is None:
        raise NotFound(call_up)
    return CallUp.of(row)


def of_emergency(emergency: str) -> list[CallUp]:
    """All of an emergency, the newest first."""
    found = dynamodb.query(rows.partition(emergency), SK, consistent=True)
    return sorted(map(CallUp.of, found), key=lambda one: (one.at, one.id), reverse=True)


def send(new: CallUp) -> bool:
    """Write a new one, and let the clock ask everybody; False when this very press did so before."""
    row = {one.name: getattr(new, one.name) for one in fields(new)}
    kept = {n: v for n, v in row.items() if n not in ("emergency", "id", "held") and v != ""}
    return dynamodb.write(create(key_of(new.emergency, new.id), kept | _soon(new.at)))


def _soon(at: int) -> Item:
    return {"wpk": keys.WAKE_URGENT, "wake_at": at}


def look(emergency: str, at: int) -> None:
    """Let the clock look at all call-ups of an emergency, as its end has moved."""
    for one in of_emergency(emergency):
        dynamodb.write(update(key_of(emergency, one.id)).set(_soon(at)).add("turns", 1))


# -- places: members of the transaction of a case's command ----------------------------------------
def take(emergency: str, call_up: str, reference: str, at: int) -> Update:
    """Give a case one of the places; refuses where none is free."""
    taken = places.reserve(key_of(emergency, call_up), reference)
    return taken.set(_soon(at)).add("turns", 1)


def give_back(emergency: str, call_up: str, reference: str, at: int) -> Update:
    """Return the place; refuses a second time."""
    returned = places.release(key_of(emergency, call_up), reference)
    return returned.set(_soon(at)).add("turns", 1)


def seen(one: CallUp, again: int) -> None:
    """Note that all of a call-up is as it should be, until ``again`` (0: for good); nothing where a place
    changed hands meanwhile."""
    done = update(key_of(one.emergency, one.id))
    done = done.set(wake_at=again) if again else done.remove("wake_at", "wpk")
    dynamodb.write(done.only_if(of_row("turns").equals(one.turns)))


# -- who would be asked ----------------------------------------------------------------------------
def candidates(
    one: Emergency, county: str, language: str, way: str, at: int
) -> list[tuple[Person, list[str]]]:
    """Every consultant by name with the reasons (msgids) against asking them; none for who would be asked.

    With a ``county`` only those who serve it; else whoever travels serves one of the emergency's.
    """
    others = of_emergency(one.id)
    busy = _with_places(one, at)
    against = registry.load(rooms.ROSTER)
    found = []
    for row in sorted(people.consultants(), key=lambda row: (row.get("name", ""), row["id"])):
        near = [county] if county else one.counties if way == ONSITE else []
        reasons = list(against(row, near, language, way == ONSITE, at))
        reasons += _before(row["id"], others) or ([ELSEWHERE] if row["id"] in busy else [])
        found.append((row, reasons))
    return found


def _with_places(one: Emergency, at: int) -> set[str]:
    """Who has a place in another emergency in force: nobody works in two at once."""
    found = (sent for other in emergencies.in_force(at) if other.id != one.id
             for sent in of_emergency(other.id))  # fmt: skip
    return {who for sent in found for who in sent.asked if sent.has_place(who)}


def _before(consultant: str, others: list[CallUp]) -> list[str]:
    theirs = [one for one in others if consultant in one.asked]
    if any(one.has_place(consultant) for one in theirs):
        return [HAS_PLACE]
    return [ASKED_ALREADY] if any(one.free for one in theirs) else []
