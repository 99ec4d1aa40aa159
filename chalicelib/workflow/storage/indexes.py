"""What the two indexes hold: the console's board, and when the clock looks at a row again."""

from __future__ import annotations

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import Key, field, update
from chalicelib.workflow.case_types import applicant_of, named, type_of
from chalicelib.workflow.cases import Case, Task
from chalicelib.workflow.storage import keys

# Seconds between due and exit that make a wait a long one.
LONG_WAIT = 90 * 86400
_NOT_STAFF = ("consultant", "system")


def wake_later(pk: str, sk: str, at: int) -> None:
    """Let the clock look at a row again at ``at``, whatever it is; one that is gone stays gone."""
    woken = update(Key(pk, sk)).set(wpk=keys.WAKE_PARTITION, wake_at=at)
    dynamodb.write(woken.only_if(field("pk").exists()))


def sleep(pk: str, sk: str) -> None:
    """Let the clock look at a row no more; one that is gone stays gone."""
    asleep = update(Key(pk, sk)).remove("wpk", "wake_at")
    dynamodb.write(asleep.only_if(field("pk").exists()))


def due(now: int, limit: int = 100) -> list[Key]:
    """Keys of the rows whose wake-up has come, the longest due first."""
    order = field(keys.WAKE.order).at_most(now)
    page = dynamodb.page(keys.WAKE_PARTITION, order, index=keys.WAKE, limit=limit)
    return [keys.key_of(row) for row in page.rows]


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


def board(
    which: str = "open", limit: int = 50, start: Item | None = None
) -> tuple[list[Item], Item | None]:
    """A page of the console's list (``open`` or ``closed``), oldest first, and where to go on."""
    page = dynamodb.page(which, index=keys.BOARD, limit=limit, start=start)
    rows = [{**row, "reference": keys.reference_of(row["pk"])} for row in page.rows]
    return rows, page.next


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
    """The board's keys of a case: open or closed, the oldest first."""
    return {
        "gsi1pk": listed(state),
        "gsi1sk": f"{state.submitted}#{state.reference}",
    }


def waits(state: Case) -> str:
    """The board's summary of the open task: ``kind:role:who:opened[:due[:blocked]]``; on hold the
    last three are since when, until when and the status.

    A wait of months (the sessions) is timed anew at each entry: it stands there without a due
    instant, so that an entry does not rewrite the index.
    """
    task = state.task
    if task is None:
        return ""
    summary = f"{task.kind}:{task.role}:{task.assignee}:{task.opened}"
    long = task.expires - task.due > LONG_WAIT
    if state.pause is not None and state.pause.reason == type_of(state).address_pause[1]:
        return f"{summary}:{'' if long else task.due}:blocked"
    if state.pause is not None:
        hold = state.pause
        return f"{task.kind}:{task.role}:{task.assignee}:{hold.since}:{hold.until}:{state.status}"
    if task.about.get("blocked"):
        return f"{summary}:{'' if long else task.due}:blocked"
    return summary if long else f"{summary}:{task.due}"
