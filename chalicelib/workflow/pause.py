"""Pause a referral and go on: its task waits without reminders, and keeps the time that it had left.

The clock of the standards stops only where the status says so (``pauses_clock``), and only such time
is counted as ``paused``; a hold stops the reminders in any case, because nobody is to be pressed
meanwhile.
"""

from __future__ import annotations

from chalicelib.workflow.case_types import type_of
from chalicelib.workflow.cases import Case, Changes, Pause, Task
from chalicelib.workflow.kinds import kind_of


def pause(
    state: Case,
    status: str,
    reason: str,
    at: int,
    until: int,
    by: str = "",
    remind: int | None = None,
) -> Changes:
    """The changes that put a referral on hold until ``until`` at the latest (UTC seconds).

    ``status`` is one of FHIR's on-hold; ``reason`` one of ``STATUS_REASONS[status]``; at ``remind``
    the one who asked for it hears that the end is near.
    """
    before = state.pause.status if state.pause else state.status
    since = state.pause.since if state.pause else at
    hold = Pause(since=since, until=until, status=before, reason=reason, by=by, remind=remind)
    return {"status": status, "reason": reason, "pause": hold}


def resume(state: Case, at: int) -> Changes:
    """The changes that take a referral off hold; empty when it is not on hold."""
    changes = lifted(state, at)
    if state.pause is not None and state.task is not None:
        changes["task"] = later(state.task, max(0, at - state.pause.since))
    return changes


def lifted(state: Case, at: int) -> Changes:
    """The same where the command says what becomes of the task."""
    if state.pause is None:
        return {}
    paused = state.paused + stood_still(state, at)
    return {"status": state.pause.status, "reason": None, "pause": None, "paused": paused}


def stood_still(state: Case, at: int) -> int:
    """For how many seconds of its hold the clock of the standards has stood still.

    While questions to the provider are open, the clock stands still for them: that time is
    counted when they end, and with it the hold.
    """
    if state.pause is None:
        return 0
    if state.task is not None and kind_of(state.task.kind).policy.stops_clock:
        return 0
    if not type_of(state).statuses[state.status].pauses_clock:
        return 0
    return max(0, at - state.pause.since)


def later(task: Task, seconds: int) -> Task:
    """The same task with every instant so many seconds later."""
    return task.model_copy(
        update={
            "due": task.due + seconds,
            "remind": [at + seconds for at in task.remind],
            "escalate": None if task.escalate is None else task.escalate + seconds,
            "expires": task.expires + seconds,
        }
    )


def over(view: Case, task: Task, at: int) -> bool:
    """Whether the time of ``task`` is over. A hold stops the clock of the lifecycle's own task, and
    of none beside: ``view`` is the referral as the task sees it."""
    stopped = view.pause is not None and task.number not in view.side_tasks
    return not stopped and task.expires <= at
