"""A run that ended as none should: its case is looked at as soon as nothing can be on its way any more.

Step Functions tells of each run that fails, times out or is stopped. What a parent catches from its
stage is no news; a case whose expected run is gone is looked at within minutes, not at the hour.
"""

from __future__ import annotations

from chalicelib.aws import dynamodb
from chalicelib.aws.now import now
from chalicelib.aws.settings import settings
from chalicelib.aws.writes import Key, put
from chalicelib.domain.errors import NotFound
from chalicelib.domain.json_values import Json
from chalicelib.workflow.reconciler.compare import expected, run_named
from chalicelib.workflow.reconciler.reconcile import reconcile_one
from chalicelib.workflow.reconciler.repairs import QUIET, newest
from chalicelib.workflow.storage import indexes, keys, store

ENDED = "RUN_ENDED"
# Seconds for which a row stands, asleep: whoever looks after runs may delete none of a case.
KEEP = 7 * 86400


def run_ended(event: Json, context: object) -> bool:
    """Let the clock look at the case of the run that ended; returns whether the case needs the run."""
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
    at = now()
    row = {
        "run": run.name,
        "wpk": keys.WAKE_PARTITION,
        "wake_at": at + QUIET + 1,
        "expires_at": at + KEEP,
    }
    dynamodb.write(put(Key(keys.case_pk(run.reference), ENDED), row))
    return True


def look(pk: str, sk: str, at: int) -> None:
    """Repair the case if its run is gone still; look again while something may be on its way."""
    state = store.load(keys.reference_of(pk), consistent=True)
    if reconcile_one(state, at) is None and at - newest(state) <= QUIET:
        indexes.wake_later(pk, sk, at + QUIET)
    else:
        indexes.sleep(pk, sk)
