"""Raise a safety flag as part of any command: the on-call lead is paged at once.

Kept are the protocol's type, the time, the role of who flagged it, and whether the steps were done:
no name, no words, and nothing that says that a report was made.
"""

from __future__ import annotations

from typing import Final

from chalicelib.aws.now import scaled
from chalicelib.directory.people import in_charge
from chalicelib.domain.service_standards import Deadlines
from chalicelib.workflow.cases import Case
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.side_tasks import Beginning, begin

KIND: Final = "safety"
DANGER, OTHER = "danger_911", "other_safety"
HALF_HOUR: Final = 1800
AGAIN: Final = 48
"""Half hours for which the lead is reminded; then it is asked anew."""


def limits(at: int) -> Deadlines:
    """Due in half an hour, reminded every half hour, told to the admin after an hour: by the wall
    clock, because a concern does not wait for office hours."""
    remind = tuple(scaled(at, at + HALF_HOUR * n) for n in range(1, AGAIN))
    end = scaled(at, at + HALF_HOUR * AGAIN)
    return Deadlines(due=remind[0], remind=remind, escalate=remind[1], expires=end)


def raised(state: Case, protocol: str, completed: str, role: str, at: int, n: int = 0) -> Beginning:
    """The task beside for the on-call lead, to merge into a command. ``completed``: yes or no."""
    about = {"protocol": protocol, "completed": completed, "role": role, "at": at}
    lead = in_charge("supervisor", state.county)
    return begin(state, kind_of(KIND), lead, at, about, limits(at), n)
