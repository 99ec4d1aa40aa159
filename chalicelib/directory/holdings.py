"""What a consultant or a member of staff can hold, room by room, so that nothing is left behind when they go:
each room says what somebody has of it, who could take it, and how it is given (``rooms.HELD_BY``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chalicelib.directory import people

STAFF, CONSULTANT = "staff", "consultant"


class Thing(NamedTuple):
    """One thing that somebody holds. ``told``: in the reader's words; ``page``: its path in the console."""

    key: str
    told: str
    page: str = ""


class Gift(NamedTuple):
    """A thing that goes from ``who`` to ``to`` (``staff:id`` or ``consultant:id``, or a choice of the room's own)."""

    key: str
    who: str
    to: str
    actor: str
    at: int
    command: str


def _nobody(who: str, thing: Thing) -> Sequence[tuple[str, str]]:
    return ()


def _not_here(gift: Gift) -> bool:
    return False


@dataclass(frozen=True)
class Holding:
    """``what``: a noun for many of them (a msgid). ``of``: what somebody (``staff:id``, ``consultant:id``)
    holds now. ``takers``: who could take it, with their names or words (msgids). ``give``: whether it is not
    theirs any more; it does nothing the second time. ``case_types``, ``roles`` (of tasks, besides those of staff) and ``fields`` (``module:Class.field``):
    where it is kept, which a test holds to all that there is.
    ``own_way``: it has a page or a rule of its own by which it goes, so the common page leaves it out."""

    what: str
    of: Callable[[str, int], Sequence[Thing]]
    takers: Callable[[str, Thing], Sequence[tuple[str, str]]] = _nobody
    give: Callable[[Gift], bool] = _not_here
    case_types: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    own_way: bool = False


def consultants(but: str) -> list[tuple[str, str]]:
    """Every active consultant as a taker, by name."""
    return _named(CONSULTANT, people.consultants(), but)


def members_of_staff(but: str) -> list[tuple[str, str]]:
    """Every active member of staff as a taker, by name."""
    return _named(STAFF, people.staff(), but)


def _named(kind: str, rows: Sequence[people.Person], but: str) -> list[tuple[str, str]]:
    found = [
        (f"{kind}:{one['id']}", str(one.get("name") or one["id"]))
        for one in rows
        if one.get("active")
    ]
    return sorted((one for one in found if one[0] != but), key=lambda one: one[1].casefold())
