"""Frozen classes of named values, as ``@dataclass(frozen=True)`` makes them, without its price at import.

A dataclass compiles six methods of its own for each class: one to two milliseconds, and a step of a stage meets
fifty of them in its cold start. Here all classes share theirs. ``field`` and ``replace`` of ``dataclasses`` work.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Make a class with annotations such a one. What it defines itself stays."""
    known: dict[str, Field[object]] = {}
    for base in reversed(cls.__mro__[1:]):
        known |= vars(base).get("__dataclass_fields__", {})
    for name, kind in vars(cls).get("__annotations__", {}).items():
        if not str(kind).startswith("ClassVar"):
            known[name] = _field(cls, name, kind)
    methods = dict(vars(_Frozen))
    methods["__dataclass_fields__"] = known
    methods["_order"] = tuple(name for name, one in known.items() if not one.kw_only)
    plain = {n: one.default for n, one in known.items() if one.default is not MISSING}
    methods["_defaults"] = plain
    methods["_factories"] = tuple(
        (name, one.default_factory)
        for name, one in known.items()
        if one.default_factory is not MISSING
    )
    for name in _SHARED:
        if name not in vars(cls):
            setattr(cls, name, methods[name])
    return cls


def _field(cls: type, name: str, kind: object) -> Field[object]:
    """A field as dataclasses know it; its plain default stays in the class, as there."""
    given = vars(cls).get(name, MISSING)
    made: Field[object] = given if isinstance(given, Field) else field(default=given)
    made.name, made.type = name, kind
    made.kw_only = made.kw_only is True
    setattr(made, "_field_type", vars(dataclasses)["_FIELD"])  # noqa: B010 (its own name of it)
    if isinstance(given, Field):
        if made.default is MISSING:
            delattr(cls, name)
        else:
            setattr(cls, name, made.default)
    return made


class _Frozen:
    """The methods that all of them share."""

    __dataclass_fields__: dict[str, Field[object]]
    _order: tuple[str, ...]
    _defaults: dict[str, object]
    _factories: tuple[tuple[str, Callable[[], object]], ...]

    def __init__(self, /, *given: object, **named: object) -> None:
        values = {**self._defaults, **named}
        if given:
            if len(given) > len(self._order):
                raise TypeError(f"{type(self).__name__} takes {len(self._order)} values")
            first = dict(zip(self._order, given, strict=False))
            if twice := first.keys() & named:
                raise TypeError(f"{type(self).__name__} was given {', '.join(sorted(twice))} twice")
            values |= first
        for name, make in self._factories:
            if name not in values:
                values[name] = make()
        if values.keys() != self.__dataclass_fields__.keys():
            self._wrong(values)
        self.__dict__.update(values)
        if after := getattr(self, "__post_init__", None):
            after()

    def _wrong(self, values: dict[str, object]) -> None:
        """Say what is missing, or too much."""
        for name in self.__dataclass_fields__:
            if name not in values:
                raise TypeError(f"{type(self).__name__} needs {name}")
        unknown = values.keys() - self.__dataclass_fields__
        raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def _told(self) -> tuple[object, ...]:
        return tuple(self.__dict__[name] for name in self.__dataclass_fields__)

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self._told() == other._told()

    def __hash__(self) -> int:
        return hash(self._told())

    def __repr__(self) -> str:
        told = zip(self.__dataclass_fields__, self._told(), strict=True)
        return (
            f"{type(self).__qualname__}({', '.join(f'{name}={value!r}' for name, value in told)})"
        )


_SHARED = (
    *("__dataclass_fields__", "_order", "_defaults", "_factories", "__init__", "_wrong"),
    *("__setattr__", "__delattr__", "_told", "__eq__", "__hash__", "__repr__"),
)
