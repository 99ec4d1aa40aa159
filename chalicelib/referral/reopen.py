"""Open a closed referral again within 90 days: same reference, next generation.

Where it goes on is by what was there: after a match, to the match with continuity; after the tier,
to triage; before that, to eligibility. Only this command leaves an end. What ran after the end,
the survey and the follow-up, hears that it moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chalicelib.referral.events import REOPENED, ReferralPayload
from chalicelib.referral.model import Referral, ReferralChanges, Sessions
from chalicelib.workflow.cases import Command, Entry, valid
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.events import of_task
from chalicelib.workflow.stage_change import REOPEN_DAYS, ended_within, move
from chalicelib.workflow.storage import store

STATUS: Final = {"match": "tier_assigned", "tiers": "in_triage", "eligibility": "submitted"}
_MATCHED: Final = frozenset(
    {(of_task("offer", "answered"), "accepted"), (of_task("coordinator", "answered"), "assigned")}
)


def may_reopen(state: Referral, at: int, actor: str = "") -> bool:
    """Whether it ended not longer than 90 days ago. One that is the same as another stays closed, for
    the other one is open; staff may correct that for a day."""
    same = "duplicate" in (state.closure, state.reason)
    if same and not actor.startswith("staff:"):
        return False
    return ended_within(state, at, 1 if same else REOPEN_DAYS)


def reopen(reference: str, reason: str, actor: str, command: str, at: int) -> Referral:
    """Open it again; a second press, or one that comes too late, changes nothing.

    ``reason`` is an id of words.REOPEN_REASONS. Raises NotFound and TryAgain.
    """

    def decide(state: Referral) -> Command | None:
        if not may_reopen(state, at, actor):
            return None
        return _reopened(state, store.log(state), reason, actor, command, at), ()

    return store.change(reference, decide, press=command)


def _reopened(
    state: Referral, log: Sequence[Entry], reason: str, actor: str, command: str, at: int
) -> Entry:
    matched = any((e.event, e.payload.get("verdict")) in _MATCHED for e in valid(log))
    stage = "match" if matched else "tiers" if state.tier else "eligibility"
    changes, effects = move(state, stage)
    changes |= ReferralChanges(
        status=STATUS[stage],
        closed=None,
        closure=None,
        reason=None,
        consultant=None,
        declined=None,
    )
    if matched:
        sessions = (state.sessions or Sessions()).without_days()
        changes |= ReferralChanges(
            previous=state.consultant or state.previous or None,
            sessions=sessions if sessions != Sessions() else None,
        )
    # The provider gets it in any case: it may not have been they who pressed.
    person = f"staff:{state.specialist}"
    told = ["provider", *([person] if state.specialist and person != actor else [])]
    letters = [SendLetter(letter="closure/reopened", to=to) for to in told]
    stood = {"status": state.status, "closure": state.closure, "consultant": state.consultant}
    return Entry(
        event=REOPENED,
        at=at,
        actor=actor,
        reason=reason,
        command=command,
        changes=changes,
        payload=ReferralPayload(stood=stood, stage=stage),
        effects=[*effects, *letters],
    )
