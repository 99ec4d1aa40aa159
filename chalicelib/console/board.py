"""What the console's list is narrowed to, and the queue of tasks that wait for staff."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from chalicelib.aws.attribute_values import Item
from chalicelib.domain import vocabulary
from chalicelib.domain.roles import Scope
from chalicelib.workflow import board
from chalicelib.workflow.board import Line, line_of
from chalicelib.workflow.machines import stages
from chalicelib.workflow.storage import indexes

QUEUE_LOOK = 1000
WAITED_FOR = ("me", "provider", "consultant", "specialist", "coordinator", "nobody")
MARKS = ("late", "due-soon", "blocked", "paused")


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
    "stage": stages(),
    "tier": tuple(vocabulary.TIERS),
    "county": tuple(vocabulary.COUNTY_NAMES),
    "waits": WAITED_FOR,
    "mark": MARKS,
}


def filters_of(query: dict[str, list[str]]) -> Filters:
    """The filters in a query; a value that is not offered counts as none."""
    chosen = {name: (query.get(name) or [""])[0] for name in ALLOWED}
    good = {name: value for name, value in chosen.items() if value in ALLOWED[name]}
    return Filters(**good)


def page(filters: Filters, cursor: str, me: str, at: int, scope: Scope) -> tuple[list[Line], str]:
    """A page of lines in the reader's counties and the cursor of the next one ("" at the end)."""
    whole = not filters.narrowed and scope.counties is None

    def wanted(line: Line) -> bool:
        return scope.covers(line.county) and fits(line, filters, me)

    return board.page(filters.show, cursor, at, None if whole else wanted)


def queue(roles: tuple[str, ...], at: int, scope: Scope) -> tuple[list[Line], bool]:
    """Open tasks in the reader's counties that wait for these roles, the next due first; False when not
    all was looked at."""
    lines: list[Line] = []
    start: Item | None = None
    for _ in range(QUEUE_LOOK // 100):
        rows, start = indexes.board("open", limit=100, start=start)
        seen = (line for row in rows if scope.covers((line := line_of(row, at)).county))
        lines += [line for line in seen if line.waiting and line.waiting.role in roles]
        if start is None:
            break
    lines.sort(key=lambda line: line.waiting.due if line.waiting else 0)
    return lines, start is None


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
