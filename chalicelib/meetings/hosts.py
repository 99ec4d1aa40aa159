"""Who leads a meeting: staff or a consultant, who hear of it as those who come do, with a link of their own."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, Put, Write, delete, put
from chalicelib.directory import people
from chalicelib.directory.people import Person
from chalicelib.meetings import rows
from chalicelib.meetings.model import HOST, NOT_COMING, Meeting, SignUp

STAFF, CONSULTANT = "staff", "consultant"
LEFT: Final = NOT_COMING
# Who led a meeting can look it up for so long after it (seconds).
KEPT: Final = 400 * 86400


def choices() -> list[tuple[str, str]]:
    """Everybody who may lead a meeting: who it is, and their name."""
    both = ((STAFF, people.staff()), (CONSULTANT, people.consultants()))
    found = [
        (f"{kind}:{one['id']}", one.get("name", one["id"]))
        for kind, some in both
        for one in some
        if one.get("active")
    ]
    return sorted(found, key=lambda one: one[1].casefold())


def person(host: str) -> Person:
    """The row of a host; empty when unknown."""
    kind, _, who = host.partition(":")
    return people.staff_member(who) if kind == STAFF else people.consultant(who)


def name(host: str) -> str:
    """How a host is called."""
    return person(host).get("name", "") if host else ""


def consultant(who: str) -> str:
    """A consultant as a meeting names its host."""
    return f"{CONSULTANT}:{who}"


def led_by(host: str) -> list[Meeting]:
    """The meetings that somebody leads, and those of the last year that they led; the soonest first."""
    ids = [str(row["sk"]) for row in dynamodb.query(_list_of(host), consistent=True)]
    mine = [one for one in rows.several(ids) if one.host == host]
    return sorted(mine, key=lambda one: (one.at, one.id))


def _list_of(host: str) -> str:
    return f"LEADS#{host}"


def rows_for(
    meeting: Meeting, before: str, by: str, at: int, *, heard: bool = False
) -> list[Write]:
    """What is written with a meeting so that its host hears of it, and whoever was it ``before``; and so
    that the meetings of each are known. ``heard``: both know it by another letter."""
    if before == meeting.host:
        return []
    found: list[Write] = []
    if meeting.host:
        found.append(_row(meeting, meeting.host, by, at, heard))
        found.append(
            put(Key(_list_of(meeting.host), meeting.id), {"expires_at": meeting.ends + KEPT})
        )
    if before:
        found.append(delete(Key(_list_of(before), meeting.id)))
    old = rows.guest(meeting.id, key_of(before)) if before else None
    if old is not None:
        gone = replace(old, status=LEFT, ended=at)
        found.append(rows.guest_row(replace(gone, told=None) if heard else gone))
    return found


def _row(meeting: Meeting, host: str, by: str, at: int, heard: bool) -> Put:
    who = person(host)
    again = rows.guest(meeting.id, key_of(host))
    return rows.guest_row(
        SignUp(
            key=key_of(host),
            meeting=meeting.id,
            at=at,
            by=by,
            part=HOST,
            email=who.get("email", ""),
            name=who.get("name", ""),
            lang=who.get("letters_language") or "en",
            contact=host,
            letters=again.letters if again else 0,
            told=meeting.sequence if heard else None,
            told_at=meeting.at if heard else None,
        )
    )


def key_of(host: str) -> str:
    """The sign-up of a host within a meeting."""
    return hashlib.sha256(f"host|{host}".encode()).hexdigest()[:26]
