"""The names of a referral's entries that are about no single task, and what all of them may tell."""

from __future__ import annotations

from typing import Final, TypedDict, cast

from chalicelib.calls.words import CallPayload
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.events import EventName

SUBMITTED: Final = EventName("submitted")
AMENDED: Final = EventName("amended")
ELIGIBILITY_DECIDED: Final = EventName("eligibility_decided")
ELIGIBILITY_WAITS: Final = EventName("eligibility_waits")
HANDED_OVER: Final = EventName("handed_over")
URGENCY_CHANGED: Final = EventName("urgency_changed")
PROMOTED: Final = EventName("promoted")
INVITED: Final = EventName("invited")
OFFER_WITHDRAWN: Final = EventName("offer_withdrawn")
OFFER_MOVED: Final = EventName("offer_moved")
NOT_SERVED: Final = EventName("not_served")
WAITS_FOR_LEAVE: Final = EventName("waits_for_leave")
REASSIGNED: Final = EventName("reassigned")
TAKEN_BACK: Final = EventName("taken_back")
SESSION_DECLINED: Final = EventName("session_declined")
PAUSED: Final = EventName("paused")
SAFETY_FLAGGED: Final = EventName("safety_flagged")
CLOSING_INCOMPLETE: Final = EventName("closing_incomplete")
STEPPED_DOWN: Final = EventName("stepped_down")
REFERRAL_CLOSED: Final = EventName("referral_closed")
WITHDRAWN: Final = EventName("withdrawn")
ENDED_BY_STAFF: Final = EventName("ended_by_staff")
NOTE_WRITTEN: Final = EventName("note_written")
DUPLICATE_CLOSED: Final = EventName("duplicate_closed")
REOPENED: Final = EventName("reopened")
TASK_TAKEN: Final = EventName("task_taken")
REDACTED: Final = EventName("redacted")
PAPERS_MAILED: Final = EventName("papers_mailed")
UNSENT_FORGOTTEN: Final = EventName("unsent_forgotten")


class SessionTold(TypedDict, total=False):
    """A session that was held or missed."""

    held: bool
    day: str
    minutes: int
    mode: str
    classroom: str
    note: str


class PlanTold(TypedDict, total=False):
    """A version of the action plan, as its row keeps it too; ``at``: when, in the row alone."""

    goals: list[dict[str, str]]
    planned: int
    start: int
    every: int
    minutes: int
    mode: str
    join: str
    at: int


class MoreTold(TypedDict):
    """A wish for more sessions: how many in all, and why."""

    wanted: int
    reason: str


class PassedTold(TypedDict):
    """Who was passed over in line, and by which rules."""

    reference: str
    rules: list[str]


class ReferralPayload(CallPayload, total=False):
    """What an entry of a referral may tell besides. ``stood``: fields as they were before."""

    stood: dict[str, str]
    notice: str | None
    came_by: str
    others: list[str]
    warned: bool
    earlier: str
    result: str
    rules: str
    fields: list[str]
    alternatives: list[str]
    reasons: list[str]
    paused: int
    by: str
    rule: str
    emergency: str
    tier: str
    priority: str
    urgency_was: str
    score: int
    candidates: int
    case: str
    offers: int
    flags: list[str]
    consultant: str
    place: int
    passed: list[PassedTold]
    meeting: str
    further: int
    choice: str
    since: int
    was_on: int
    day: str
    planned: int
    mode: str
    consent_type: str
    text: str
    signed_name: str
    question: str
    plan: PlanTold
    wish: str
    again: str
    session: SessionTold
    review: dict[str, str]
    more: MoreTold
    next: int
    join: str
    moved_from: int
    end_reason: str
    sessions: int
    minutes: int
    missing: list[str]
    closure: str
    progress: list[str]
    helped: str
    next_steps: str
    confidence: int
    removal: str
    lighter: str
    worthwhile: str
    kept_in_care: str
    rated_before: list[int]
    rated_now: list[int]
    comment: str
    stipend: bool
    going: str
    call_wanted: str
    protocol: str
    completed: str
    outcome: str
    stage: str
    places: list[dict[str, str | int]]
    total: int


def told_in(entry: Entry) -> ReferralPayload:
    """What an entry of a referral tells."""
    return cast("ReferralPayload", entry.payload)
