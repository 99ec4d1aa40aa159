"""What the indexes hold: the console's board, the queue of staff, what a case is found by, and when the
clock looks at a row again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import Condition, Key, field, update
from chalicelib.domain.roles import ROLES
from chalicelib.workflow.case_types import applicant_of, named, type_of
from chalicelib.workflow.cases import Case, Pause, Task
from chalicelib.workflow.storage import keys

# How many that are due are read at once.
PAGE = 200
# Seconds between due and exit that make a wait a long one.
LONG_WAIT = 90 * 86400
# The id in a task's ``about`` of the moment at which somebody asked to be called, and its sign in a summary.
CALL_AT, CALL = "call_at", "call"
_NOT_STAFF = ("consultant", "system")
SEARCH = "search"


def wake_later(pk: str, sk: str, at: int, *still: Condition) -> None:
    """Let the clock look at a row again at ``at``, whatever it is; one that is gone stays gone, and one
    that is not ``still`` so was woken meanwhile for something else."""
    woken = update(Key(pk, sk)).set(wake_at=at).set_default("wpk", keys.WAKE_PARTITION)
    dynamodb.write(woken.only_if(field("pk").exists(), *still))


def sleep(pk: str, sk: str, *still: Condition) -> None:
    """Let the clock look at a row no more; one that is gone stays gone, ``still`` as in ``wake_later``."""
    asleep = update(Key(pk, sk)).remove("wpk", "wake_at")
    dynamodb.write(asleep.only_if(field("pk").exists(), *still))


def due(now: int) -> Iterator[Key]:
    """Keys of the rows whose wake-up has come: the urgent first, then the longest due. Read as they are
    taken."""
    order = field(keys.WAKE.order).at_most(now)
    for partition in keys.WAKES:
        for row in dynamodb.each(partition, order, index=keys.WAKE, limit=PAGE):
            yield keys.key_of(row)


def next_instant(state: Case) -> int | None:
    """The next instant at which the clock has something to do for a referral.

    A hold stops the task's clock: then it is the end of the hold.
    """
    if state.pause is not None:
        return min(state.pause.until, state.pause.remind or state.pause.until)
    return next_of(state.task) if state.task is not None else None


def next_of(task: Task) -> int:
    """The next of a task's own instants: a reminder, the escalation, or its end."""
    return min([*task.remind, *([task.escalate] if task.escalate else []), task.expires])


def partition(which: str, case_type: str = "") -> str:
    """The board's partition: ``open`` or ``closed`` for the first type of case, other types have theirs."""
    first = case_type in ("", named("").name)
    return which if first else f"{case_type}:{which}"


def listed(state: Case) -> str:
    """On which board a case stands: one that waits for staff is never among the closed."""
    others = (applicant_of(state), *_NOT_STAFF)
    staff = state.task is not None and state.task.role not in others
    return partition("open" if state.open or staff else "closed", state.case_type)


def on_board(state: Case) -> Item:
    """The board's keys of a case: open or closed, the oldest first; how it ended stands there too."""
    keys_of = {"gsi1pk": listed(state), "gsi1sk": f"{state.submitted}#{state.reference}"}
    return keys_of if state.open else keys_of | {"ended": state.status}


def waits(state: Case) -> str:
    """The board's summary of the open task: ``kind:role:who:opened[:due[:blocked or call]]``; on hold the
    last three are since when, until when and the status.

    A wait of months (the sessions) is timed anew at each entry: it stands there without a due
    instant, so that an entry does not rewrite the index.
    """
    task = state.task
    if task is None:
        return ""
    hold = state.pause
    if hold is not None and hold.reason != type_of(state).address_pause[1]:
        return f"{task.kind}:{task.role}:{task.assignee}:{hold.since}:{hold.until}:{state.status}"
    return summary(task, blocked=hold is not None or bool(task.about.get("blocked")))


def standing_still(since: int) -> str:
    """The same where nobody is asked, though somebody should be."""
    return f":system::{since}"


def summary(task: Task, *, blocked: bool = False) -> str:
    """The same of a task that is not on hold."""
    long = task.expires - task.due > LONG_WAIT
    marks = ["blocked"] if blocked else [CALL] if CALL_AT in task.about else []
    parts = [task.kind, task.role, task.assignee, str(task.opened)]
    parts += [] if long and not marks else ["" if long else str(task.due)]
    return ":".join([*parts, *marks])


def queued(reference: str, task: Task | None, pause: Pause | None = None) -> Item:
    """The queue's keys of an open task that waits for staff: of which role, whose, and due when. Others
    are in no queue: nobody of the staff is to do them."""
    if task is None or task.role not in ROLES:
        return {}
    due = task.due if pause is None else pause.until
    return {
        keys.QUEUE.partition: task.role,
        keys.QUEUE.order: f"{task.assignee}#{due:011d}#{reference}#{task.number:06d}",
    }


class FoundBy(NamedTuple):
    """What whoever calls may say of a case; "" for what nobody knows."""

    county: str = ""
    program: str = ""
    person: str = ""
    place: str = ""
    email: str = ""
    phone: str = ""
    license: str = ""


def findable(reference: str, by: FoundBy, at: int) -> Item:
    """The search's keys of a case, in the row that holds what it is found by: in the order in which such
    rows were written, so that whoever has read them once reads on from there."""
    return {
        keys.BOARD.partition: SEARCH,
        keys.BOARD.order: f"{at:011d}#{reference}",
        "found_by": as_text(by),
    }


def as_text(by: FoundBy) -> str:
    """What something is found by, as it is kept."""
    return "\n".join(" ".join(one.split()) for one in by)


def found_by(text: str) -> FoundBy:
    """The same, as it is kept; what another release kept besides is left out."""
    return FoundBy(*text.split("\n")[: len(FoundBy._fields)])
