"""One open seat for an address: the row that whoever begins takes, and the end gives back.

A seat keeps its row's name (``Seat.address``): its end gives back the row that it took and no other,
whatever became of the address since.
"""

from __future__ import annotations

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, Write, create, delete
from chalicelib.directory.contacts import hashed

ROW = "SEATOF"


def name_of(email: str) -> str:
    """What the row of an address is called, which only this deployment can make; "" without one."""
    plain = email.strip().casefold()
    return hashed(f"seat|{plain}") if plain else ""


def taken(name: str, reference: str) -> list[Write]:
    """A seat takes the row; refuses where another one has it."""
    return [create(_key(name), {"reference": reference})] if name else []


def given_back(name: str) -> list[Write]:
    """The seat that has the row gives it back."""
    return [delete(_key(name))] if name else []


def held(email: str) -> str:
    """The reference of the open seat of an address; "" for none."""
    name = name_of(email)
    row = dynamodb.get(_key(name), consistent=True) if name else None
    return str(row["reference"]) if row else ""


def _key(name: str) -> Key:
    return Key(f"{ROW}#{name}", ROW)
