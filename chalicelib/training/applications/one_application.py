"""One open application of a person for a cohort: the row that whoever applies takes, and the end gives back."""

from __future__ import annotations

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, Write, create, delete
from chalicelib.directory.contacts import hashed
from chalicelib.training import reached
from chalicelib.workflow.cases import Contact

ROW = "APPLIED"


def name_of(cohort: str, who: Contact) -> str:
    """What the row is called, which only this deployment can make; "" without one."""
    plain = reached.key(who)
    return hashed(f"application|{cohort}|{plain}") if plain else ""


def taken(name: str, reference: str) -> list[Write]:
    """An application takes the row; refuses where another one has it."""
    return [create(_key(name), {"reference": reference})] if name else []


def given_back(name: str) -> list[Write]:
    """The application that has the row gives it back."""
    return [delete(_key(name))] if name else []


def held(name: str) -> str:
    """The reference of the open application of that name; "" for none."""
    row = dynamodb.get(_key(name), consistent=True) if name else None
    return str(row["reference"]) if row else ""


def _key(name: str) -> Key:
    return Key(f"{ROW}#{name}", ROW)
