"""What people answer: the request, and an example for every kind of task.

One table for the demo, the browser, and the tests of steps, engine, pages and faults: raw, as a form
is posted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from chalicelib.domain.calendar import local
from chalicelib.referral.model import Referral

Raw = dict[str, Any]
DAY = 86400

CENTER: Raw = {
    "county": "los_angeles",
    "setting": "center",
    "requester_role": "director",
    "site_name": "Demo Center",
    "city": "Los Angeles",
    "zip": "90012",
    "age_bands": ["preschool"],
    "focus": ["classroom"],
    "concerns": ["challenging_behavior"],
    "suspension_expulsion_status": "suspension_considered",
    "behavior_serious": ["persistent"],
    "circumstances": ["none"],
    "recent_event": "none",
    "safety_now": "no",
    "support_wanted": ["observation"],
    "outside_scope": ["none"],
    "prior_contacts": "0",
    "language": "en",
    "language_required": "yes",
    "modality": "hybrid",
    "availability": ["mornings"],
    "contact_name": "Ana Demo",
    "contact_email": "ana@example.org",
    "contact_by": "email",
    "letters_language": "en",
    "notice_version": "1",
}
UNFIT = {"outside_scope": ["therapy"]}
UNSURE = {"requester_role": "teacher", "director_knows": "unsure", "modality": "onsite"}

TRIAGED = {"talked": "phone", "decision": "confirm"}
LIGHTER = {
    "talked": "phone",
    "decision": "change",
    "tier": "universal",
    "priority": "routine",
    "override_reason": "learned_in_call",
    "override_text": "They told us more on the phone.",
}
GO_ON = {
    "decision": "eligible",
    "override_reason": "in_scope_part",
    "override_text": "They also ask about the classroom.",
}
ACCEPTED = {"decision": "accept"}
DECLINED = {"decision": "decline", "decline_reason": "no_time"}
TALKED = {
    "reached": "reached",
    "how": "phone",
    "planned": 6,
    "mode": "virtual",
    "note": "Went well",
}
AGREED = {"decision": "agreed", "signed_name": "Ana Demo"}
PLAN = {
    "goal_1": "Calm mornings",
    "doing_1": "Picture schedule by the door",
    "goal_2": "Talk with families",
    "doing_2": "A weekly note home",
    "planned": 6,
    "first_time": "10:00",
    "minutes": 60,
    "mode": "onsite",
}
LAST = {"next": "last", "end_reason": "done"}
SUMMED_UP = {
    "progress_1": "met",
    "progress_2": "met",
    "helped": "Trying one thing at a time",
    "next_steps": "Keep the picture schedule",
    "confidence": 4,
    "removal": "none",
    "closure": "goals_met",
}
FOLLOWED_UP = {"kept_in_care": "yes", "going": "better", "call_wanted": "no"}


def day(at: int, days: int = 0) -> str:
    """The Pacific ISO day, so many days after an instant."""
    return (local(at).date() + timedelta(days=days)).isoformat()


def planned(state: Referral, at: int) -> Raw:
    """A plan whose first session is in a week."""
    mode = "virtual" if state.setting == "ffn" else "onsite"
    return PLAN | {"mode": mode, "first_day": day(at, 7)}


def session(state: Referral, at: int) -> Raw:
    """The session that was planned took place, and the next is in a week; the fourth is the last."""
    held = {"happened": "planned", "minutes": 60, "mode": "virtual"}
    if state.sessions is not None and state.sessions.held == 3:
        return held | LAST | {"review": "Mornings are calmer", "course": "continue"}
    return held | {"next": "another", "next_day": day(at, 7), "next_time": "10:00"}


def _always(raw: Raw) -> Callable[[Referral, int], Raw]:
    return lambda state, at: raw


EXAMPLES: dict[str, Callable[[Referral, int], Raw]] = {
    "eligibility_confirmation": _always({"decision": "not_eligible", "alternatives": ["helpline"]}),
    "eligibility_review": _always({"decision": "approve"}),
    "information": _always({"director_knows": "yes", "modality": "onsite", "complete": "yes"}),
    "triage": _always(TRIAGED),
    "tier_review": _always({"decision": "approve"}),
    "check_in": _always({"decision": "helped"}),
    "call_back": _always({"decision": "reached", "note": "They found a place in the end"}),
    "offer": _always(ACCEPTED),
    "language_choice": _always({"choice": "wait"}),
    "coordinator": _always({"decision": "look_again"}),
    "first_contact": lambda state, at: TALKED | {"day": day(at)},
    "agreement": _always(AGREED),
    "plan": planned,
    "plan_agreement": _always({"decision": "agreed"}),
    "service": session,
    "extension": _always({"decision": "approved", "sessions": "16"}),
    "summary": _always(SUMMED_UP),
    "survey": _always({"worthwhile": "yes", "kept_in_care": "yes"}),
    "follow_up": _always(FOLLOWED_UP),
    "late_follow_up": _always(FOLLOWED_UP | {"going": "same"}),
    "stipend": _always({"decision": "sent"}),
    "repair": _always({"decision": "restart"}),
    "attention": _always({"decision": "done", "note": "The clock goes again"}),
    "fix_contact": _always({"decision": "new", "email": "ana.new@example.org"}),
    "fix_person": _always({"decision": "new", "email": "new@example.org"}),
    "safety": _always({"outcome": "safe_now"}),
}


def time_of_answer(state: Referral, at: int) -> int:
    """When the open task is answered: a session two hours after it began, all else at once."""
    if state.task is None or state.task.kind != "service" or state.sessions is None:
        return at
    return max(at, (state.sessions.next or at) + 2 * 3600)


def example(state: Referral, at: int) -> Raw:
    """What whoever is asked would say."""
    assert state.task is not None, "nobody is asked"
    return EXAMPLES[state.task.kind](state, at)
