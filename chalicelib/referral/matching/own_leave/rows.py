"""The days of a leave that a consultant entered, and what they wish for each consultation meanwhile. The row owes
staff a letter, which the clock sends.

| what                                     | pk         | sk             |
|------------------------------------------|------------|----------------|
| what a consultant wishes for their leave | OWN_LEAVES | OWNLEAVE#{id}  |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import Key, field, put, update
from chalicelib.directory import people
from chalicelib.web.languages import N_
from chalicelib.workflow.storage import keys

PK: Final = "OWN_LEAVES"
SK: Final = "OWNLEAVE#"
KEEP, OTHER = "keep", "other"
# A wish as the consultant reads it, and as staff do.
WISHES: Final = {
    KEEP: N_("It waits for me until I am back"),
    OTHER: N_("Somebody else should go on with it"),
}
TOLD: Final = {
    KEEP: N_("They wish that it waits until they are back."),
    OTHER: N_("They wish that somebody else goes on with it."),
}


def key(consultant: str) -> Key:
    """The row of a consultant."""
    return Key(PK, SK + consultant)


def enter(
    consultant: str, days: tuple[int, int] | None, wishes: Mapping[str, str], at: int
) -> None:
    """Write the days of a leave (UTC seconds), or that there is none, and that staff are to hear of it."""
    first, last = days or (None, None)
    leave: Item = {"on_leave_from": first, "on_leave_until": last}
    theirs = update(Key(people.CONSULTANTS, consultant)).set_or_remove(leave)
    owed = {"wishes": dict(wishes), "at": at, "wpk": keys.WAKE_PARTITION, "wake_at": at}
    dynamodb.transact([
        theirs.only_if(field("active").equals(True)),
        put(key(consultant), owed),
    ])  # fmt: skip
    people.forget()


def wishes_of(consultant: str) -> dict[str, str]:
    """What they wish for each consultation, by its reference."""
    row = dynamodb.get(key(consultant)) or {}
    return {str(one): str(wish) for one, wish in row.get("wishes", {}).items()}
