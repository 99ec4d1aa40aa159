"""The rows of meetings: the meeting, beside it who signed up and what was done, and the list of a room.

| what           | pk            | sk           | read by                        |
|----------------|---------------|--------------|--------------------------------|
| a meeting      | MEETING#{id}  | MEETING      | its pages, letters, the clock  |
| a sign-up      | MEETING#{id}  | GUEST#{key}  | letters, attendance            |
| what was done  | MEETING#{id}  | DONE#{v:06d} | the console                    |
| a room's list (index) | gsi1pk meetings:{room} | gsi1sk ends#id | calendar pages |
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, TypedDict

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.now import scaled
from chalicelib.aws.writes import Key, Put, Update, create, field, update
from chalicelib.domain.calendar import typed
from chalicelib.domain.errors import NotFound
from chalicelib.meetings.model import Meeting, SignUp
from chalicelib.workflow.storage import keys

MEETING: Final = "MEETING"
GUEST_SK, DONE_SK = "GUEST#", "DONE#"
PAGE: Final = 40
DAY, HOUR = 86400, 3600


def new_id() -> str:
    """The id of a new meeting or series: it stands in public addresses."""
    return secrets.token_hex(6)


def key(meeting: str) -> Key:
    """The row of a meeting."""
    return Key(f"{MEETING}#{meeting}", MEETING)


def guest_key(meeting: str, guest: str) -> Key:
    """The row of a sign-up."""
    return Key(f"{MEETING}#{meeting}", GUEST_SK + guest)


def id_of(pk: str) -> str:
    """The meeting of a partition."""
    return pk.removeprefix(f"{MEETING}#")


def key_for(meeting: str, email: str) -> str:
    """Whom an address (or a name with its number) signs up: the same one however often, and however it is
    written."""
    text = f"{meeting}|{email.strip().casefold()}"
    return hashlib.sha256(text.encode()).hexdigest()[:26]


# -- instants -------------------------------------------------------------------------------------
class Instants(TypedDict):
    """Fields of a meeting (UTC seconds)."""

    at: int
    day_before: int
    hour_before: int
    begins: int
    ends: int


def instants(starts: str, minutes: int, now: int) -> Instants:
    """The start as an instant, and when what a meeting sets off happens, in this deployment's time."""
    at = typed(starts[:10], starts[11:16])
    return {
        "at": at,
        "day_before": scaled(now, at - DAY),
        "hour_before": scaled(now, at - HOUR),
        "begins": scaled(now, at),
        "ends": scaled(now, at + 60 * minutes),
    }


# -- the meeting ----------------------------------------------------------------------------------
def added(meeting: Meeting, wake: int | None = None) -> Put:
    """A new meeting; refuses one that is there."""
    return create(key(meeting.id), _kept(meeting, wake))


def changed(meeting: Meeting, before: int, wake: int) -> Update:
    """A meeting as it is now, if nobody changed it since version ``before``, and if all who come have a
    place; sign-ups may go on meanwhile. ``wake``: when the clock looks at it."""
    row = _kept(meeting, wake)
    for counted in ("taken", "presses"):
        row.pop(counted, None)
    gone = {one: None for one in ("why", "capacity", "dial", "join", "about") if one not in row}
    changed_row = update(key(meeting.id)).set_or_remove({**row, **gone})
    fits = [field("taken").at_most(meeting.capacity)] if meeting.capacity is not None else []
    return changed_row.only_if(field("version").equals(before), *fits)


def _kept(meeting: Meeting, wake: int | None) -> Item:
    listed = {"gsi1pk": f"meetings:{meeting.room}", "gsi1sk": f"{meeting.ends:011d}#{meeting.id}"}
    woken = {"wpk": keys.WAKE_PARTITION, "wake_at": wake} if wake else {}
    return {"taken": 0, **meeting.to_row(), **listed, **woken}


def find(meeting: str) -> Meeting | None:
    """A meeting as it stands; None when there is none."""
    row = dynamodb.get(key(meeting), consistent=True)
    return Meeting.of(row) if row else None


def several(meetings: Iterable[str]) -> Iterator[Meeting]:
    """Those of some meetings that there are."""
    return (Meeting.of(row) for row in dynamodb.batch_get(key(one) for one in meetings))


def load(meeting: str, room: str = "") -> Meeting:
    """A meeting as it stands. Raises NotFound, also for one of another ``room``."""
    found = find(meeting)
    if found is None or (room and found.room != room):
        raise NotFound(meeting)
    return found


def counties_of(meeting: str) -> None:
    """The counties of a meeting: none in particular, because it is held online for all of California."""


def ahead(room: str, now: int, limit: int = PAGE) -> list[Meeting]:
    """A room's meetings that are not over, the next first, those that are off too."""
    order = field(keys.BOARD.order).at_least(f"{now:011d}")
    page = dynamodb.page(f"meetings:{room}", order, index=keys.BOARD, limit=limit)
    return sorted(_whole(page.rows), key=lambda one: (one.at, one.id))


def over(room: str, now: int, limit: int = PAGE) -> list[Meeting]:
    """A room's meetings that are over, the last first."""
    order = field(keys.BOARD.order).at_most(f"{now:011d}")
    page = dynamodb.page(
        f"meetings:{room}", order, index=keys.BOARD, limit=limit, newest_first=True
    )
    return sorted(_whole(page.rows), key=lambda one: (one.at, one.id), reverse=True)


def _whole(rows: Iterable[Item]) -> Iterator[Meeting]:
    """The meetings behind lines of the index, which knows only their keys."""
    return (Meeting.of(row) for row in dynamodb.batch_get(keys.key_of(row) for row in rows))


# -- who comes ------------------------------------------------------------------------------------
def guest(meeting: str, guest: str) -> SignUp | None:
    """A sign-up as it stands; None when there is none."""
    row = dynamodb.get(guest_key(meeting, guest), consistent=True)
    return SignUp.of(row) if row else None


def guests(meeting: str) -> list[SignUp]:
    """Everybody who signed up and who hosts, in the order in which they did."""
    rows = dynamodb.query(key(meeting).pk, GUEST_SK, consistent=True)
    return sorted((SignUp.of(row) for row in rows), key=lambda one: (one.at, one.key))


def came(one: SignUp, there: bool, made_up: bool = False) -> Update:
    """Whether somebody was there, or made it up since, in their sign-up."""
    row = update(guest_key(one.meeting, one.key)).set_or_remove(
        {"came": there, "made_up": made_up or None}
    )
    return row.only_if(field("pk").exists())


def some_guests(wanted: Iterable[tuple[str, str]]) -> Iterator[SignUp]:
    """Those of some sign-ups (the meeting and the key of each) that there are."""
    return (SignUp.of(row) for row in dynamodb.batch_get(guest_key(*one) for one in wanted))


def guest_row(one: SignUp) -> Put:
    """A sign-up in place of what was there."""
    return Put(guest_key(one.meeting, one.key), one.to_row())


# -- what was done --------------------------------------------------------------------------------
def done(meeting: Meeting, event: str, by: str, now: int, **more: object) -> Put:
    """The record of a change, by its version: who, when and what. Never rewritten."""
    at = Key(key(meeting.id).pk, f"{DONE_SK}{meeting.version:06d}")
    return create(at, {"event": event, "by": by, "at": now, **more})


def all_done(meeting: str) -> list[Item]:
    """What was done to a meeting, the newest first."""
    return dynamodb.query(key(meeting).pk, DONE_SK, consistent=True)[::-1]


def moved_to(meeting: Meeting, starts: str, minutes: int, now: int) -> Meeting:
    """The meeting at another time."""
    at = instants(starts, minutes, now)
    return replace(meeting, starts=starts, minutes=minutes, **at)
