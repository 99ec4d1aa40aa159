"""The console's list, read from the board index alone: bounded work for a page at any size (P9).

The index is sorted by when requests came in, so the first page holds those who wait longest. A
filter looks through a bounded number of rows and says where to look on.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from chalicelib.aws import keys, store
from chalicelib.console.sentence import mark_of
from chalicelib.kit.now import deadlines
from chalicelib.referral import words
from chalicelib.referral.ids import is_reference

Item = dict[str, Any]

PAGE = 25
# Rows that one filtered page may look through: with session and staff row at most 4 units (P9).
LOOK = 60
QUEUE_LOOK = 1000
WAITED_FOR = ("me", "provider", "consultant", "specialist", "coordinator", "nobody")
MARKS = ("late", "due-soon", "blocked", "paused")
STAGES = ("eligibility", "tiers", "match", "delivery", "check_in", "closure")
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


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; "" means all. Each lives in the URL under its own name."""

    show: str = "open"
    stage: str = ""
    tier: str = ""
    county: str = ""
    waits: str = ""
    mark: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything but open or closed is chosen."""
        return any((self.stage, self.tier, self.county, self.waits, self.mark))

    def link(self, **changes: str) -> str:
        """The list's address with some filters changed (its page forgotten)."""
        after = replace(self, **changes)
        query = [(f.name, getattr(after, f.name)) for f in fields(after)]
        kept = [(k, v) for k, v in query if v and (k, v) != ("show", "open")]
        return "/console" + (f"?{urlencode(kept)}" if kept else "")


ALLOWED: dict[str, tuple[str, ...]] = {
    "show": ("open", "closed"),
    "stage": STAGES,
    "tier": tuple(words.TIERS),
    "county": tuple(words.ANSWER_LABELS["county"]),
    "waits": WAITED_FOR,
    "mark": MARKS,
}


def filters_of(query: dict[str, list[str]]) -> Filters:
    """The filters in a query; a value that is not offered counts as none."""
    chosen = {name: (query.get(name) or [""])[0] for name in ALLOWED}
    good = {name: value for name, value in chosen.items() if value in ALLOWED[name]}
    return Filters(**good)


def page(filters: Filters, cursor: str, me: str, at: int) -> tuple[list[Line], str]:
    """A page of lines and the cursor of the next one ("" at the end)."""
    start = _position(cursor, filters.show)
    limit = LOOK if filters.narrowed else PAGE
    rows, more = store.board(filters.show, limit=limit, start=start)
    lines: list[Line] = []
    for row in rows:
        line = line_of(row, at)
        if not fits(line, filters, me):
            continue
        lines.append(line)
        if len(lines) == PAGE and row is not rows[-1]:
            return lines, _cursor(row["gsi1sk"])
    return lines, _cursor(more["gsi1sk"]) if more else ""


def queue(roles: tuple[str, ...], at: int) -> tuple[list[Line], bool]:
    """Open tasks that wait for these roles, the next due first; False when not all was looked at."""
    lines: list[Line] = []
    start: Item | None = None
    for _ in range(QUEUE_LOOK // 100):
        rows, start = store.board("open", limit=100, start=start)
        seen = (line_of(row, at) for row in rows)
        lines += [line for line in seen if line.waiting and line.waiting.role in roles]
        if start is None:
            break
    lines.sort(key=lambda line: line.waiting.due if line.waiting else 0)
    return lines, start is None


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


def fits(line: Line, filters: Filters, me: str) -> bool:
    """Whether a line passes the filters. ``me`` is the reader's own staff id."""
    waiting = line.waiting
    if filters.waits == "me" and (waiting is None or waiting.who != me):
        return False
    if filters.waits == "nobody" and waiting is not None and waiting.role != "system":
        return False
    if filters.waits not in ("", "me", "nobody") and (
        waiting is None or waiting.role != filters.waits
    ):
        return False
    return all(
        wanted in ("", value)
        for wanted, value in (
            (filters.stage, line.stage),
            (filters.tier, line.tier),
            (filters.county, line.county),
            (filters.mark, line.mark),
        )
    )


def _waiting(summary: str, priority: str) -> Waiting | None:
    """The index's summary (``store.waits``); without a due instant it is worked out."""
    parts = summary.split(":")
    if len(parts) < 4 or not parts[3].isdigit():
        return None
    kind, role, who, since = parts[0], parts[1], parts[2], int(parts[3])
    if len(parts) > 4 and parts[4].isdigit():
        due = int(parts[4])
    else:
        try:
            due = deadlines(kind, priority, since).due
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
        "pk": keys.referral_pk(match[2]),
        "sk": keys.STATE,
        "gsi1pk": show,
        "gsi1sk": text,
    }
