"""What AWS refuses us for good, kept where the console, the mail doctor and the pages look.

A missing right, a missing thing, a disabled key: the house is broken, not busy, and nothing gets better
by itself. One field an operation stands in the row of the post (``send_gate``); nothing of it is written
or read while all is well. Whoever is let through again takes it away; otherwise it counts for a while.
The table's own refusals are only logged: they could not be written down.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from chalicelib.aws import clients, send_gate
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.errors import AwsError
from chalicelib.aws.log import logger
from chalicelib.aws.now import now

# Seconds between two notes of one process, and for which a note counts that nobody repeats.
_AGAIN, COUNTS = 60, 900
_noted: dict[str, int] = {}


class Refusal(NamedTuple):
    """One operation that AWS refuses, its code, since when and when last (UTC seconds)."""

    operation: str
    code: str
    since: int
    at: int

    @property
    def holds_letters(self) -> bool:
        """Whether no letter leaves while it stands."""
        return self.operation in send_gate.LETTERS


def call(method: Callable[..., Item], **arguments: object) -> Item:
    """``clients.call``, whose refusals are noted, and taken away when they are over."""
    try:
        answer: Item = clients.call(method, **arguments)
    except AwsError as error:
        if error.refused:
            note(error)
        raise
    if _noted:
        _over(method.__name__)
    return answer


def note(error: AwsError) -> None:
    """Keep that AWS refused this operation; at most once a minute, and never an error of its own."""
    at, operation = now(), error.operation
    if not operation or at - _noted.get(operation, 0) < _AGAIN:
        return
    _noted[operation] = at
    try:
        stand = standing(send_gate.read(), at)
        since = next((one.since for one in stand if one.operation == operation), at)
        send_gate.keep(
            send_gate.REFUSED + operation, {"code": error.code, "since": since, "at": at}
        )
    except Exception:
        logger().exception("a refusal could not be noted")


def standing(row: Item, at: int) -> list[Refusal]:
    """What is refused now, as the row of the post says; the oldest first."""
    found = [
        Refusal(
            name.removeprefix(send_gate.REFUSED),
            str(one["code"]),
            int(one["since"]),
            int(one["at"]),
        )
        for name, one in row.items()
        if name.startswith(send_gate.REFUSED) and at - int(one["at"]) < COUNTS
    ]
    return sorted(found, key=lambda one: one.since)


class Outage(NamedTuple):
    """What staff are told on every page of theirs. ``letters``: whether letters are held up; ``cause``: in
    AWS's words, if they are known."""

    letters: bool
    cause: str


def outage(row: Item, at: int) -> Outage | None:
    """What is broken, as the row of the post says; None while nothing is."""
    stand = standing(row, at)
    letters = send_gate.closed(row, at) or any(one.holds_letters for one in stand)
    if not letters and not stand:
        return None
    refused = ", ".join(f"{one.operation}: {one.code}" for one in stand)
    return Outage(letters, refused or str(row.get("why", "")))


def forget() -> None:
    """Know nothing, as a fresh process."""
    _noted.clear()


def _over(method: str) -> None:
    """This process noted a refusal of the operation, and now it went through."""
    for operation in [one for one in _noted if one.lower() == method.replace("_", "")]:
        del _noted[operation]
        send_gate.drop(send_gate.REFUSED + operation, send_gate.ASKED)
