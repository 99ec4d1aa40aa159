"""The rows of an emergency's own partition: what is done to many cases at once, and what came of each.

| what                                | pk              | sk           |
|-------------------------------------|-----------------|--------------|
| the pause of the ordinary requests  | EMERGENCY#{id}  | PAUSE        |
| what became of one of them          | EMERGENCY#{id}  | CASE#{ref}   |
| what the report counts of a request | EMERGENCY#{id}  | COUNTED#{ref}|
| and of a deployment                 | EMERGENCY#{id}  | DEPLOYED#{ref}|
| the work on the report              | EMERGENCY#{id}  | REPORT       |
| a call-up of the roster             | EMERGENCY#{id}  | CALLUP#{id}  |
"""

from __future__ import annotations

from typing import Final

from chalicelib.aws.writes import Key

CASE: Final = "CASE#"
COUNTED: Final = "COUNTED#"
DEPLOYED: Final = "DEPLOYED#"


def partition(key: str) -> str:
    """The partition of the emergency of an id."""
    return f"EMERGENCY#{key}"


def id_of(pk: str) -> str:
    """The emergency that a partition belongs to."""
    return pk.partition("#")[2]


def pause(key: str) -> Key:
    """The pause of its ordinary requests, as far as it has come."""
    return Key(partition(key), "PAUSE")


def case(key: str, reference: str) -> Key:
    """What became of one request of that pause."""
    return Key(partition(key), CASE + reference)


def report(key: str) -> Key:
    """The work on its report, as far as it has come."""
    return Key(partition(key), "REPORT")


def counted(key: str, reference: str) -> Key:
    """What its report counts of one request."""
    return Key(partition(key), COUNTED + reference)


def deployed(key: str, reference: str) -> Key:
    """What its report counts of one deployment."""
    return Key(partition(key), DEPLOYED + reference)
