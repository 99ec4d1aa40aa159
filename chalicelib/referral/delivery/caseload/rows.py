"""The rows of caseloads: the sums of all, and by supervisor one of each consultant.

| what                                | pk              | sk              |
|-------------------------------------|-----------------|-----------------|
| the sums, and when they are due again | CASELOAD      | NOW             |
| cases by the day on which they ended | CASELOAD       | ENDED#{day}     |
| offers by the first look of a month | CASELOAD        | OFFERS#{month}  |
| a supervisor's consultant           | CASELOAD#{id}   | {consultant}    |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import Key, delete, put
from chalicelib.workflow.storage import keys

PK: Final = "CASELOAD"
NOW: Final = Key(PK, "NOW")


def partition(lead: str) -> str:
    """Where the consultants of a supervisor stand; "" for those who have none of their own."""
    return f"{PK}#{lead}"


def keep(lead: str, rows: Mapping[str, Item]) -> None:
    """Write what changed of a supervisor's consultants, and take away who is none of theirs anymore."""
    pk = partition(lead)
    had = {str(row["sk"]): row for row in dynamodb.query(pk)}
    for who, row in rows.items():
        if had.get(who) != {**row, "pk": pk, "sk": who}:
            dynamodb.write(put(Key(pk, who), row))
    for who in had.keys() - rows.keys():
        dynamodb.write(delete(Key(pk, who)))


def reference_of(row: Item) -> str:
    """The reference of a case in its row of the board."""
    return str(row[keys.BOARD.order]).partition("#")[2]
