"""Compare the table with the runs, and bring back what is gone.

Each hour by itself, and when somebody asks: in the console, or with ``make reconcile``. Cheap first:
the running runs of every machine as lists, the states in batches, compared as sets; only what does
not fit is looked at one by one, and so many at the most in a round.
"""

from __future__ import annotations

import time

from chalicelib.aws import stepfunctions
from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.domain.json_values import Json
from chalicelib.workflow.cases import Case
from chalicelib.workflow.machines import titles
from chalicelib.workflow.reconciler import rows
from chalicelib.workflow.reconciler.compare import Suspect, cases, runs_by_reference
from chalicelib.workflow.reconciler.findings import Finding, Round
from chalicelib.workflow.reconciler.lost_tasks import missing
from chalicelib.workflow.reconciler.repairs import QUIET, YOUNG, look_closer
from chalicelib.workflow.storage import store

# Cases of a round that are looked at one by one (each asks the engine up to five times, 15/s).
LOOKS = 400
# Seconds that a round may take: of the reconciler's own function, and within the clock's minute.
OWN_SECONDS, CLOCK_SECONDS = 240, 25


def reconcile(event: Json, context: object) -> Round:
    """One round. The event may carry ``reason``, which the log then shows; ``deep``: compare the
    tokens of all, after a restore; ``after``: a reference to go on behind; ``quiet``: seconds, 0
    when the engine is new and nothing can be on its way; ``seconds`` that it may take."""
    return play_round(
        now(),
        reason=str(event.get("reason", "")),
        deep=bool(event.get("deep")),
        after=str(event.get("after", "")),
        quiet=int(event.get("quiet", QUIET)),
        seconds=float(event.get("seconds", OWN_SECONDS)),
    )


def wished(pk: str, sk: str, at: int) -> None:
    """Somebody pressed the button: a round now, in the clock's minute, and one more when what was too
    young to be judged no longer is."""
    wish = rows.wished()
    told = play_round(at, by=str(wish.get("by", "")), seconds=CLOCK_SECONDS)
    if told["young"] and not wish.get("again"):
        rows.look_again(at, at + QUIET + 1)
    else:
        rows.wish_done(at)


def play_round(
    at: int,
    *,
    reason: str = "",
    by: str = "",
    deep: bool = False,
    after: str = "",
    quiet: int = QUIET,
    seconds: float = OWN_SECONDS,
) -> Round:
    """Look at everything once; returns counts, findings, and ``next``: where to go on, if cut short.

    Two rounds at once do no harm: each repair is one conditional write.
    """
    until = time.monotonic() + seconds
    running = {machine: stepfunctions.running(machine) for machine in titles()}
    references = sorted({*rows.expecting(), *runs_by_reference(running)})
    states = {state.reference: state for state in store.states(references)}
    suspects = cases(states, running, deep, missing(states))
    found = [case for case in suspects if case.reference > after]
    findings: list[Finding] = []
    looked = failed = young = 0
    for case in found[:LOOKS]:
        if looked and time.monotonic() > until:
            break  # the lists took long: still one case a round, or it would never come to an end
        looked += 1
        try:
            finding = look_closer(case, at, quiet, reason)
        except Exception:
            failed += 1
            logger().exception("reconcile", extra={"referral": case.reference})
            continue
        if finding is not None and finding["finding"] == YOUNG:
            young += 1
        elif finding is not None:
            findings.append(finding)
    left = len(found) - looked
    told: Round = {
        "reason": reason,
        "by": by,
        "deep": deep,
        "referrals": len(states),
        "runs": sum(len(names) for names in running.values()),
        "looked": looked,
        "failed": failed,
        "young": young,
        "left": left,
        "started": sum(f["repair"] == "restarted" for f in findings),
        "stopped": sum(f["repair"] == "stopped" for f in findings),
        "handed": sum(f["repair"] == "handed" for f in findings),
        "findings": findings,
        "next": found[looked - 1].reference if left else "",
    }
    rows.note_round(at, told)
    return told


def reconcile_one(state: Case, at: int, quiet: int = QUIET) -> Finding | None:
    """Look closely at one referral, which the clock found waiting for nobody. None also when it is too
    early to tell."""
    finding = look_closer(Suspect(state.reference), at, quiet)
    return None if finding is not None and finding["finding"] == YOUNG else finding
