"""By when what the provider waits for should happen: one date, asked of the case, wherever it is said.

Until the rules have looked at a request there is none, because they say how soon it is needed. Whoever
told us that someone is in danger is called the same day, whatever else the case waits for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from chalicelib.aws.now import scaled
from chalicelib.domain import calendar, service_standards
from chalicelib.domain.plain.values import frozen
from chalicelib.referral.model import Referral
from chalicelib.referral.pauses import for_leave
from chalicelib.referral.safety_flag import DANGER, KIND
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Entry, Task
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.side_tasks import open_rows

CHECK_IN: Final = "check_in"

CALL: Final = N_("We aim to call you by %(date)s.")
TODAY: Final = N_("We aim to call you today, %(date)s.")
ANSWER: Final = N_("Please answer by %(date)s.")
GO_ON: Final = N_("We aim to go on by %(date)s.")
ASK_A_CONSULTANT: Final = N_("We aim to ask a consultant by %(date)s.")
CONTACT: Final = N_("Your consultant aims to contact you by %(date)s.")

STANDARDS: Final[dict[str, tuple[str, str]]] = {
    "information_requested": ("information", ANSWER),
    "tier_assigned": ("match_offered", ASK_A_CONSULTANT),
    "waitlisted": ("assignment", GO_ON),
    "match_proposed": ("offer_answer", GO_ON),
    "matched": ("first_contact", CONTACT),
    "first_contact_made": ("agreement", GO_ON),
    "agreement_signed": ("plan", GO_ON),
    "awaiting_provider": ("information", GO_ON),
    "awaiting_consent": ("agreement", GO_ON),
    "in_service": ("sessions", GO_ON),
    "closing": ("summary", GO_ON),
}
"""Status -> the standard that says by when, and of what, while no task with a date of its own is open."""

NOT_RULED: Final = frozenset({"submitted", "eligible", "in_triage"})
"""Statuses that the rules have not looked at yet, while nobody is asked."""

NO_DATE: Final = frozenset({"paused_by_site", "disaster_pause", "consultant_away"})
"""Statuses for which no standard says a date: nobody can promise one, or a leave has its own."""


@frozen
class Aim:
    """An instant (UTC seconds), and the sentence that says its day as an aim (a msgid)."""

    at: int
    words: str

    @property
    def today(self) -> bool:
        """Whether somebody waits for a call because someone is in danger."""
        return self.words == TODAY


NO_AIM: Final = Aim(0, "")


def danger_told(state: Referral) -> int | None:
    """When the provider told us that someone is in danger, while nobody has said what was done about it."""
    for task in open_rows(state):
        about = task.about
        if (task.kind, about.get("protocol"), about.get("role")) == (KIND, DANGER, "provider"):
            return int(about["at"])
    return None


def aim(state: Referral, log: Callable[[], Sequence[Entry]]) -> Aim | None:
    """What the provider may expect next, and by when: of the open task, else of the standard.

    None when the request has ended or is on hold, when the rules have not looked at it, or when nobody
    can say. ``log`` is read only where the state alone does not tell.
    """
    told = danger_told(state)
    if told is not None:
        midnight = calendar.midnight(calendar.pacific_date(told) + timedelta(days=1))
        return Aim(midnight - 1, TODAY)
    if state.pause is not None:
        return Aim(state.pause.until, GO_ON) if for_leave(state) else None
    if state.task is not None:
        return _of_task(state, state.task)
    if not state.open or state.status not in STANDARDS or state.stage == CHECK_IN:
        return None
    clock, words = STANDARDS[state.status]
    since = next((e.at for e in reversed(log()) if "status" in e.changes), state.submitted)
    return Aim(scaled(since, service_standards.due(clock, state.priority, since)), words)


def _of_task(state: Referral, task: Task) -> Aim | None:
    words = kind_of(task.kind).words.aim or (ANSWER if task.role == "provider" else GO_ON)
    if task.role != "system":
        return Aim(task.due, words)
    # The day on which we ask; nobody can promise when a consultant is free.
    return Aim(task.expires, words) if state.stage == CHECK_IN and state.open else None
