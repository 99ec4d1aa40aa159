"""Compare the table with the runs, and bring back what is gone.

Each hour by itself, and when somebody asks: in the console, or with ``make reconcile``. Cheap first:
the running runs of every machine as lists, the states passing by a hundred at a time; only what does not
fit is looked at one by one, so many at the most in a round, and the next minute goes on with the rest.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

from chalicelib.aws import stepfunctions
from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.domain.json_values import Json
from chalicelib.rooms import WISHED
from chalicelib.workflow.cases import Case
from chalicelib.workflow.machines import titles
from chalicelib.workflow.reconciler import rows
from chalicelib.workflow.reconciler.compare import (
    Running,
    Suspect,
    odd,
    runs_by_reference,
    strays,
)
from chalicelib.workflow.reconciler.findings import Finding, Round
from chalicelib.workflow.reconciler.lost_tasks import missing
from chalicelib.workflow.reconciler.repairs import QUIET, YOUNG, look_closer
from chalicelib.workflow.storage import store

# Cases of a round that are looked at one by one (each asks the engine up to five times, 15/s).
LOOKS = 400
# Seconds that a round may take.
SECONDS = 240


def reconcile(event: Json, context: object) -> Round | None:
    """One round; or each minute, by ``detail.duty`` of the event, the one that somebody asked for.

    The event may carry ``reason``, which the log then shows; ``deep``: compare the tokens of all, after
    a restore; ``after``: a reference to go on behind; ``quiet``: seconds, 0 when the engine is new and
    nothing can be on its way; ``seconds`` that it may take. The hour's own round that was cut short goes
    on a minute later.
    """
    at = now()
    if (event.get("detail") or {}).get("duty") == WISHED:
        return wished(at)
    told = play_round(
        at,
        reason=str(event.get("reason", "")),
        deep=bool(event.get("deep")),
        after=str(event.get("after", "")),
        quiet=int(event.get("quiet", QUIET)),
        seconds=float(event.get("seconds", SECONDS)),
    )
    if told["next"] and not told["reason"]:
        rows.go_on(at, told["next"])
    return told


def wished(at: int) -> Round | None:
    """Play what somebody asked for, and what was cut short; once more when what was too young to be
    judged no longer is."""
    wish = rows.take_wish(at)
    if wish is None:
        return None
    asked = int(wish["at"])
    told = play_round(at, by=str(wish.get("by", "")), after=str(wish.get("after", "")))
    if told["next"]:
        rows.later(asked, at, after=told["next"])
    elif told["young"] and not wish.get("again"):
        rows.later(asked, at + QUIET + 1, again=True, after="")
    else:
        rows.wish_done(asked)
    return told


def play_round(
    at: int,
    *,
    reason: str = "",
    by: str = "",
    deep: bool = False,
    after: str = "",
    quiet: int = QUIET,
    seconds: float = SECONDS,
) -> Round:
    """Look at everything once; returns counts, findings, and ``next``: where to go on, if cut short.

    Two rounds at once do no harm: each repair is one conditional write.
    """
    until = time.monotonic() + seconds
    running = {machine: stepfunctions.running(machine) for machine in titles()}
    runs = sum(map(len, running.values()))
    suspects, referrals = _suspects(running, deep)
    found = [case for case in suspects if case.reference > after]
    looks = _Looks()
    for case in found[:LOOKS]:
        if looks.looked and time.monotonic() > until:
            break  # the lists took long: still one case a round, or it would never come to an end
        looks.at(case, at, quiet, reason)
    left = len(found) - looks.looked
    repairs = Counter(one["repair"] for one in looks.findings)
    told: Round = {
        "reason": reason,
        "by": by,
        "deep": deep,
        "referrals": referrals,
        "runs": runs,
        "looked": looks.looked,
        "failed": looks.failed,
        "young": looks.young,
        "left": left,
        "started": repairs["restarted"],
        "stopped": repairs["stopped"],
        "handed": repairs["handed"],
        "findings": looks.findings,
        "next": found[looks.looked - 1].reference if left else "",
    }
    rows.note_round(at, told)
    return told


def _suspects(running: Running, deep: bool) -> tuple[list[Suspect], int]:
    """Who needs a closer look, in order of reference, and how many states there are. The states pass
    through a hundred at a time; what is kept is what does not fit."""
    closer: set[str] = set()
    referrals = 0
    for states in rows.expecting():
        referrals += len(states)
        closer |= odd(states, running, deep) | missing(states)
    found = strays(store.states(runs_by_reference(running)), running)
    suspects = (Suspect(reference, found.get(reference, ())) for reference in closer | set(found))
    return sorted(suspects, key=lambda one: one.reference), referrals


@dataclass
class _Looks:
    """The closer looks of a round, and what came of them."""

    findings: list[Finding] = field(default_factory=list)
    looked: int = 0
    failed: int = 0
    young: int = 0

    def at(self, case: Suspect, at: int, quiet: int, reason: str) -> None:
        """Look closer at one; one that fails does not stop the rest."""
        self.looked += 1
        try:
            finding = look_closer(case, at, quiet, reason)
        except Exception:
            self.failed += 1
            logger().exception("reconcile", extra={"referral": case.reference})
            return
        if finding is not None and finding["finding"] == YOUNG:
            self.young += 1
        elif finding is not None:
            self.findings.append(finding)


def reconcile_one(state: Case, at: int, quiet: int = QUIET) -> Finding | None:
    """Look closely at one referral, which the clock found waiting for nobody. None also when it is too
    early to tell."""
    finding = look_closer(Suspect(state.reference), at, quiet)
    return None if finding is not None and finding["finding"] == YOUNG else finding
