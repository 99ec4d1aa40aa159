"""Every minute: what is due is done, and what should have left the house leaves.

Each duty of the minute is a call of its own (``infra/template.py`` derives one rule for each), with its
own time: none waits for another, and none falls with it.
"""

from __future__ import annotations

import time

from chalicelib.aws.attribute_values import Item
from chalicelib.aws.log import logger
from chalicelib.aws.metrics import Metric, count
from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.rooms import DUE, EACH_MINUTE
from chalicelib.workflow import events
from chalicelib.workflow.case_types import recipient, type_of
from chalicelib.workflow.cases import CLOCK, Case, Command, Entry, Task
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import Kind, kind_of, letter_of
from chalicelib.workflow.pause import resume
from chalicelib.workflow.reconciler.reconcile import reconcile_one
from chalicelib.workflow.reconciler.repairs import QUIET, newest
from chalicelib.workflow.reconciler.restarts import machine_of
from chalicelib.workflow.registry import load, wakes
from chalicelib.workflow.side_tasks import ended, find, void
from chalicelib.workflow.storage import indexes, keys, store
from chalicelib.workflow.storage.side_task_rows import SideTask, rewrite
from chalicelib.workflow.storage.side_task_rows import get as find_task
from chalicelib.workflow.sweep import AGAIN, stuck, sweep
from chalicelib.workflow.tasks import answered

# Seconds until the clock looks again at a referral whose run a person must start.
HANDED = 3600
# Seconds after which a call begins nothing more: the next minute goes on, and the function ends in time.
SECONDS = 42


def clock(event: Item, context: object) -> Item:
    """One duty of the minute, by ``detail.duty`` of the event; all of them where it names none. One that
    fails does not stop the rest.

    The event may carry ``unheard``, UTC seconds, where the stream begins anew: what was written before
    leaves at once; and ``seconds``, a shorter time. ``more``: not all that is due was looked at.
    """
    at, duty = now(), (event.get("detail") or {}).get("duty", "")
    looked, failed, more = 0, 0, False
    if duty in ("", DUE):
        seconds = float(event.get("seconds", SECONDS))
        looked, failed, more = _drain(at, int(event.get("unheard", 0)), seconds)
    for name, address in EACH_MINUTE.items():
        if duty in ("", name):
            try:
                load(address)(at)
            except Exception:
                failed += 1
                logger().exception("clock", extra={"duty": name})
    return {"looked": looked, "failed": failed, "more": more}


def _drain(at: int, unheard: int, seconds: float) -> tuple[int, int, bool]:
    """Look at every row whose wake-up has come, the urgent first, until the time is nearly over.
    Returns how many, how many of them failed, and whether there are more."""
    until = time.monotonic() + seconds
    looked = failed = 0
    # Whatever may not have left has its wake-up within the time that it rests, counted from the newest
    # command; runs that go on at this very moment make newer ones.
    for pk, sk in indexes.due(at + 2 * store.SWEEP_AFTER if unheard else at):
        failed += not _looked(pk, sk, at, unheard)
        looked += 1
        if time.monotonic() > until:
            logger().warning("more is due than a minute does", extra={"looked": looked})
            return looked, failed, True
    return looked, failed, False


def _looked(pk: str, sk: str, at: int, unheard: int = 0) -> bool:
    """Look at one row that is due; False when that failed."""
    reference = keys.reference_of(pk)
    try:
        if sk == keys.STATE:
            look(reference, at, unheard)
        elif sk.startswith(keys.TASK):
            look_beside(reference, int(sk.removeprefix(keys.TASK)), at)
        elif (wake := wakes(sk)) is not None:
            wake(pk, sk, at)
        else:
            raise LookupError(f"nobody is woken by {sk}")
    except Exception as error:
        logger().exception("clock", extra={"referral": reference, "row": sk})
        _put_off(pk, sk, at)
        _ask_why(reference, sk, at, type(error).__name__)
        return False
    return True


def look(reference: str, at: int, unheard: int = 0) -> None:
    """Do what is due for one referral and set its next wake-up; ``unheard`` as in ``sweep``.

    A state that a replica shows too late does no harm: every write here asks for its version.
    """
    state = store.load(reference)
    try:
        swept, pending = sweep(state, at, unheard)
    except Exception:
        # What cannot leave must not hold up what is due; it is tried again.
        logger().exception("effects did not leave", extra={"referral": reference})
        swept, pending = state.swept, at + AGAIN
    seen = state.version
    state = _due(state, at)
    soon = at + 60
    if state.task is None and machine_of(state) and at - newest(state) > QUIET:
        finding = reconcile_one(state, at)
        if finding is not None:
            soon = at + HANDED if finding["repair"] in ("handed", "waits_for_person") else soon
            state = store.load(reference, consistent=True)
    if state.version > seen:
        return  # the command that this look made has set the next one, and leaves meanwhile
    wanted = [i for i in (pending, indexes.next_instant(state)) if i is not None]
    still = newest(state) if state.task is None and machine_of(state) else 0
    wanted += [soon] if still else []
    store.rearm(state, swept, max(min(wanted), at + 1) if wanted else None, still)


def _put_off(pk: str, sk: str, at: int) -> None:
    """Look again later at a row that failed, so that it never starves the others."""
    try:
        indexes.wake_later(pk, sk, at + AGAIN)
    except Exception:
        logger().exception("put off", extra={"referral": keys.reference_of(pk)})


def _ask_why(reference: str, sk: str, at: int, why: str) -> None:
    """The clock breaks on this row again and again: then a person is asked."""
    if sk != keys.STATE:
        return
    try:
        stuck(reference, at, why)
    except Exception:
        logger().exception("nobody could be asked", extra={"referral": reference})


def _due(state: Case, at: int) -> Case:
    """Resume, expire, escalate or remind: one command each, decided from the freshest state."""

    def decide(fresh: Case) -> Command | None:
        task = fresh.task
        if (indexes.next_instant(fresh) or at + 1) > at:
            return None
        if fresh.pause is not None:
            return _resumed(fresh, at) if fresh.pause.until <= at else _ends_soon(fresh, at), ()
        if task is None:
            return None
        kind = kind_of(task.kind)
        command = f"clock:{task.number}:{fresh.version}"
        if task.expires <= at:
            outcome = kind.expire(fresh, at)
            entry = answered(fresh, kind, outcome, CLOCK, command, at)
            return entry.model_copy(
                update={"event": events.of_task(kind.name, "expired")}
            ), outcome.same_transaction
        return _pressed(fresh, task, kind, command, at), ()

    for _ in range(3):
        before = state.version
        state = store.change(state.reference, decide, state) if _has_due(state, at) else state
        if state.version == before or not _has_due(state, at):
            break
    return state


def _resumed(state: Case, at: int) -> Entry:
    """A hold has lasted as long as it may: the work goes on, and who is asked hears of it."""
    assert state.pause is not None
    task = state.task
    asked = recipient(state, task.role, task.assignee) if task is not None else ""
    ends = type_of(state).pause_ends
    changes, effects = ends(state, at, asked) if ends else (resume(state, at), [])
    if task is not None and (kind := kind_of(task.kind)).letter:
        effects.append(_reminder(state, task, kind))
    return Entry(
        event=events.RESUMED,
        at=at,
        actor=CLOCK,
        command=f"resume:{state.pause.since}:{state.version}",
        changes=changes,
        payload={"was": state.pause.reason, "lasted": at - state.pause.since},
        effects=effects,
    )


def _ends_soon(state: Case, at: int) -> Entry:
    """Who asked for the pause hears some days before that it ends by itself."""
    assert state.pause is not None
    hold = state.pause.model_copy(update={"remind": None})
    name = type_of(state).pause_ends_letter
    return Entry(
        event=events.PAUSE_ENDS_SOON,
        at=at,
        actor=CLOCK,
        command=f"pause-ends:{hold.since}:{hold.until}",
        changes={"pause": hold},
        payload={"until": hold.until},
        effects=[SendLetter(letter=name, to=hold.by)] if hold.by and name else [],
    )


def _reminder(view: Case, task: Task, kind: Kind) -> SendLetter:
    return letter_of(kind, view, task.number, task.assignee, reminder=True)


def _pressed(view: Case, task: Task, kind: Kind, command: str, at: int) -> Entry:
    """The supervisor hears of it, or whoever is asked is reminded; ``changes`` has the new task."""
    left: Item = {"escalate": None}
    if task.escalate is not None and task.escalate <= at:
        who = view.in_role("consultant")
        theirs = who if view.works_on(who) else ""
        lead = people.in_charge_of(kind.policy.escalates, view.county, theirs)
        lead = lead or view.in_role(kind.role)
        letter = SendLetter(letter="workflow/escalation", to=f"staff:{lead}", lane=kind.policy.lane)
        what = events.ESCALATED
        count(Metric.WAITS_OVER_STANDARD)
    else:
        left = {"remind": [i for i in task.remind if i > at]}
        letter, what = _reminder(view, task, kind), events.REMINDED
    return Entry(
        event=what,
        at=at,
        actor=CLOCK,
        command=command,
        changes={"task": task.model_copy(update=left)},
        payload={"task": task.number, "kind": task.kind},
        effects=[letter] if letter.letter else [],
    )


def look_beside(reference: str, n: int, at: int) -> None:
    """Expire, escalate or remind a task beside; one that its case or its matter has outlived is void."""

    def decide(state: Case) -> Command | None:
        view = find(state, n)
        task = view.task if view is not None else None
        if (
            view is None
            or not isinstance(task, SideTask)
            or task.over
            or indexes.next_of(task) > at
        ):
            return None
        kind = kind_of(task.kind)
        command = f"clock:{n}:{state.version}"
        if not (state.open or kind.policy.after_close) or kind.policy.moot(view):
            changes, also = void(state, n, at)
            entry = Entry(
                event=events.TASK_VOID, at=at, actor=CLOCK, command=command, changes=changes,
                payload={"task": n, "kind": task.kind},
            )  # fmt: skip
            return entry, also
        if task.expires <= at:
            entry, rows = ended(view, kind, kind.expire(view, at), CLOCK, command, at)
            return entry.model_copy(update={"event": events.of_task(kind.name, "expired")}), rows
        entry = _pressed(view, task, kind, command, at)
        changed = SideTask.model_validate(entry.changes["task"])
        return entry.model_copy(update={"changes": {}}), [rewrite(reference, changed)]

    for _ in range(3):
        store.change(reference, decide)
        task = find_task(reference, n)
        if task is None or task.over or indexes.next_of(task) > at:
            break


def _has_due(state: Case, at: int) -> bool:
    instant = indexes.next_instant(state)
    return instant is not None and instant <= at
