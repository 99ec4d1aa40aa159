"""What is counted of a consultation, and how evenly consultations lie. Pure; each rule has its sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from chalicelib.domain.calendar import pacific_date
from chalicelib.referral.model import Referral, Sessions
from chalicelib.referral.records import LEAST_SESSIONS, MOST_SESSIONS
from chalicelib.web.languages import N_

DAY: Final = 86_400
SERVICE: Final = "service"
# Whoever has room and got no offer for so long is named.
UNOFFERED: Final = 90 * DAY
# Upper ends, in percent, of the groups that a roster is put into by how much of their room is taken.
GROUPS: Final = (0, 25, 50, 75, 99)
# The same by how many offers somebody got.
OFFERS: Final = (0, 2, 5)
SENTENCES: Final = (
    (N_("Sessions"), N_("Consultations whose plan is agreed, and which are not finished. Those on hold count.")),
    (N_("Planned and held"), N_("The sessions of the agreed plans, and those that the consultant recorded as held.")),
    (N_("Quiet"), N_("No session was recorded for 30 days. The supervisor got a letter about it, once. The next session that "
                     "is recorded as held ends it. Time on hold does not count.")),
    (N_("Note due"), N_("The time of a planned session is over, and nobody recorded how it went.")),
    (N_("More than 12"), N_("Plans of more than twelve sessions. Each was approved by a supervisor.")),
    (N_("Within 4 to 12"), N_("Of the consultations that ended in the last 12 months, those in which 4 to 12 sessions were "
                              "held. Those that ended before a plan was agreed are left out.")),
    (N_("Room taken"), N_("Open consultations, as a part of how many somebody takes at the same time. An offer that is not "
                          "answered yet counts. Left out: trainees, and who is not active, on leave or takes none.")),
    (N_("How even it is"), N_("The difference between the quarter with the most room taken and the quarter with the least: "
                              "0 means that all have the same share. The larger it is, the less even.")),
    (N_("Offers"), N_("Offers since the day that stands there. Offers that somebody did not answer, and those with a no, "
                      "are among them.")),
)  # fmt: skip


class Dosage(NamedTuple):
    """A consultation in its sessions. ``last``: the ISO day of the session held last, "" for none;
    ``began``: when the sessions began; ``next``: the session that is planned (UTC seconds)."""

    reference: str
    tier: str
    planned: int
    held: int
    missed: int
    last: str
    began: int
    next: int | None
    quiet: bool
    note_due: bool
    on_hold: bool

    @property
    def more(self) -> bool:
        """Whether the plan has more sessions than are held without asking."""
        return self.planned > MOST_SESSIONS

    def days_since(self, at: int) -> int:
        """Days since the last session was held, or since the sessions began."""
        day = date.fromisoformat(self.last) if self.last else pacific_date(self.began)
        return max(0, (pacific_date(at) - day).days)


def dosage_of(case: Referral, at: int) -> Dosage | None:
    """What is counted of a case; None where it is not in its sessions.

    It is quiet from when the supervisor was told so: the instant stands in the wait for the sessions
    (``sessions/deadlines.py``), and only a session that was held puts it off.
    """
    task, sessions = case.task, case.sessions or Sessions()
    if not case.open or not case.in_service or task is None or task.kind != SERVICE:
        return None
    on_hold, next_one = case.pause is not None, sessions.next
    return Dosage(
        case.reference,
        case.tier,
        sessions.planned,
        sessions.held,
        sessions.missed,
        sessions.last,
        task.opened,
        next_one,
        quiet=not on_hold and (task.escalate is None or task.escalate <= at),
        note_due=not on_hold and next_one is not None and next_one + 60 * sessions.minutes <= at,
        on_hold=on_hold,
    )


@dataclass(frozen=True)
class OfTier:
    """A kind of support: consultations in their sessions with what was planned and held, and those that
    ended, by how many sessions they had."""

    cases: int = 0
    planned: int = 0
    held: int = 0
    few: int = 0
    within: int = 0
    many: int = 0
    ended_held: int = 0

    @property
    def ended(self) -> int:
        """All that ended."""
        return self.few + self.within + self.many


def of_tier(running: Iterable[Dosage], ended: Sequence[int]) -> OfTier:
    """The numbers of one kind of support. ``ended``: the sessions that each one that ended had."""
    listed = list(running)
    within = sum(LEAST_SESSIONS <= one <= MOST_SESSIONS for one in ended)
    few = sum(one < LEAST_SESSIONS for one in ended)
    return OfTier(
        len(listed),
        sum(one.planned for one in listed),
        sum(one.held for one in listed),
        few,
        within,
        len(ended) - few - within,
        sum(ended),
    )


def grouped(numbers: Iterable[int], ends: Sequence[int]) -> list[int]:
    """How many of the numbers lie in each group: up to each of ``ends``, and above the last."""
    counts = [0] * (len(ends) + 1)
    for one in numbers:
        counts[sum(one > end for end in ends)] += 1
    return counts


def quarters(shares: Sequence[int]) -> tuple[int, int, int]:
    """What the lowest quarter has at most, the one in the middle, and what the highest has at least."""
    if not shares:
        return 0, 0, 0
    ordered, last = sorted(shares), len(shares) - 1
    low, middle, high = (ordered[round(last * part / 4)] for part in (1, 2, 3))
    return low, middle, high
