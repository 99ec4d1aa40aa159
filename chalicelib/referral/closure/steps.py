"""The steps of the closure machine."""

from __future__ import annotations

from chalicelib.directory.people import release_place
from chalicelib.referral import events
from chalicelib.referral.closure.ends import ENDS, end_of, missing_to_close
from chalicelib.referral.model import Referral, ReferralChanges
from chalicelib.referral.records import Episode, episode
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.stage_change import afterwards
from chalicelib.workflow.steps import Decision, stage, step
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import ending


@step(
    "close_referral",
    stage="closure",
    says=("incomplete", "stepped_down", *(end.verdict for end in ENDS.values())),
)
def close_referral(state: Referral, now: int) -> Decision:
    """Close when plan, sessions and summary are complete; the consultant's place returns.

    Each reason has its own status and end. A consultation that held a session and came to its
    own end gets its survey and follow-up, as a run of its own.
    """
    record = episode(store.log(state))
    lacking = missing_to_close(record)
    if lacking or record.summary is None:
        # Not remembered as done: whoever repairs what is missing has this step look again.
        return Decision(
            "incomplete",
            events.CLOSING_INCOMPLETE,
            {"done": state.done},
            payload=events.ReferralPayload(missing=lacking),
        )
    if record.summary.lighter:
        return _stepped_down(state, record, record.summary.lighter)
    closure = record.summary.closure
    end = end_of(closure)
    followed = bool(record.held) and end.followed
    # The survey's letter leaves within the minute, and says that the consultation has ended.
    told = [] if followed else [SendLetter(letter="closure/closed", to="provider", always=True)]
    changes, effects, also = ending(
        state,
        status=end.status,
        closure=closure,
        at=now,
        reason=end.reason or closure,
        mails=told,
    )
    if followed:
        after, starts = afterwards(state, "follow_up")
        changes, effects = changes | after, [*starts, *effects]
    data = events.ReferralPayload(sessions=len(record.held), minutes=record.minutes)
    return Decision(end.verdict, events.REFERRAL_CLOSED, changes, data, effects, also)


def _stepped_down(state: Referral, record: Episode, tier: str) -> Decision:
    """The consultation is over and a lighter support goes on: one provider, one reference.

    The place returns now; survey and follow-up come at the real end.
    """
    changes = ReferralChanges(
        status="in_service", tier=tier, consultant=None, previous=state.consultant or None
    )
    letter = SendLetter(letter="closure/stepped_down", to="provider")
    data = events.ReferralPayload(sessions=len(record.held), minutes=record.minutes, tier=tier)
    also = [release_place(state.consultant, state.reference)] if state.consultant else []
    return Decision("stepped_down", events.STEPPED_DOWN, changes, data, [letter], also)


lambda_handler = stage(__name__)
