"""What a person wants of our messages: in which language, when, one by one or gathered, and which not at all.

A row an address, found by what it is in a key (``contacts.hashed``): nobody who reads keys learns whose.
Whoever chose nothing has no row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import Key, Write, update
from chalicelib.directory.contacts import hashed
from chalicelib.domain.plain.values import frozen

ROW: Final = "CHOICES"
# Beside it: on which days letters to the address came back for now (``mail/bounce_counts.py``).
BOUNCES: Final = "BOUNCES"
# Kinds of letters that can be left: invitations to what somebody could do while they wait, and thanks with
# questions after a meeting. A letter's file says which of them it is.
INVITATIONS: Final = "invitations"
THANKS: Final = "thanks"
MAY_BE_LEFT: Final = (INVITATIONS, THANKS)
# When messages may come: by day, by day when the Network works, at any time.
BY_DAY, BUSINESS_DAYS, ANY_TIME = "day", "business", "any"
HOURS: Final = (BY_DAY, BUSINESS_DAYS, ANY_TIME)


@frozen
class Choices:
    """``language``: "" for the one of the case or the directory. ``digest``: what can wait comes once a
    morning. ``hours``: one of ``HOURS``, "" for what is usual. ``left``: of ``MAY_BE_LEFT``."""

    language: str = ""
    digest: bool = False
    hours: str = ""
    left: frozenset[str] = frozenset()


NOTHING_CHOSEN: Final = Choices()


def mark_of(email: str) -> str:
    """What stands for an address in keys and links."""
    return hashed(f"email|{email.strip().casefold()}")


def of(mark: str, *, fresh: bool = False) -> Choices:
    """What somebody chose. ``fresh``: also a moment ago, as their own page shows it; a letter that leaves in the
    same second may still go by what they chose before. Raises TryAgain."""
    return _read(dynamodb.get(_key(mark), consistent=fresh))


def before_a_letter(mark: str) -> tuple[Choices, bool]:
    """What somebody chose, and whether a letter to them came back for now since one arrived: by one read. Raises
    TryAgain."""
    rows = {str(row["sk"]): row for row in dynamodb.query(_key(mark).pk)}
    return _read(rows.get(ROW)), bool(rows.get(BOUNCES, {}).get("days"))


def _read(row: Item | None) -> Choices:
    if row is None:
        return NOTHING_CHOSEN
    return Choices(
        str(row.get("language", "")),
        bool(row.get("digest")),
        str(row.get("hours", "")),
        frozenset(row.get("left", ())),
    )


def bounces(email: str) -> Key:
    """The row of the days on which letters to an address (or texts to a number) came back for now."""
    return Key(_key(mark_of(email)).pk, BOUNCES)


def keep(mark: str, choices: Choices, now: int) -> None:
    """Keep what somebody chose. Idempotent."""
    dynamodb.write(update(_key(mark)).set_or_remove(_kept(choices)).set(at=now))


def leave(mark: str, kinds: Iterable[str], now: int) -> None:
    """Send none of these kinds from now on. Idempotent."""
    dynamodb.write(update(_key(mark)).add("left", set(kinds)).set(at=now))


def moved(before: str, after: str, now: int, language: str = "") -> list[Write]:
    """The rows of somebody's choices when they have another address: they move with them, and none stay for
    whoever has the old one next. What was chosen at the new address already stands.

    ``language``: one that they asked for elsewhere just now; it takes the place of what they chose here.
    Raises TryAgain.
    """
    old, new = mark_of(before), mark_of(after)
    changes = bool(language) or old != new
    chosen = of(old, fresh=True) if before and changes else NOTHING_CHOSEN
    if old == new or not after:
        spoken = language if chosen.language not in ("", language) else ""
        return [update(_key(old)).set(language=spoken, at=now)] if spoken else []
    if chosen == NOTHING_CHOSEN:
        return []
    kept = _kept(replace(chosen, language=chosen.language and (language or chosen.language)))
    taken = update(_key(new)).set({name: value for name, value in kept.items() if value})
    left = update(_key(old)).remove(*kept).set(at=now)
    return [left] if of(new, fresh=True) != NOTHING_CHOSEN else [taken.set(at=now), left]


def unwanted(email: str, kind: str) -> bool:
    """Whether an address asked for none of a kind. Raises TryAgain."""
    return kind in of(mark_of(email)).left


def _kept(choices: Choices) -> dict[str, object]:
    """The fields of a row; None for what is as usual."""
    return {
        "language": choices.language or None,
        "digest": choices.digest or None,
        "hours": choices.hours or None,
        "left": set(choices.left) or None,
    }


def _key(mark: str) -> Key:
    return Key(f"{ROW}#{mark}", ROW)
