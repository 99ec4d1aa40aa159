"""The rubric by which applications are scored: dated data that staff enter.

| what      | pk       | sk                    |
|-----------|----------|-----------------------|
| a rubric  | RUBRICS  | {since}#{id}          |

The one in force on the day on which a cohort begins to take applications is its rubric, so a later one changes no
score that was given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self, TypedDict

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item, known_fields
from chalicelib.aws.writes import Key, create
from chalicelib.training.cohort import Cohort

RUBRICS: Final = "RUBRICS"


class Criterion(TypedDict):
    """What is scored, and what each score means: ``anchors`` from one point upwards."""

    name: str
    anchors: list[str]


@dataclass(frozen=True)
class Rubric:
    """``since``: from which day it is in force (ISO, Pacific). ``threshold``: when the sums of two scores
    differ by more points than this, a third reviewer is asked. ``source``: where it comes from."""

    id: str
    since: str
    name: str
    threshold: int
    criteria: Sequence[Criterion] = field(default_factory=list)
    source: str = ""
    demo: bool = False

    @classmethod
    def of(cls, row: Mapping[str, object]) -> Self:
        """As it was written, by this release or another."""
        return cls(**known_fields(cls, row) | {"id": str(row["sk"]).partition("#")[2]})

    @property
    def most(self) -> int:
        """The greatest sum of points."""
        return sum(len(one["anchors"]) for one in self.criteria)

    def to_row(self) -> Item:
        """As its row keeps it."""
        row: Item = {
            "since": self.since,
            "name": self.name,
            "threshold": self.threshold,
            "criteria": [dict(one) for one in self.criteria],
            "source": self.source,
        }
        return row | ({"demo": True} if self.demo else {})


def rubrics() -> list[Rubric]:
    """Every rubric, the newest first."""
    return [Rubric.of(row) for row in dynamodb.query(RUBRICS, consistent=True)][::-1]


def rubric_of(cohort: Cohort) -> Rubric | None:
    """The rubric by which a cohort's applications are scored; None where none is in force."""
    day = cohort.applications_open_on or cohort.begins_on
    return next((one for one in rubrics() if one.since <= day), None)


def add(new: Rubric) -> bool:
    """Write a new one; False when this very press did so before."""
    return dynamodb.write(create(Key(RUBRICS, f"{new.since}#{new.id}"), new.to_row()))
