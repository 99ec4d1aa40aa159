"""Resources that call-takers read aloud or send by mail: what staff entered, and whether it still counts."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import Key, put

_PK: Final = "HELPLINE-RESOURCES"


@dataclass(frozen=True)
class Resource:
    """``title`` and ``words``, which are read aloud or mailed: language -> text. ``link``: an address of
    the web, or empty. ``active``: whether it is offered."""

    id: str
    title: Mapping[str, str]
    words: Mapping[str, str]
    link: str = ""
    active: bool = True
    by: str = ""
    at: int = 0


def every() -> list[Resource]:
    """All that were entered, in the order in which they were."""
    found = [_of(row) for row in dynamodb.query(_PK)]
    return sorted(found, key=lambda one: (one.at, one.id))


def offered() -> list[Resource]:
    """Those that count."""
    return [one for one in every() if one.active]


def new_id() -> str:
    """The id of one that is entered now."""
    return secrets.token_hex(6)


def save(one: Resource) -> None:
    """Enter it, or write it over what was entered before."""
    row: Item = {
        "title": dict(one.title),
        "words": dict(one.words),
        "link": one.link,
        "active": one.active,
        "by": one.by,
        "at": one.at,
    }
    dynamodb.write(put(Key(_PK, one.id), row))


def _of(row: Item) -> Resource:
    return Resource(
        str(row["sk"]),
        dict(row["title"]),
        dict(row["words"]),
        str(row.get("link", "")),
        bool(row.get("active", True)),
        str(row.get("by", "")),
        int(row.get("at", 0)),
    )
