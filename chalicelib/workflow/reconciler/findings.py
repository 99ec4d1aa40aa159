"""The words of what the reconciler finds and does, for its own page and every timeline."""

from __future__ import annotations

from typing import Final, Literal, TypedDict

from chalicelib.web.languages import N_

Repair = Literal["restarted", "stopped", "handed", "asked_again", "waits_for_person", ""]


class Finding(TypedDict):
    """A case whose run did not fit its table, and what was done."""

    reference: str
    finding: str
    repair: Repair


class Round(TypedDict):
    """What one look at everything found. ``by``: who asked for it; ``deep``: the tokens of all were
    compared; ``young``: those that had changed too shortly before to be judged; ``next``: the reference
    to go on behind, if it was cut short."""

    reason: str
    by: str
    deep: bool
    referrals: int
    runs: int
    looked: int
    failed: int
    young: int
    left: int
    started: int
    stopped: int
    handed: int
    findings: list[Finding]
    next: str


FINDINGS: Final[dict[str, str]] = {
    "task_without_run": N_("Somebody is asked, and no run waits for the answer."),
    "no_run": N_("An open request has no run."),
    "stage_ended": N_("The run of the stage has ended, and the request stands there still."),
    "unheard": N_("The run waits for an answer, and nobody is asked."),
    "no_token": N_("Somebody is asked, and the run cannot hear the answer."),
    "other_token": N_("The run waits for another answer than the one that is asked."),
    "newer_run": N_("The engine has a newer run than the table knows."),
    "old_run": N_("A run went on that nobody needs."),
    "lost_task": N_("Somebody was asked beside it, and that is gone from our record."),
    "no_referral": N_("A run went on for a request that the table does not have."),
}
REPAIRS: Final[dict[Repair, str]] = {
    "restarted": N_("Started again"),
    "stopped": N_("Ended"),
    "handed": N_("A coordinator was asked"),
    "asked_again": N_("The same was asked again"),
    "waits_for_person": N_("Waits for the coordinator"),
    "": N_("It was moving again"),
}
