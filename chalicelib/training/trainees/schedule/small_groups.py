"""The small groups of a cohort, as staff enter them.

| what          | pk             | sk          |
|---------------|----------------|-------------|
| a small group | TRAININGGROUPS | {id}        |

The sessions of a cohort are the meetings of a group that is called as the cohort is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final, Self

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import known_fields
from chalicelib.aws.writes import Key, create, field, update
from chalicelib.domain.errors import NotFound

GROUPS: Final = "TRAININGGROUPS"


@dataclass(frozen=True, slots=True)
class SmallGroup:
    """``facilitator``: who leads its meetings, ``staff:id`` or ``consultant:id``."""

    id: str
    cohort: str
    name: str
    facilitator: str
    demo: bool = False

    @classmethod
    def of(cls, row: Mapping[str, object]) -> Self:
        """As it was written, by this release or another."""
        return cls(**known_fields(cls, row) | {"id": str(row["sk"])})


def add(new: SmallGroup) -> bool:
    """Write a new one; False when this very press did so before."""
    values = {name: value for name, value in asdict(new).items() if name != "id" and value}
    return dynamodb.write(create(Key(GROUPS, new.id), values))


def led_by(who: str) -> list[SmallGroup]:
    """Those that somebody leads."""
    return [one for one in map(SmallGroup.of, dynamodb.query(GROUPS)) if one.facilitator == who]


def give(key: str, who: str, to: str) -> bool:
    """Let somebody else lead one; False when it is not led by ``who``."""
    given = update(Key(GROUPS, key)).set(facilitator=to)
    return dynamodb.write(given.only_if(field("facilitator").equals(who)))


def groups(cohort: str) -> list[SmallGroup]:
    """Those of a cohort, by name."""
    found = [SmallGroup.of(row) for row in dynamodb.query(GROUPS, consistent=True)]
    return sorted((one for one in found if one.cohort == cohort), key=lambda one: one.name)


def group(key: str) -> SmallGroup:
    """One of them. Raises NotFound."""
    row = dynamodb.get(Key(GROUPS, key), consistent=True) if key else None
    if row is None:
        raise NotFound(key)
    return SmallGroup.of(row)
