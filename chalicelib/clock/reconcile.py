"""Compare the table with the runs, and bring back what is gone (law 2, I13, F43)."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, CloudWatchEvent

from chalicelib.aws import keys, store
from chalicelib.kit.log import logger
from chalicelib.kit.now import now
from chalicelib.kit.restarts import lost, restart
from chalicelib.referral.model import Referral

bp = Blueprint(__name__)
Item = dict[str, Any]


@bp.schedule("rate(1 hour)", name="reconcile")
def reconcile(event: CloudWatchEvent) -> Item:
    """Look at every open referral. The event may carry ``reason``, which the log then shows."""
    reason = str(event.to_dict().get("reason", "hourly"))
    at, started = now(), 0
    for reference in _all():
        try:
            state = store.load(reference, consistent=True)
            started += reconcile_one(state, at, reason).generation != state.generation
        except Exception:
            logger().exception("reconcile", extra={"referral": reference})
    return {"started": started}


def _all() -> list[str]:
    """Every referral that should have a run: the open board, and closed ones with a wake-up."""
    waking = store.due(2**40, limit=1000)
    references = dict.fromkeys(keys.reference_of(pk) for pk, sk in waking if sk == keys.STATE)
    start: Item | None = None
    while True:
        rows, start = store.board("open", limit=200, start=start)
        references |= dict.fromkeys(row["reference"] for row in rows)
        if start is None:
            return list(references)


def reconcile_one(state: Referral, at: int, reason: str = "") -> Referral:
    """Start the referral's run again at its stage when it is lost; otherwise change nothing."""
    finding = lost(state)
    if not finding:
        return state
    logger().warning("run lost", extra={"referral": state.reference, "finding": finding})
    return restart(state, at, "reconciler", f"{finding} {reason}".strip())
