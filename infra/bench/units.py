"""AWS's rule for request units: by the size of what was written or read, not by the call.

The emulator counts half a unit for any read, whatever it read; the bench may not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# An attribute as DynamoDB's API writes it: {"S": "text"}, {"M": {...}} and so on.
Attribute = Mapping[str, object]
Row = Mapping[str, Attribute]
KILOBYTE = 1024


@dataclass(frozen=True)
class Index:
    """What an index copies of a row: its own keys first; ``copied`` None copies everything."""

    keys: tuple[str, ...]
    copied: frozenset[str] | None


@dataclass(frozen=True)
class Schema:
    """A table's keys and its indexes by name."""

    keys: tuple[str, ...]
    indexes: Mapping[str, Index]


def size(row: Row) -> int:
    """Bytes that DynamoDB counts for a row."""
    return sum(len(name.encode()) + _value(value) for name, value in row.items())


def _value(attribute: Attribute) -> int:
    ((kind, value),) = attribute.items()
    match kind, value:
        case (("S" | "B"), str()):
            return len(value.encode())
        case "N", str():
            return (len(value.strip("-").replace(".", "")) + 1) // 2 + 1
        case "L", list():
            return 3 + sum(1 + _value(one) for one in value)
        case "M", dict():
            return 3 + sum(1 + len(name.encode()) + _value(one) for name, one in value.items())
        case (("SS" | "NS" | "BS"), list()):
            return sum(len(str(one).encode()) for one in value)
    return 1


def entry(row: Row | None, index: Index, schema: Schema) -> dict[str, Attribute]:
    """What an index holds of a row; empty when the row has not all of the index's keys."""
    if row is None or not all(key in row for key in index.keys):
        return {}
    if index.copied is None:
        return dict(row)
    names = index.copied | set(index.keys) | set(schema.keys)
    return {name: value for name, value in row.items() if name in names}


def write_units(
    before: Row | None, after: Row | None, schema: Schema, *, transaction: bool = False
) -> float:
    """Units of one write: the larger image of the row, and of each index entry that changes.

    A transaction writes the row twice; its indexes follow later, once.
    """
    units = _kilobytes(max(size(before or {}), size(after or {}))) * (2 if transaction else 1)
    for index in schema.indexes.values():
        old, new = (entry(row, index, schema) for row in (before, after))
        moved = old and new and any(old[key] != new[key] for key in index.keys)
        if moved:
            units += _kilobytes(size(old)) + _kilobytes(size(new))
        elif old != new:
            units += _kilobytes(max(size(old), size(new)))
    return units


def _kilobytes(count: int) -> float:
    return max(1.0, math.ceil(count / KILOBYTE))


def read_units(rows: Sequence[Row], *, consistent: bool) -> float:
    """Units of one get or one page of a query: the sum of the sizes, in steps of 4 KB."""
    steps = max(1, math.ceil(sum(map(size, rows)) / (4 * KILOBYTE)))
    return steps * (1.0 if consistent else 0.5)
