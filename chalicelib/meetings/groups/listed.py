"""The meetings of a group, whatever room it is of.

| what                 | pk          | sk        |
|----------------------|-------------|-----------|
| a meeting of a group | MEETS#{id}  | {meeting} |
"""

from __future__ import annotations

import hashlib

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, create
from chalicelib.meetings import changing, hosts, rows
from chalicelib.meetings.model import Meeting


def id_of(press: str, starts: str) -> str:
    """What a press calls the meeting that it enters at a time: the same however often it is sent."""
    return hashlib.sha256(f"{press}|{starts}".encode()).hexdigest()[: len(rows.new_id())]


def enter(made: Meeting, by: str, at: int, *, heard: bool = False) -> None:
    """Enter a meeting of its group. ``heard``: who leads it knows of it by another letter."""
    listed = create(Key(f"MEETS#{made.group}", made.id), {"at": at})
    changing.enter(made, by, at, [*hosts.rows_for(made, "", by, at, heard=heard), listed])


def meetings(group: str) -> list[Meeting]:
    """All meetings of a group, canceled ones too, in the order in which they are."""
    listed = dynamodb.query(f"MEETS#{group}", consistent=True)
    found = (rows.find(str(row["sk"])) for row in listed)
    return sorted((one for one in found if one is not None), key=lambda one: (one.at, one.id))


def ahead(group: str, at: int) -> list[Meeting]:
    """Those that take place and are not over, the next first."""
    return [one for one in meetings(group) if one.open_at(at)]
