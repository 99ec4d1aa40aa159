"""Plain values to and from DynamoDB's own JSON, as ``{"S": "kern"}`` or ``{"N": "3"}``.

Numbers come back as int where they are whole, else as float; sets as sorted lists. Floats, empty
sets and bytes are refused: no row holds them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

# A row that was read, as plain values: the one place where the table's types end.
Item = dict[str, Any]
Attributes = dict[str, Item]


def known_fields(of: type[DataclassInstance], row: Mapping[str, object]) -> Item:
    """What of a row a dataclass has fields for: another release may have written more."""
    return {one.name: row[one.name] for one in fields(of) if one.name in row}


def attribute(value: object) -> Item:
    """A value as DynamoDB takes it. Raises TypeError for one that it cannot keep."""
    match value:
        case str():
            return {"S": value}
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case None:
            return {"NULL": True}
        case Mapping():
            return {"M": attributes(value)}
        case list() | tuple():
            return {"L": [attribute(one) for one in value]}
        case set() | frozenset() if value and all(isinstance(one, str) for one in value):
            return {"SS": sorted(value)}
    raise TypeError(f"a row cannot hold {type(value).__name__}")


def attributes(row: Mapping[str, object]) -> Attributes:
    """A row as DynamoDB takes it."""
    return {name: attribute(value) for name, value in row.items()}


def value_of(found: Item) -> Any:
    """The plain value of one attribute."""
    ((kind, value),) = found.items()
    # Most values are texts, and a directory has thirty thousand of them.
    return value if kind == "S" else _READERS[kind](value)


def row_of(found: Attributes) -> Item:
    """The plain values of a row."""
    # A call for each of them would take as long as the rest.
    return {
        name: value if kind == "S" else _READERS[kind](value)
        for name, one in found.items()
        for kind, value in one.items()
    }


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        exact = Decimal(text)
        return int(exact) if exact == exact.to_integral_value() else float(exact)


_READERS: dict[str, Callable[[Any], Any]] = {
    "S": lambda text: text,
    "N": _number,
    "BOOL": lambda truth: truth,
    "NULL": lambda _: None,
    "M": row_of,
    "L": lambda members: [value_of(one) for one in members],
    "SS": sorted,
    "NS": lambda members: sorted(map(_number, members)),
}


def size(value: object) -> int:
    """About how many bytes DynamoDB counts for a plain value (its own rule, rounded up)."""
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, bool) or value is None:
        return 1
    if isinstance(value, int | float):
        return (len(str(value)) + 1) // 2 + 1
    if isinstance(value, dict):
        return 3 + sum(1 + len(k.encode()) + size(v) for k, v in value.items())
    if isinstance(value, list | tuple | set):
        return 3 + sum(1 + size(one) for one in value)
    raise TypeError(f"a row cannot hold {type(value).__name__}")
