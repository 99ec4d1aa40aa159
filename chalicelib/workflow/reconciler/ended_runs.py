"""A run that ended as none should: its case is looked at as soon as nothing can be on its way anymore.

Step Functions tells of each run that fails, times out or is stopped. What a parent catches from its
stage is no news; a whole run that was stopped is brought back at once, a case whose expected run is gone
otherwise is looked at within minutes, not at the hour. A task beside whose row is gone wakes the same look.
"""

from __future__ import annotations

from chalicelib.aws import dynamodb
from chalicelib.aws.now import now
from chalicelib.aws.settings import settings
from chalicelib.aws.writes import put
from chalicelib.domain.errors import NotFound
from chalicelib.domain.json_values import Json
from chalicelib.workflow.reconciler.compare import Suspect, expected, run_named
from chalicelib.workflow.reconciler.lost_tasks import FINDING as LOST
from chalicelib.workflow.reconciler.reconcile import reconcile_one
from chalicelib.workflow.reconciler.repairs import NOTICED, YOUNG, look_closer
from chalicelib.workflow.storage import indexes, keys, store

# Seconds for which the row stands, asleep: whoever looks after runs may delete none of a case.
KEEP = 7 * 86400


def run_ended(event: Json, context: object) -> bool:
    """Repair the case of the run that ended, or let the clock do it when that is certain; returns
    whether the case needs the run."""
    detail = event["detail"]
    run = run_named(str(detail["name"]))
    if run is None or settings().machine_arn(run.machine) != detail["stateMachineArn"]:
        return False
    try:
        state = store.load(run.reference, consistent=True)
    except NotFound:
        return False
    if run.name not in expected(state):
        return False
    if reconcile_one(state, now()) is not None:
        return True
    row = {"run": run.name, "wpk": keys.WAKE_URGENT, "wake_at": now() + NOTICED + 1}
    dynamodb.write(put(keys.look(run.reference), {**row, "expires_at": now() + KEEP}))
    return True


def look(pk: str, sk: str, at: int) -> None:
    """Repair the case if something is gone still; look again while something may be on its way."""
    state = store.load(keys.reference_of(pk), consistent=True)
    finding = look_closer(Suspect(state.reference), at)
    if finding is not None and finding["finding"] in (YOUNG, LOST):
        indexes.wake_later(pk, sk, at + NOTICED)
    else:
        indexes.sleep(pk, sk)
