"""What people answer: the request, and the example that every kind of task has.

For the demo, the browser, and the tests of steps, engine, pages and faults: raw, as a form is posted.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.domain.calendar import local
from chalicelib.referral.model import Referral
from chalicelib.workflow.kinds import kind_of

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
# Somebody without email, who is called.
BY_PHONE = {"contact_email": "", "contact_phone": "209-555-0147", "contact_by": "phone"}
SURVEYED = {"worthwhile": "yes", "kept_in_care": "yes", "before_1": "2", "now_1": "4"}
UNSURE = {"requester_role": "teacher", "director_knows": "unsure", "modality": "onsite"}


def usual(kind: str, *without: str, outcome: str = "") -> Raw:
    """What is usually answered to a kind of task (in a center), but for some fields; or an answer
    that leads to an outcome."""
    values = kind_of(kind).example(Referral(reference="7K3M-9QXA-5", setting="center"), 0, outcome)
    return {name: value for name, value in values.items() if name not in without}


TRIAGED = usual("triage")
LIGHTER = usual("triage", outcome="universal")
GO_ON = usual("eligibility_confirmation", outcome="eligible")
ACCEPTED = usual("offer")
DECLINED = usual("offer", outcome="declined")
TALKED = usual("first_contact", "day")
AGREED = usual("agreement")
PLAN = usual("plan", "first_day")
LAST = {"next": "last", "end_reason": "done"}
SUMMED_UP = usual("summary")
FOLLOWED_UP = usual("follow_up")


def day(at: int, days: int = 0) -> str:
    """The Pacific ISO day, so many days after an instant."""
    return (local(at).date() + timedelta(days=days)).isoformat()


def time_of_answer(state: Referral, at: int) -> int:
    """When the open task is answered: a session two hours after it began, all else at once."""
    if state.task is None or state.task.kind != "service" or state.sessions is None:
        return at
    return max(at, (state.sessions.next or at) + 2 * 3600)


def example(state: Referral, at: int) -> Raw:
    """What whoever is asked would say; the fourth session is the last."""
    assert state.task is not None, "nobody is asked"
    last = state.task.kind == "service" and state.sessions is not None and state.sessions.held == 3
    return kind_of(state.task.kind).example(state, at, "completed" if last else "")
