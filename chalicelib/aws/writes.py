"""Writes of single rows, built in one way and used alone or as members of a transaction.

    update(key).set(status="sent").remove("wake_at").only_if(field("version").equals(3))

Every name and value is a placeholder in the expression, so no name can collide with DynamoDB's
reserved words. A path is a name, or the steps into a row: ``("answers", "county")``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from copy import copy
from typing import NamedTuple, Self

from chalicelib.aws.attribute_values import Attributes, Item, attribute, attributes

Path = str | tuple[str | int, ...]


class Key(NamedTuple):
    """The primary key of a row."""

    pk: str
    sk: str


# Plain classes: nine dataclasses would add ten milliseconds to each cold start.
class _Value:
    def __init__(self, value: object) -> None:
        self.value = value


class _Name:
    def __init__(self, path: Path) -> None:
        self.path = path


Part = str | _Value | _Name
Parts = tuple[Part, ...]


class Condition:
    """What a row must hold for a write to happen. Combine them with ``&``, ``|`` and ``~``."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def __and__(self, other: Condition) -> Condition:
        return Condition((*self.parts, " AND ", *other.parts))

    def __or__(self, other: Condition) -> Condition:
        return Condition(("(", *self.parts, " OR ", *other.parts, ")"))

    def __invert__(self) -> Condition:
        return Condition(("NOT (", *self.parts, ")"))


class Field:
    """A field of a row, for conditions. No comparison holds for a field that is not there."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def exists(self) -> Condition:
        """It is there."""
        return self._called("attribute_exists")

    def absent(self) -> Condition:
        """It is not there."""
        return self._called("attribute_not_exists")

    def begins_with(self, prefix: str) -> Condition:
        """It is a text that begins so."""
        return self._called("begins_with", prefix)

    def contains(self, member: str) -> Condition:
        """It is a set or a list with this member."""
        return self._called("contains", member)

    def equals(self, value: object) -> Condition:
        """It has this value."""
        return self._compared("=", value)

    def differs(self, value: object) -> Condition:
        """It has another value."""
        return self._compared("<>", value)

    def less_than(self, value: int | str) -> Condition:
        """It is smaller."""
        return self._compared("<", value)

    def below(self, other: Path) -> Condition:
        """It is smaller than another field."""
        return Condition((_Name(self.path), " < ", _Name(other)))

    def at_most(self, value: int | str) -> Condition:
        """It is smaller or the same."""
        return self._compared("<=", value)

    def at_least(self, value: int | str) -> Condition:
        """It is larger or the same."""
        return self._compared(">=", value)

    def more_than(self, value: int | str) -> Condition:
        """It is larger."""
        return self._compared(">", value)

    def one_of(self, *values: str) -> Condition:
        """It has one of these values."""
        listed = [part for value in values for part in (", ", _Value(value))][1:]
        return Condition((_Name(self.path), " IN (", *listed, ")"))

    def has_size(self, size: int) -> Condition:
        """It has as many members."""
        return Condition(("size(", _Name(self.path), ") = ", _Value(size)))

    def size_at_most(self, size: int) -> Condition:
        """It has so many members at the most."""
        return Condition(("size(", _Name(self.path), ") <= ", _Value(size)))

    def between(self, low: int | str, high: int | str) -> Condition:
        """It is at least the one and at most the other."""
        return Condition((_Name(self.path), " BETWEEN ", _Value(low), " AND ", _Value(high)))

    def smaller_than(self, other: Path) -> Condition:
        """It has fewer members than the number in another field says."""
        return Condition(("size(", _Name(self.path), ") < ", _Name(other)))

    def _compared(self, sign: str, value: object) -> Condition:
        return Condition((_Name(self.path), f" {sign} ", _Value(value)))

    def _called(self, function: str, *values: str) -> Condition:
        more = [part for value in values for part in (", ", _Value(value))]
        return Condition((f"{function}(", _Name(self.path), *more, ")"))


def field(path: Path) -> Field:
    """A field of a row: a name, or the steps to it."""
    return Field(path)


class Placeholders:
    """Gives the names and values of one request their placeholders."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.values: Attributes = {}

    def text(self, parts: Iterable[Part]) -> str:
        """An expression's text."""
        return "".join(self._text(part) for part in parts)

    def arguments(self) -> Item:
        """What a request needs beside its expressions."""
        found: Item = {}
        if self.names:
            found["ExpressionAttributeNames"] = {alias: n for n, alias in self.names.items()}
        if self.values:
            found["ExpressionAttributeValues"] = self.values
        return found

    def _text(self, part: Part) -> str:
        if isinstance(part, _Value):
            alias = f":{len(self.values)}"
            self.values[alias] = attribute(part.value)
            return alias
        if isinstance(part, _Name):
            path = (part.path,) if isinstance(part.path, str) else part.path
            return "".join(self._step(n, step) for n, step in enumerate(path))
        return part

    def _step(self, number: int, step: str | int) -> str:
        if isinstance(step, int):
            return f"[{step}]"
        alias = self.names.setdefault(step, f"#{len(self.names)}")
        return f".{alias}" if number else alias


class Write:
    """One row's write, which never changes: every method returns another. It happens only if its
    conditions hold."""

    condition: Condition | None = None

    def __init__(self, key: Key) -> None:
        self.key = key

    def only_if(self, *conditions: Condition) -> Self:
        """The same write under further conditions, all of which must hold."""
        made = copy(self)
        for one in conditions:
            made.condition = one if made.condition is None else made.condition & one
        return made

    def request(self) -> Item:
        """The arguments of its call, or of its member of a transaction."""
        placeholders = Placeholders()
        found = self._body(placeholders)
        if self.condition is not None:
            found["ConditionExpression"] = placeholders.text(self.condition.parts)
        return found | placeholders.arguments()

    def _body(self, placeholders: Placeholders) -> Item:
        return {"Key": attributes(self.key._asdict())}


class Put(Write):
    """Writes a whole row in place of what was there."""

    def __init__(self, key: Key, row: Mapping[str, object]) -> None:
        super().__init__(key)
        self.row = row

    def _body(self, placeholders: Placeholders) -> Item:
        return {"Item": attributes({**self.key._asdict(), **self.row})}


class Delete(Write):
    """Removes a row; one that is gone already is fine, unless a condition says otherwise."""


class Update(Write):
    """Changes single fields of a row, which is made when it is not there."""

    def __init__(self, key: Key) -> None:
        super().__init__(key)
        self.clauses: dict[str, tuple[Parts, ...]] = {}

    def set(self, fields: Mapping[str, object] | None = None, /, **more: object) -> Update:
        """Give fields a value."""
        made = self
        for name, value in {**(fields or {}), **more}.items():
            made = made.set_at(name, value)
        return made

    def set_at(self, path: Path, value: object) -> Update:
        """Give the field at a path a value."""
        return self._with("SET", _Name(path), " = ", _Value(value))

    def set_default(self, path: Path, value: object) -> Update:
        """Give a field a value unless it has one."""
        name = _Name(path)
        return self._with("SET", name, " = if_not_exists(", name, ", ", _Value(value), ")")

    def append(self, path: Path, *members: object) -> Update:
        """Add to the end of a list, which is made when it is not there."""
        name, none, more = _Name(path), _Value([]), _Value(list(members))
        made = (name, " = list_append(if_not_exists(", name, ", ", none, "), ", more, ")")
        return self._with("SET", *made)

    def remove(self, *paths: Path) -> Update:
        """Take fields away; what is not there is fine."""
        made = self
        for path in paths:
            made = made._with("REMOVE", _Name(path))
        return made

    def set_or_remove(self, fields: Mapping[str, object], under: str = "") -> Update:
        """Give fields a value, and take away those whose value is None; ``under``: inside a map."""
        made = self
        for name, value in fields.items():
            path: Path = (under, name) if under else name
            made = made.remove(path) if value is None else made.set_at(path, value)
        return made

    def add(self, path: Path, what: int | AbstractSet[str]) -> Update:
        """Add to a number or to a set, which is made when it is not there."""
        return self._with("ADD", _Name(path), " ", _Value(what))

    def discard(self, path: Path, members: AbstractSet[str]) -> Update:
        """Take members out of a set."""
        return self._with("DELETE", _Name(path), " ", _Value(members))

    def _with(self, clause: str, *parts: Part) -> Update:
        made = copy(self)
        made.clauses = {**self.clauses, clause: (*self.clauses.get(clause, ()), parts)}
        return made

    def _body(self, placeholders: Placeholders) -> Item:
        said = [
            f"{clause} {', '.join(placeholders.text(parts) for parts in members)}"
            for clause, members in self.clauses.items()
        ]
        return super()._body(placeholders) | {"UpdateExpression": " ".join(said)}


def update(key: Key) -> Update:
    """Change fields of a row."""
    return Update(key)


def put(key: Key, row: Mapping[str, object]) -> Put:
    """Write a row in place of what was there."""
    return Put(key, row)


def create(key: Key, row: Mapping[str, object]) -> Put:
    """Write a row that must not be there yet."""
    return Put(key, row).only_if(field("pk").absent())


def delete(key: Key) -> Delete:
    """Remove a row."""
    return Delete(key)
