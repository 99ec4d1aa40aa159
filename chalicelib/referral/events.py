"""The names of a referral's entries that are about no single task."""

from __future__ import annotations

from typing import Final

from chalicelib.workflow.events import EventName

SUBMITTED: Final = EventName("submitted")
AMENDED: Final = EventName("amended")
ELIGIBILITY_DECIDED: Final = EventName("eligibility_decided")
ELIGIBILITY_WAITS: Final = EventName("eligibility_waits")
HANDED_OVER: Final = EventName("handed_over")
URGENCY_CHANGED: Final = EventName("urgency_changed")
PROMOTED: Final = EventName("promoted")
OFFER_WITHDRAWN: Final = EventName("offer_withdrawn")
OFFER_MOVED: Final = EventName("offer_moved")
NOT_SERVED: Final = EventName("not_served")
WAITS_FOR_LEAVE: Final = EventName("waits_for_leave")
REASSIGNED: Final = EventName("reassigned")
TAKEN_BACK: Final = EventName("taken_back")
PAUSED: Final = EventName("paused")
SAFETY_FLAGGED: Final = EventName("safety_flagged")
CLOSING_INCOMPLETE: Final = EventName("closing_incomplete")
STEPPED_DOWN: Final = EventName("stepped_down")
REFERRAL_CLOSED: Final = EventName("referral_closed")
WITHDRAWN: Final = EventName("withdrawn")
REOPENED: Final = EventName("reopened")
TASK_TAKEN: Final = EventName("task_taken")
REDACTED: Final = EventName("redacted")
