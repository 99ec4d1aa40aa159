"""DynamoDB's condition and update expressions, as far as the product writes them; any other fails.

An expression is translated to Python, word by word, and compiled once. As on AWS a reserved word, a
name or value that is not defined, and one that is not used are errors.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from copy import copy
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

Item = dict[str, Any]
# What an expression is evaluated with: the item, its names and its values.
Given = tuple[Item, dict[str, str], dict[str, Any]]
Test = Callable[[Given], bool]
Value = Callable[[Given], Any]

RESERVED = {word.upper() for word in ReservedKeywords.get_reserved_keywords()}
MISSING: Any = object()
NAME = r"(?:#\w+|[A-Za-z_]\w*)"
PATH = rf"{NAME}(?:\.{NAME}|\[\d+\])*"
VALUE = r":\w+"
OPERAND = rf"(?:size\({PATH}\)|{VALUE}|{PATH})"
CONDITION = re.compile(
    rf"\s*(?:(?P<word>\(|\)|AND\b|OR\b|NOT\b)"
    rf"|(?P<function>attribute_exists|attribute_not_exists|contains|begins_with)"
    rf"\((?P<whole>{PATH})(?:,\s*(?P<part>{OPERAND}))?\)"
    rf"|(?P<left>{OPERAND})\s*(?:(?P<sign><>|<=|>=|[=<>])\s*(?P<right>{OPERAND})"
    rf"|BETWEEN (?P<low>{VALUE}) AND (?P<high>{VALUE})"
    rf"|IN \((?P<choices>{VALUE}(?:,\s*{VALUE})*)\)))"
)
CLAUSE = re.compile(r"\s*\b(SET|REMOVE|ADD|DELETE) (.+?)(?=\s+(?:SET|REMOVE|ADD|DELETE)\b|\s*$)")
SOURCE = re.compile(rf"\s*(?:(?P<word>if_not_exists\(|list_append\(|,|\))|(?P<left>{OPERAND}))")
# A comma that is not inside of a function.
COMMA = re.compile(r",\s*(?![^(]*\))")


class Wrong(Exception):
    """DynamoDB would say ValidationException, or this table does not know it."""


# -- what the words mean ----------------------------------------------------------------------------
@lru_cache(maxsize=4096)
def steps(path: str) -> tuple[str | int, ...]:
    """The names in a path, and the numbers in its brackets."""
    found = re.findall(r"[#\w]+", path)
    if reserved := [word for word in found if word.upper() in RESERVED]:
        raise Wrong(f"reserved: {reserved}")
    return tuple(int(word) if word.isdigit() else word for word in found)


def where(path: str, names: dict[str, str]) -> list[str | int]:
    """The same, with the names that stand behind placeholders."""
    found = steps(path)
    if unknown := [w for w in found if isinstance(w, str) and w[0] == "#" and w not in names]:
        raise Wrong(f"not defined: {unknown}")
    return [names.get(word, word) if isinstance(word, str) else word for word in found]


def value_of(given: Given, operand: str) -> Any:
    """What a path, a value or a size is, or MISSING."""
    item, names, values = given
    if operand[0] == ":":
        if operand not in values:
            raise Wrong(f"{operand} is not defined")
        return values[operand]
    if operand.startswith("size("):
        found = value_of(given, operand[5:-1])
        return found if found is MISSING else Decimal(len(found))
    at: Any = item
    for name in where(operand, names):
        there = isinstance(at, list) and name < len(at) if isinstance(name, int) else (
            isinstance(at, dict) and name in at
        )  # fmt: skip
        if not there:
            return MISSING
        at = at[name]
    return at


def compared(sign: str, a: Any, b: Any) -> bool:
    """A comparison of two values; none holds for what is not there."""
    if a is MISSING or b is MISSING:
        return False
    alike = type(a) is type(b)
    if sign in ("=", "<>"):
        return (alike and a == b) is (sign == "=")
    signs = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
    return alike and isinstance(a, str | Decimal) and bool(signs[sign](a, b))


def contains(whole: Any, part: Any) -> bool:
    if isinstance(whole, str) and not isinstance(part, str):
        return False
    return isinstance(whole, str | set | list) and part in whole


def begins_with(whole: Any, part: Any) -> bool:
    return isinstance(whole, str) and isinstance(part, str) and whole.startswith(part)


def list_append(first: Any, second: Any) -> list[Any]:
    if not (isinstance(first, list) and isinstance(second, list)):
        raise Wrong("list_append needs lists")
    return [*first, *second]


FUNCTIONS: dict[str, Any] = {
    "compared": compared,
    "contains": contains,
    "begins_with": begins_with,
    "list_append": list_append,
    "attribute_exists": lambda value: value is not MISSING,
    "attribute_not_exists": lambda value: value is MISSING,
    "if_not_exists": lambda value, other: other if value is MISSING else value,
}


# -- to Python --------------------------------------------------------------------------------------
def _python(word: re.Match[str]) -> str:
    """A word of an expression in Python; ``of`` gives an operand's value."""
    found = {name: text for name, text in word.groupdict().items() if text}
    for operand in (found.get(part, "") for part in ("left", "right", "whole", "part")):
        if re.fullmatch(PATH, operand):
            steps(operand)
    match found:
        case {"word": text}:
            return text.lower()
        case {"function": name, "whole": whole, "part": part}:
            return f"{name}(of({whole!r}), of({part!r}))"
        case {"function": name, "whole": whole}:
            return f"{name}(of({whole!r}))"
        case {"left": left, "sign": sign, "right": right}:
            return f"compared({sign!r}, of({left!r}), of({right!r}))"
        case {"left": left, "low": low, "high": high}:
            return f"(compared('>=', of({left!r}), of({low!r})) and compared('<=', of({left!r}), of({high!r})))"
        case {"left": left, "choices": choices}:
            each = [
                f"compared('=', of({left!r}), of({one!r}))" for one in re.split(r",\s*", choices)
            ]
            return f"({' or '.join(each)})"
    return f"of({found['left']!r})"


def _compiled(text: str, words: re.Pattern[str]) -> Value:
    code, at, text = [], 0, text.rstrip()
    while at < len(text):
        word = words.match(text, at)
        if word is None:
            raise Wrong(f"cannot read {text[at:]!r}")
        code.append(_python(word))
        at = word.end()
    try:
        made = eval(f"lambda of: {' '.join(code)}", dict(FUNCTIONS))
    except SyntaxError:
        raise Wrong(f"no expression: {text!r}") from None
    return lambda given: made(partial(value_of, given))


def _used(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[#:]\w+", text))


@lru_cache(maxsize=4096)
def read_condition(text: str) -> tuple[Test, frozenset[str]]:
    """A condition as a test, and the placeholders that it uses."""
    return _compiled(text, CONDITION), _used(text)


@lru_cache(maxsize=4096)
def read_update(text: str) -> tuple[list[Any], frozenset[str]]:
    """An update as its clauses (SET / REMOVE / ADD / DELETE, [(path, value)]), and the placeholders
    that it uses."""
    found = CLAUSE.findall(text)
    kinds = [kind for kind, _ in found]
    if len(set(kinds)) < len(kinds) or CLAUSE.sub("", text).strip() or not found:
        raise Wrong(f"no clauses: {text!r}")
    return [
        (kind, [_member(kind, one) for one in COMMA.split(body)]) for kind, body in found
    ], _used(text)


def _member(kind: str, text: str) -> tuple[str, Value | None]:
    sign = {"SET": r"\s*=\s*(.+)", "REMOVE": "()"}.get(kind, rf"\s+({VALUE})")
    parts = re.fullmatch(rf"({PATH}){sign}", text)
    if parts is None:
        raise Wrong(f"cannot read {text!r}")
    steps(parts[1])
    return parts[1], _compiled(parts[2], SOURCE) if parts[2] else None


def updated(item: Item, clauses: list[Any], names: dict[str, str], values: Item) -> Item:
    """The item after an update; what is read is the item as it was before."""
    given = (item, names, values)
    after = {**item}
    touched: list[list[str | int]] = []
    for kind, members in clauses:
        for path, value in members:
            at = where(path, names)
            if any(one[: len(at)] == at[: len(one)] for one in touched):
                raise Wrong(f"two paths overlap: {at}")
            touched.append(at)
            _apply(after, kind, at, value(given) if value is not None else None)
    return after


def _apply(after: Item, kind: str, path: list[Any], value: Any) -> None:
    at = after
    for name in path[:-1]:
        inside = at if isinstance(at, dict) else dict(enumerate(at))
        if not isinstance(inside.get(name), dict | list):
            raise Wrong(f"no such path: {path}")
        at[name] = copy(at[name])
        at = at[name]
    last = path[-1]
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
                raise Wrong(f"the value of {path} is not there")
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
