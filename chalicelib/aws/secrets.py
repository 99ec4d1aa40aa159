"""Secrets Manager: a secret that holds names and values, and the keys of this deployment.

The keys have names: ``current`` says which one signs, another verifies until what it signed has ended.
``contacts`` is no such key: people are found by what it made of their addresses, so it stays when the
others are rotated. Until it has a value of its own, the first key is it.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Final

from chalicelib.aws.clients import client
from chalicelib.aws.dynamodb import retrying
from chalicelib.aws.refusals import call
from chalicelib.aws.settings import settings

CONTACTS: Final = "contacts"
KEEP_SECONDS, RECHECK_SECONDS = 300, 10


@dataclass
class _Kept:
    """The keys as this process last read them; ``at`` is its monotonic clock."""

    current: str
    keys: dict[str, bytes]
    contacts: bytes
    at: float


_kept: list[_Kept] = []


def read(secret: str) -> dict[str, str]:
    """The values of a secret by name. Raises TryAgain while it is throttled."""
    answer = retrying(lambda: call(client("secretsmanager").get_secret_value, SecretId=secret))
    values: dict[str, str] = json.loads(answer["SecretString"])
    return values


def link_keys(needed: str = "") -> tuple[str, dict[str, bytes]]:
    """The current key's name and every key by name.

    Read anew every few minutes, and sooner when a link names a key that is ``needed`` and not known:
    a rotation reaches functions that are warm.
    """
    kept = _fresh(needed)
    return kept.current, kept.keys


def contacts_key() -> bytes:
    """The key that makes of an address or a number what it is found by."""
    return _fresh("").contacts


def forget_keys() -> None:
    """Read the keys anew at the next look."""
    _kept.clear()


def _fresh(needed: str) -> _Kept:
    age = time.monotonic() - _kept[0].at if _kept else 0.0
    unknown = bool(_kept) and bool(needed) and needed not in _kept[0].keys and age > RECHECK_SECONDS
    if not _kept or age > KEEP_SECONDS or unknown:
        _kept[:] = [_read_keys()]
    return _kept[0]


def _read_keys() -> _Kept:
    values = read(settings().link_keys_secret)
    current = values.pop("current")
    contacts = values.pop(CONTACTS, "") or values[min(values)]
    keys = {name: value.encode() for name, value in values.items()}
    return _Kept(current, keys, contacts.encode(), time.monotonic())
