"""The board: open and closed requests line by line, read from its index alone.

The index is sorted by when requests came in, so the first page holds those who wait longest. What is
narrowed is in ``lists/overview.py``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.now import scaled
from chalicelib.directory import emergencies
from chalicelib.domain import vocabulary
from chalicelib.domain.plain.values import frozen
from chalicelib.domain.roles import ROLE_WORDS
from chalicelib.web.cursors import cursor_of, place_of
from chalicelib.web.languages import N_, long_words, when_words
from chalicelib.workflow import case_types
from chalicelib.workflow.kinds import due_at, kind_of
from chalicelib.workflow.storage import indexes, keys
from chalicelib.workflow.storage.side_task_rows import SideTask

PAGE = 25
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
# The worse comes first; "" is of a case that waits for nobody.
_WORST = ("attention", "blocked", "late", "due-soon", "paused", "on-time", "waiting", "done", "")
PLACE = re.compile(r"([0-9]{1,11})#(.{11})")


@frozen
class Waiting:
    """Whom a line waits for: ``role`` (and ``who``, an id), asked what, since and until when.

    ``held``: the status that keeps it on hold meanwhile, or empty. ``call``: they asked to be called when it is due. Without a ``kind`` nobody is asked: the
    process stands still.
    """

    kind: str
    role: str
    who: str
    since: int
    due: int
    blocked: bool = False
    held: str = ""
    call: bool = False


@frozen
class Line:
    """One referral in the list. ``mark`` is "" when nobody is waited for. ``beside``: whom its open tasks
    beside the lifecycle, by ``side_tasks`` their numbers, wait for besides. ``incident``: the id of what it was tagged with.
    """

    reference: str
    stage: str
    status: str
    tier: str
    priority: str
    county: str
    submitted: int
    waiting: Waiting | None
    mark: str
    incident: str = ""
    side_tasks: tuple[int, ...] = ()
    beside: tuple[Waiting, ...] = ()

    @property
    def place(self) -> str:
        """Where it stands on the board: by when it came."""
        return f"{self.submitted}#{self.reference}"


def page(which: str, cursor: str, at: int, case_type: str = "") -> tuple[list[Line], str]:
    """A page of the board ``which`` (open, closed) of a type of case, the first one unless said: its
    lines, and the cursor of the next one ("" at the end)."""
    board = indexes.partition(which, case_type)
    place = place_of(cursor, PLACE)
    start = place and {
        "pk": keys.case_pk(place.partition("#")[2]),
        "sk": keys.STATE,
        "gsi1pk": board,
        "gsi1sk": place,
    }
    found = dynamodb.page(board, index=keys.BOARD, limit=PAGE, start=start or None)
    more = cursor_of(found.next["gsi1sk"]) if found.next else ""
    return [line_of(row, at) for row in found.rows], more


def line_of(row: Item, at: int) -> Line:
    """A row of the index as a line of the list."""
    submitted, _, reference = str(row["gsi1sk"]).partition("#")
    priority = str(row.get("priority", "routine"))
    waiting = waiting_of(str(row.get("waits", "")), priority)
    return Line(
        reference=reference,
        stage=str(row.get("stage", "")),
        status=str(row.get("ended", "")),
        tier=str(row.get("tier", "")),
        priority=priority,
        county=str(row.get("county", "")),
        submitted=int(submitted),
        incident=str(row.get("incident", "")),
        waiting=waiting,
        mark=mark_for(waiting, at) if waiting else "",
        side_tasks=tuple(int(n) for n in row.get("side_tasks", ())),
    )


def with_side_tasks(lines: Sequence[Line]) -> list[Line]:
    """The same lines, with whom their tasks beside the lifecycle wait for, and the mark that those give
    them; one whose row is gone is no calm matter. Half a unit for each task."""
    wanted = [keys.task(line.reference, n) for line in lines for n in line.side_tasks]
    if not wanted:
        return list(lines)
    found: dict[str, list[Waiting]] = {}
    there = Counter[str]()
    for row in dynamodb.batch_get(wanted):
        task = SideTask.model_validate(row)
        there[keys.reference_of(row["pk"])] += 1
        if not task.over:
            told = Waiting(task.kind, task.role, task.assignee, task.opened, task.due)
            found.setdefault(keys.reference_of(row["pk"]), []).append(told)
    return [_with(line, found.get(line.reference, []), there[line.reference]) for line in lines]


def _with(line: Line, beside: list[Waiting], there: int) -> Line:
    marks = [line.mark, *(trouble_of(one.kind) for one in beside)]
    gone = ["attention"] if there < len(line.side_tasks) else []
    in_order = tuple(sorted(beside, key=lambda one: one.due))
    return replace(line, beside=in_order, mark=worst([*marks, *gone]))


def worst(marks: Iterable[str]) -> str:
    """The mark that must be seen."""
    return min(marks, key=_WORST.index)


def trouble_of(kind: str) -> str:
    """How a case is marked because something of this kind is asked; "" for a kind that is no bad news."""
    if not kind:
        return "attention"
    try:
        return kind_of(kind).policy.trouble
    except KeyError:
        return ""


def mark_for(waiting: Waiting, at: int) -> str:
    """How a wait stands: broken, blocked, paused, or by its instants."""
    if trouble := trouble_of(waiting.kind):
        return trouble
    if waiting.blocked:
        return "blocked"
    return "paused" if waiting.held else mark_of(waiting.since, waiting.due, at)


def mark_of(since: int, due: int, at: int) -> str:
    """How an open wait stands: ``late`` after the due instant, ``due-soon`` on the last day (or half) before it."""
    if at >= due:
        return "late"
    soon = min(scaled(0, DAY), (due - since) // 2)
    return "due-soon" if due - at <= soon else "on-time"


def waiting_of(summary: str, priority: str) -> Waiting | None:
    """The index's summary (``indexes.waits``); without a due instant it is worked out."""
    parts = summary.split(":")
    if len(parts) < 4 or not parts[3].isdigit():
        return None
    kind, role, who, since = parts[0], parts[1], parts[2], int(parts[3])
    if len(parts) > 4 and parts[4].isdigit():
        due = int(parts[4])
    else:
        try:
            due = due_at(kind_of(kind), priority, since)
        except KeyError:
            due = since
    why = (parts[5:6] or [""])[0]
    marked = why in ("blocked", indexes.CALL)
    held = "" if marked else why
    return Waiting(kind, role, who, since, due, why == "blocked", held, why == indexes.CALL)


def _asked(kind: str) -> str:
    """What somebody is waited for, in a list's column."""
    try:
        return kind_of(kind).words.short
    except KeyError:
        return N_("to answer")


def title_of(kind: str) -> str:
    """What a task asks for, as a msgid; a kind of another release is known by its name."""
    try:
        return kind_of(kind).words.title
    except KeyError:
        return kind.replace("_", " ")


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
        "roles": {**ROLE_WORDS, **vocabulary.OWNERS},
        "marks": MARKS,
        "asked": _asked,
        "incident": emergencies.called,
        "when": lambda instant: when_words(instant, at, lang),
        "long": lambda seconds: long_words(seconds, lang),
    }
