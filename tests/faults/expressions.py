"""DynamoDB's condition and update expressions, as far as the product writes them; any other fails.

As on AWS a reserved word, a name or value that is not defined, and one that is not used are errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import copy
from decimal import Decimal
from functools import lru_cache
from typing import Any

from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

Item = dict[str, Any]
# What an expression is evaluated with: the item, its names and its values.
Given = tuple[Item, dict[str, str], dict[str, Any]]
Test = Callable[[Given], bool]
Value = Callable[[Given], Any]

TOKEN = re.compile(r"\s*(<>|<=|>=|\[\d+\]|[=<>(),+.-]|[#:][A-Za-z0-9_]+|[A-Za-z_][A-Za-z0-9_]*)")
RESERVED = {word.upper() for word in ReservedKeywords.get_reserved_keywords()}
MISSING: Any = object()


class Wrong(Exception):
    """DynamoDB would say ValidationException, or this table does not know it."""


def tokens(text: str) -> list[str]:
    """The words of an expression."""
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise Wrong(f"cannot read {text[at:]!r}")
        found.append(match[1])
        at = match.end()
    return found


class Reader:
    """Reads one expression; ``used`` are the placeholders that it names."""

    def __init__(self, text: str) -> None:
        self.words, self.at = tokens(text), 0
        self.used: set[str] = set()

    @property
    def next(self) -> str:
        return self.words[self.at] if self.at < len(self.words) else ""

    def take(self, expected: str = "") -> str:
        word = self.next
        if not word or (expected and word.upper() != expected.upper()):
            raise Wrong(f"{expected or 'a word'} expected, found {word!r}")
        self.at += 1
        return word

    def has(self, word: str) -> bool:
        """Take ``word`` if it comes next."""
        if self.next.upper() != word:
            return False
        self.at += 1
        return True

    # -- conditions ---------------------------------------------------------------------------------
    def condition(self) -> Test:
        """``a OR b``; AND binds closer."""
        parts = [self._all()]
        while self.has("OR"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else lambda given: any(p(given) for p in parts)

    def _all(self) -> Test:
        parts = [self._one()]
        while self.has("AND"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else lambda given: all(p(given) for p in parts)

    def _one(self) -> Test:
        if self.has("NOT"):
            inner = self._one()
            return lambda given: not inner(given)
        if self.has("("):
            inner = self.condition()
            self.take(")")
            return inner
        word = self.next.lower()
        if word in ("attribute_exists", "attribute_not_exists"):
            self.take()
            self.take("(")
            path = self.path()
            self.take(")")
            wanted = word == "attribute_exists"
            return lambda given: (path(given) is not MISSING) is wanted
        if word in ("contains", "begins_with"):
            self.take()
            self.take("(")
            whole = self.path()
            self.take(",")
            part = self._operand()
            self.take(")")
            holds = _contains if word == "contains" else _begins
            return lambda given: holds(whole(given), part(given))
        left = self._operand()
        if self.has("IN"):
            return self._among(left)
        if self.has("BETWEEN"):
            return self._between(left)
        sign, right = self.take(), self._operand()
        if sign not in COMPARED:
            raise Wrong(f"no comparison: {sign}")
        compare = COMPARED[sign]
        return lambda given: compare(left(given), right(given))

    def _among(self, left: Value) -> Test:
        self.take("(")
        choices = [self.value()]
        while self.has(","):
            choices.append(self.value())
        self.take(")")
        alike = COMPARED["="]
        return lambda given: any(alike(left(given), choice(given)) for choice in choices)

    def _between(self, left: Value) -> Test:
        low = self.value()
        self.take("AND")
        high = self.value()
        at_least, at_most = COMPARED[">="], COMPARED["<="]
        return lambda given: at_least(left(given), low(given)) and at_most(left(given), high(given))

    def _operand(self) -> Value:
        if self.next.lower() == "size":
            self.take()
            self.take("(")
            path = self.path()
            self.take(")")
            return lambda given: _size(path(given))
        return self.value() if self.next.startswith(":") else self.path()

    # -- updates --------------------------------------------------------------------------------------
    def update(self) -> list[tuple[str, list[tuple[Value, Value | None]]]]:
        """Clauses as (SET / REMOVE / ADD / DELETE, [(path, value)]); a path gives its names here."""
        clauses: list[tuple[str, list[tuple[Value, Value | None]]]] = []
        while self.next:
            kind = self.take().upper()
            if kind not in ("SET", "REMOVE", "ADD", "DELETE") or kind in dict(clauses):
                raise Wrong(f"no clause: {kind}")
            members: list[tuple[Value, Value | None]] = []
            while True:
                names = self.names()
                if kind == "SET":
                    self.take("=")
                    members.append((names, self._set_value()))
                else:
                    members.append((names, None if kind == "REMOVE" else self.value()))
                if not self.has(","):
                    break
            clauses.append((kind, members))
        return clauses

    def _set_value(self) -> Value:
        word = self.next.lower()
        if word == "if_not_exists":
            self.take()
            self.take("(")
            path = self.path()
            self.take(",")
            other = self._set_value()
            self.take(")")
            return lambda given: other(given) if path(given) is MISSING else path(given)
        if word == "list_append":
            self.take()
            self.take("(")
            first = self._set_value()
            self.take(",")
            second = self._set_value()
            self.take(")")
            return lambda given: [*_list(first(given)), *_list(second(given))]
        value = self._operand()
        if self.next in ("+", "-"):
            raise Wrong("sums are not used here")
        return value

    # -- names and values -----------------------------------------------------------------------------
    def value(self) -> Value:
        """``:name``."""
        word = self.take()
        if not word.startswith(":"):
            raise Wrong(f"a value expected, found {word!r}")
        self.used.add(word)

        def look(given: Given) -> Any:
            if word not in given[2]:
                raise Wrong(f"{word} is not defined")
            return given[2][word]

        return look

    def names(self) -> Value:
        """A path as the list of its names."""
        parts = [self._name()]
        while self.next == "." or self.next.startswith("["):
            parts.append(self._name() if self.has(".") else self.take())
        return lambda given: [_named(part, given[1]) for part in parts]

    def path(self) -> Value:
        """A path's value in the item, or MISSING."""
        names = self.names()

        def look(given: Given) -> Any:
            at: Any = given[0]
            for name in names(given):
                if isinstance(name, int):
                    if not isinstance(at, list) or name >= len(at):
                        return MISSING
                elif not isinstance(at, dict) or name not in at:
                    return MISSING
                at = at[name]
            return at

        return look

    def _name(self) -> str:
        word = self.take()
        if word.startswith("#"):
            self.used.add(word)
        elif not re.fullmatch(r"[A-Za-z_]\w*", word) or word.upper() in RESERVED:
            raise Wrong(f"{word} is reserved, or no name")
        return word


def _named(part: str, names: dict[str, str]) -> Any:
    if part.startswith("["):
        return int(part[1:-1])
    if not part.startswith("#"):
        return part
    if part not in names:
        raise Wrong(f"{part} is not defined")
    return names[part]


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Wrong("list_append needs lists")
    return value


def _contains(whole: Any, part: Any) -> bool:
    if isinstance(whole, str) and not isinstance(part, str):
        return False
    return isinstance(whole, str | set | list) and part in whole


def _begins(whole: Any, part: Any) -> bool:
    return isinstance(whole, str) and isinstance(part, str) and whole.startswith(part)


def _size(value: Any) -> Any:
    return MISSING if value is MISSING else Decimal(len(value))


def _alike(a: Any, b: Any) -> bool:
    if a is MISSING or b is MISSING or type(a) is not type(b):
        return False
    return isinstance(a, str | Decimal)


COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a is not MISSING and b is not MISSING and type(a) is type(b) and a == b,
    "<>": lambda a, b: (
        a is not MISSING and b is not MISSING and not (type(a) is type(b) and a == b)
    ),
    "<": lambda a, b: _alike(a, b) and a < b,
    "<=": lambda a, b: _alike(a, b) and a <= b,
    ">": lambda a, b: _alike(a, b) and a > b,
    ">=": lambda a, b: _alike(a, b) and a >= b,
}


@lru_cache(maxsize=4096)
def read_condition(text: str) -> tuple[Test, frozenset[str]]:
    """A condition as a test, and the placeholders that it uses."""
    reader = Reader(text)
    test = reader.condition()
    if reader.next:
        raise Wrong(f"too much: {reader.next}")
    return test, frozenset(reader.used)


@lru_cache(maxsize=4096)
def read_update(text: str) -> tuple[list[Any], frozenset[str]]:
    """An update as its clauses, and the placeholders that it uses."""
    reader = Reader(text)
    return reader.update(), frozenset(reader.used)


def updated(item: Item, clauses: list[Any], names: dict[str, str], values: Item) -> Item:
    """The item after an update; what is read is the item as it was before."""
    given = (item, names, values)
    after = {**item}
    touched: list[list[str]] = []
    for kind, members in clauses:
        for path, value in members:
            where = path(given)
            if any(one[: len(where)] == where[: len(one)] for one in touched):
                raise Wrong(f"two paths overlap: {where}")
            touched.append(where)
            _apply(after, kind, where, value(given) if value is not None else None)
    return after


def _apply(after: Item, kind: str, where: list[str], value: Any) -> None:
    at = after
    for name in where[:-1]:
        inside = at if isinstance(at, dict) else dict(enumerate(at))
        if not isinstance(inside.get(name), dict | list):
            raise Wrong(f"no such path: {where}")
        at[name] = copy(at[name])
        at = at[name]
    last = where[-1]
    if isinstance(at, list):
        match kind, last:
            case "REMOVE", int():
                del at[last : last + 1]
            case "SET", int() if last < len(at):
                at[last] = value
            case _:
                raise Wrong("members of a list are only set and removed here")
        return
    match kind:
        case "SET":
            if value is MISSING:
                raise Wrong(f"the value of {where} is not there")
            at[last] = value
        case "REMOVE":
            at.pop(last, None)
        case "ADD":
            old = at.get(last)
            if isinstance(value, set) and (old is None or isinstance(old, set)):
                at[last] = (old or set()) | value
            elif isinstance(value, Decimal) and (old is None or isinstance(old, Decimal)):
                at[last] = (old or Decimal(0)) + value
            else:
                raise Wrong("ADD of another type")
        case "DELETE":
            old = at.get(last)
            if not isinstance(value, set) or not (old is None or isinstance(old, set)):
                raise Wrong("DELETE is for sets")
            left = (old or set()) - value
            if left:
                at[last] = left
            else:
                at.pop(last, None)
