"""What the console's list is narrowed to, and the queue of tasks that wait for staff."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import NamedTuple
from urllib.parse import urlencode

from chalicelib.console.take_over import may_take
from chalicelib.domain import vocabulary
from chalicelib.domain.roles import ROLES, Scope
from chalicelib.web.staff_auth import Staff
from chalicelib.workflow.lists import overview
from chalicelib.workflow.lists import queue as tasks
from chalicelib.workflow.lists.queue import QueuedTask
from chalicelib.workflow.machines import stages

WAITED_FOR = ("me", "provider", "consultant", *reversed(ROLES), overview.NOBODY)
MARKS = ("attention", "late", "due-soon", "blocked", "paused")


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; "" means all. Each lives in the URL under its own name."""

    show: str = "open"
    stage: str = ""
    tier: str = ""
    county: str = ""
    waits: str = ""
    mark: str = ""
    incident: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything but open or closed is chosen."""
        return any((self.stage, self.tier, self.county, self.waits, self.mark, self.incident))

    def link(self, **changes: str) -> str:
        """The list's address with some filters changed (its page forgotten)."""
        after = replace(self, **changes)
        query = [(f.name, getattr(after, f.name)) for f in fields(after)]
        kept = [(k, v) for k, v in query if v and (k, v) != ("show", "open")]
        return "/console" + (f"?{urlencode(kept)}" if kept else "")


INCIDENT = re.compile(r"[a-z_]{1,40}-[0-9]{1,11}")
UNKNOWN = "unknown"
"""In place of an incident that cannot be one: no request belongs to it."""
ALLOWED: dict[str, tuple[str, ...]] = {
    "show": ("open", "closed"),
    "stage": stages(),
    "tier": tuple(vocabulary.TIERS),
    "county": tuple(vocabulary.COUNTY_NAMES),
    "waits": WAITED_FOR,
    "mark": MARKS,
}


def filters_of(query: dict[str, list[str]]) -> Filters:
    """The filters in a query. A value that is not offered counts as none; but an incident is looked for
    with a link, and whoever comes with a broken one must not take all requests for those of it."""
    chosen = {name: (query.get(name) or [""])[0] for name in ALLOWED}
    good = {name: value for name, value in chosen.items() if value in ALLOWED[name]}
    incident = (query.get("incident") or [""])[0]
    known = not incident or INCIDENT.fullmatch(incident)
    return Filters(**good, incident=incident if known else UNKNOWN)


def wanted(filters: Filters, me: str) -> overview.Wanted:
    """What a line must have to pass the filters. ``me`` is the reader's own staff id."""
    chosen = {name: (value,) for name, value in vars(filters).items() if value and name != "show"}
    if filters.waits == "me":
        chosen["waits"] = (overview.who_of(me),)
    return chosen


def page(filters: Filters, cursor: str, me: str, at: int, scope: Scope) -> overview.Found:
    """A page of lines in the reader's counties."""
    return overview.page(filters.show, wanted(filters, me), scope, cursor, at)


@dataclass(frozen=True)
class Share:
    """A part of the queue: the tasks of a page, the cursor of the next, and how many there are in all."""

    tasks: list[QueuedTask]
    more: str
    total: int


def queue(who: Staff, at: int, mine: str, others: str) -> tuple[Share, Share]:
    """Open tasks in the reader's counties that wait for their role, those due first on top: their own,
    and everybody else's. ``mine`` and ``others``: the cursors of their pages."""
    roles = may_take(who.role)
    own = _Part(tasks.own(roles, who.id, at, who.scope, mine), bool(mine))
    rest = _Part(tasks.others(roles, who.id, at, who.scope, others), bool(others))
    whole = own.whole and rest.whole
    all_mine, all_others = (0, 0) if whole else overview.how_many(roles, who.id, who.scope, at)
    return own.counted(all_mine), rest.counted(all_others)


class _Part(NamedTuple):
    page: tasks.QueuePage
    later: bool

    @property
    def whole(self) -> bool:
        """Whether the page shows all that there are."""
        return not self.later and not self.page.more

    def counted(self, known: int) -> Share:
        """The page with how many there are."""
        found = self.page.tasks
        return Share(found, self.page.more, len(found) if self.whole else max(known, len(found)))
