"""The board: open and closed requests line by line, read from its index alone.

The index is sorted by when requests came in, so the first page holds those who wait longest. A
narrowed list looks through a bounded number of rows and says where to look on.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.aws.attribute_values import Item
from chalicelib.aws.now import scaled
from chalicelib.domain import vocabulary
from chalicelib.domain.ids import is_reference
from chalicelib.web.languages import N_, long_words, when_words
from chalicelib.workflow import case_types
from chalicelib.workflow.kinds import asked_at, kind_of
from chalicelib.workflow.storage import indexes, keys

PAGE = 25
# Rows that one narrowed page may look through: with session and staff row at most 4 units.
LOOK = 60
DAY = 86400
MARKS = {
    "blocked": N_("Blocked by contact"),
    "paused": N_("Paused"),
    "waiting": N_("In progress"),
    "on-time": N_("On time"),
    "due-soon": N_("Due soon"),
    "late": N_("Late"),
    "done": N_("Done"),
    "attention": N_("Needs attention"),
}
_CURSOR = re.compile(r"([0-9]{1,11})#(.{11})")


@dataclass(frozen=True)
class Waiting:
    """Whom a line waits for: ``role`` (and ``who``, an id), asked what, since and until when.

    ``held``: the status that keeps it on hold meanwhile, or empty.
    """

    kind: str
    role: str
    who: str
    since: int
    due: int
    blocked: bool = False
    held: str = ""


@dataclass(frozen=True)
class Line:
    """One referral in the list. ``mark`` is "" when nobody is waited for."""

    reference: str
    stage: str
    status: str
    tier: str
    priority: str
    county: str
    submitted: int
    waiting: Waiting | None
    mark: str


def page(
    which: str,
    cursor: str,
    at: int,
    fits: Callable[[Line], bool] | None = None,
    case_type: str = "",
) -> tuple[list[Line], str]:
    """A page of the board ``which`` (open, closed) of a type of case, the first one unless said: its
    lines, those that fit, and the cursor of the next one ("" at the end)."""
    board = indexes.partition(which, case_type)
    start = _position(cursor, board)
    rows, more = indexes.board(board, limit=LOOK if fits else PAGE, start=start)
    lines: list[Line] = []
    for row in rows:
        line = line_of(row, at)
        if fits is not None and not fits(line):
            continue
        lines.append(line)
        if len(lines) == PAGE and row is not rows[-1]:
            return lines, _cursor(row["gsi1sk"])
    return lines, _cursor(more["gsi1sk"]) if more else ""


def line_of(row: Item, at: int) -> Line:
    """A row of the index as a line of the list."""
    waiting = _waiting(str(row.get("waits", "")), str(row.get("priority", "routine")))
    return Line(
        reference=row["reference"],
        stage=str(row.get("stage", "")),
        status=str(row.get("ended", "")),
        tier=str(row.get("tier", "")),
        priority=str(row.get("priority", "routine")),
        county=str(row.get("county", "")),
        submitted=int(row.get("submitted", 0)),
        waiting=waiting,
        mark=_mark(waiting, at) if waiting else "",
    )


def _mark(waiting: Waiting, at: int) -> str:
    if waiting.blocked:
        return "blocked"
    return "paused" if waiting.held else mark_of(waiting.since, waiting.due, at)


def mark_of(since: int, due: int, at: int) -> str:
    """How an open wait stands: ``late`` after the due instant, ``due-soon`` on the last day (or half) before it."""
    if at >= due:
        return "late"
    soon = min(scaled(0, DAY), (due - since) // 2)
    return "due-soon" if due - at <= soon else "on-time"


def _waiting(summary: str, priority: str) -> Waiting | None:
    """The index's summary (``indexes.waits``); without a due instant it is worked out."""
    parts = summary.split(":")
    if len(parts) < 4 or not parts[3].isdigit():
        return None
    kind, role, who, since = parts[0], parts[1], parts[2], int(parts[3])
    if len(parts) > 4 and parts[4].isdigit():
        due = int(parts[4])
    else:
        try:
            due = asked_at(kind_of(kind), priority, since).due
        except KeyError:
            due = since
    why = (parts[5:6] or [""])[0]
    blocked = why == "blocked"
    return Waiting(kind, role, who, since, due, blocked, "" if blocked else why)


def _cursor(position: str) -> str:
    return base64.urlsafe_b64encode(position.encode()).rstrip(b"=").decode()


def _position(cursor: str, show: str) -> Item | None:
    """The index position that a cursor names; one that we did not make means the first page."""
    try:
        text = base64.urlsafe_b64decode(cursor[:64] + "=" * (-len(cursor[:64]) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    match = _CURSOR.fullmatch(text)
    if match is None or not is_reference(match[2]):
        return None
    return {
        "pk": keys.case_pk(match[2]),
        "sk": keys.STATE,
        "gsi1pk": show,
        "gsi1sk": text,
    }


def _asked(kind: str) -> str:
    """What somebody is waited for, in a list's column."""
    try:
        return kind_of(kind).words.short
    except KeyError:
        return N_("to answer")


def words_of_lines(at: int, lang: str, case_type: str = "") -> Item:
    """What the templates of a line need: msgids by id, and how an instant is said at ``at``. The lines
    are of the first type of case unless said."""
    return {
        "tiers": vocabulary.TIERS,
        "priorities": vocabulary.PRIORITIES,
        "counties": vocabulary.COUNTY_NAMES,
        "statuses": {
            key: status.label for key, status in case_types.named(case_type).statuses.items()
        },
        "roles": vocabulary.OWNERS,
        "marks": MARKS,
        "asked": _asked,
        "when": lambda instant: when_words(instant, at, lang),
        "long": lambda seconds: long_words(seconds, lang),
    }
