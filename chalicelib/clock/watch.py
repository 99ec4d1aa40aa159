"""Every minute: what is due is done (law 8), and what should have left the house leaves (rule 3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent

from chalicelib.aws import people, store
from chalicelib.clock.reconcile import reconcile_one
from chalicelib.kit.log import logger
from chalicelib.kit.now import now
from chalicelib.kit.outbox import leave
from chalicelib.kit.tasks import answered, kind_of, recipient
from chalicelib.referral.model import Entry, Referral

bp = Blueprint(__name__)
Item = dict[str, Any]
# An open referral that waits for nobody this long, in seconds, has lost its run.
QUIET = 120
# Seconds until the clock tries again what failed.
AGAIN = 120


@bp.schedule("rate(1 minute)", name="clock")
def clock(event: CloudWatchEvent) -> Item:
    """Look at every referral whose wake-up has come. One that fails does not stop the rest (F5)."""
    at = now()
    references = store.due(at)
    failed = 0
    for reference in references:
        try:
            look(reference, at)
        except Exception:
            failed += 1
            logger().exception("clock", extra={"referral": reference})
            _put_off(reference, at)
    return {"looked": len(references), "failed": failed}


def look(reference: str, at: int) -> None:
    """Do what is due for one referral and set its next wake-up."""
    state = store.load(reference, consistent=True)
    try:
        swept, pending = _sweep(state, at)
    except Exception:
        # A letter that cannot leave must not hold up what is due; it is tried again.
        logger().exception("effects did not leave", extra={"referral": reference})
        swept, pending = state.swept, at + AGAIN
    state = _due(state, at)
    if state.task is None and _expects_run(state) and at - _last(state) > QUIET:
        state = reconcile_one(state, at)
    wanted = [i for i in (pending, store.next_instant(state)) if i is not None]
    if state.task is None and _expects_run(state):
        wanted.append(at + 60)
    store.rearm(state, swept, max(min(wanted), at + 1) if wanted else None)


def _put_off(reference: str, at: int) -> None:
    """Look again later at a referral that failed, so that it never starves the others (F5)."""
    try:
        state = store.load(reference, consistent=True)
        store.rearm(state, state.swept, at + AGAIN)
    except Exception:
        logger().exception("put off", extra={"referral": reference})


def _expects_run(state: Referral) -> bool:
    return state.open or state.stage == "follow_up"


def _last(state: Referral) -> int:
    entries = store.log(state, consistent=True)
    return entries[-1].at if entries else state.submitted


def _sweep(state: Referral, at: int) -> tuple[int, int | None]:
    """Let effects leave that are older than a minute; returns (swept up to v, when to look again)."""
    if state.swept >= state.v:
        return state.swept, None
    swept = state.swept
    for entry in store.log(state, consistent=True):
        if entry.v <= swept:
            continue
        if entry.effects and entry.at + store.SWEEP_AFTER > at:
            return swept, entry.at + store.SWEEP_AFTER
        leave(state.reference, entry)
        swept = entry.v
    return swept, None


def _due(state: Referral, at: int) -> Referral:
    """Expire, escalate or remind: one command each, decided from the freshest state."""

    def decide(fresh: Referral) -> tuple[Entry, Sequence[Item]] | None:
        task = fresh.task
        if task is None or (store.next_instant(fresh) or at + 1) > at:
            return None
        kind = kind_of(task.kind)
        command = f"clock:{task.n}:{fresh.v}"
        if task.expires <= at:
            outcome = kind.expire(fresh, at)
            entry = answered(fresh, kind, outcome, "clock", command, at)
            return entry.model_copy(update={"type": f"{kind.name}_expired"}), outcome.also
        changed = task.model_dump(exclude_defaults=True)
        if task.escalate is not None and task.escalate <= at:
            changed.pop("escalate")
            lead = people.in_charge("supervisor", fresh.county) or fresh.specialist
            effects: list[Item] = [
                {"do": "mail", "letter": "clock/escalation", "to": f"staff:{lead}"}
            ]
            kind_of_change, data = "escalated", {"task": task.n, "kind": task.kind}
        else:
            changed["remind"] = [i for i in task.remind if i > at]
            effects = [
                {
                    "do": "mail",
                    "letter": kind.letter,
                    "to": recipient(fresh, task.role, task.who),
                    "task": task.n,
                    "reminder": True,
                }
            ]
            kind_of_change, data = "reminded", {"task": task.n, "kind": task.kind}
        entry = Entry(
            type=kind_of_change,
            at=at,
            actor="clock",
            command=command,
            changes={"task": changed},
            data=data,
            effects=effects,
        )
        return entry, ()

    for _ in range(3):
        before = state.v
        state = store.change(state.reference, decide) if _has_due(state, at) else state
        if state.v == before or not _has_due(state, at):
            break
    return state


def _has_due(state: Referral, at: int) -> bool:
    instant = store.next_instant(state)
    return instant is not None and instant <= at
