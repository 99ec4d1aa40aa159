"""By when: the service standards, and the reminders, escalation and exit of every wait.

The standards are dated data: a later table is added, none is changed, and
the table in force on the Pacific date of ``now`` counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from chalicelib.domain.calendar import (
    add_business_days,
    add_business_hours,
    add_calendar_days,
    end_of_business_day,
    halfway,
    pacific_date,
    scaled,
)

Unit = Literal["instant", "hours", "today", "days", "calendar"]
PRIORITIES: Final = ("routine", "urgent", "asap", "stat")


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: business hours, business days, the same day, or calendar days."""

    unit: Unit
    count: int = 0

    def after(self, now: int) -> int:
        """The instant (UTC epoch seconds) when this span after ``now`` ends.

        Spans of days end at the close of the day, because people are told the day. "The same
        day" leaves two business hours at the least, so a request at 16:55 is not late at once.
        """
        if self.unit == "hours":
            return add_business_hours(now, self.count)
        if self.unit == "today":
            return max(end_of_business_day(now), add_business_hours(now, 2))
        if self.unit == "days":
            return end_of_business_day(add_business_days(now, self.count))
        if self.unit == "calendar":
            return end_of_business_day(add_calendar_days(now, self.count))
        return now


def _h(count: int) -> Span:
    return Span("hours", count)


def _d(count: int) -> Span:
    return Span("days", count)


def _c(count: int) -> Span:
    return Span("calendar", count)


_NOW: Final = Span("instant")
_TODAY: Final = Span("today")
Row = tuple[Span, Span, Span, Span]


def _same(span: Span) -> Row:
    return (span, span, span, span)


@dataclass(frozen=True, slots=True)
class Standards:
    """A table of clocks with the date from which it counts; columns as in ``PRIORITIES``."""

    version: str
    since: date
    clocks: dict[str, Row]


STANDARDS: Final = (
    Standards(
        version="standards-1",
        since=date(2020, 1, 1),
        clocks={
            "acknowledge": _same(_NOW),
            "eligibility_confirmation": (_d(1), _d(1), _TODAY, _h(4)),
            "information": (_d(5), _d(3), _d(2), _d(1)),
            "triage_call": (_d(2), _d(1), _TODAY, _h(4)),
            "tier_decision": (_d(1), _d(1), _TODAY, _TODAY),
            "match_offered": (_d(5), _d(3), _d(1), _TODAY),
            "language_wait": _same(_d(5)),  # then the provider chooses
            "language_choice": (_d(5), _d(3), _d(2), _d(1)),
            # Hours, not days: the same time of day two days on, so that offers roll over evenly.
            "offer_answer": (_h(18), _h(9), _h(4), _h(2)),
            "assignment": (_d(2), _d(1), _TODAY, _h(4)),
            "first_contact": (_d(3), _d(1), _d(1), _TODAY),
            "first_session": (_d(10), _d(5), _d(2), _d(2)),
            "agreement": (_d(5), _d(3), _d(2), _d(1)),
            "plan": (_d(10), _d(10), _d(5), _d(5)),
            "plan_agreement": (_d(5), _d(5), _d(3), _d(3)),
            "sessions": _same(_c(182)),  # an episode aims to finish within six months
            "summary": _same(_d(10)),
            "safety": _same(
                _h(1)
            ),  # the flag's own instants go by the wall clock (referral/safety_flag.py)
            "extension": (_d(3), _d(2), _d(1), _TODAY),
            "survey": _same(_c(14)),
            "follow_up_30": _same(_c(30)),
            "follow_up_180": _same(_c(180)),
            "follow_up_answer": _same(_d(10)),
            "stipend": _same(_d(10)),
            "hand_off_check": _same(_c(14)),  # after every ineligible outcome
            "repair": (_d(1), _d(1), _TODAY, _h(4)),
            "address": (_d(1), _d(1), _TODAY, _h(4)),
        },
    ),
)


def standards_on(day: date) -> Standards:
    """The standards in force on a Pacific date (the oldest for any date before them)."""
    return next((s for s in reversed(STANDARDS) if s.since <= day), STANDARDS[0])


def due(clock_name: str, priority: str, now: int) -> int:
    """When a clock that starts ``now`` is due, in UTC epoch seconds.

    An unknown priority counts as routine. Raises KeyError for an unknown clock.
    """
    column = PRIORITIES.index(priority) if priority in PRIORITIES else 0
    return standards_on(pacific_date(now)).clocks[clock_name][column].after(now)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The absolute instants of one wait: each in UTC epoch seconds, in this order in time.

    ``expires`` is the exit: then the task is answered with the outcome ``expired``.
    """

    due: int
    remind: tuple[int, ...]
    escalate: int
    expires: int

    def later(self, seconds: int) -> Deadlines:
        """The same wait after a pause of so many seconds."""
        return Deadlines(
            self.due + seconds,
            tuple(at + seconds for at in self.remind),
            self.escalate + seconds,
            self.expires + seconds,
        )

    def scaled(self, now: int, scale: float) -> Deadlines:
        """The same wait, ``scale`` times shorter (the demo's TIME_SCALE)."""
        return Deadlines(
            scaled(now, self.due, scale),
            tuple(scaled(now, at, scale) for at in self.remind),
            scaled(now, self.escalate, scale),
            scaled(now, self.expires, scale),
        )


@dataclass(frozen=True, slots=True)
class Wait:
    """How a kind of task waits: its clock, further reminders after half time, and its exit.

    ``then`` is the span from the due instant to the exit; None makes the due instant the exit.
    """

    clock: str
    then: Span | None
    monthly: bool = False
    remind_when_due: bool = False


WAITS: Final[dict[str, Wait]] = {
    "eligibility_confirmation": Wait("eligibility_confirmation", _d(10)),
    "information": Wait("information", _d(10), remind_when_due=True),
    "eligibility_review": Wait("eligibility_confirmation", _d(10)),
    "triage": Wait("triage_call", _d(10)),
    "tier_review": Wait("tier_decision", _d(10)),
    "offer": Wait("offer_answer", None),
    "waitlist": Wait("match_offered", None),
    "language_choice": Wait("language_choice", _d(10), remind_when_due=True),
    "coordinator": Wait("assignment", _d(20)),
    "first_contact": Wait("first_contact", _d(10)),
    "agreement": Wait("agreement", _d(10), remind_when_due=True),
    "plan": Wait("plan", _d(10)),
    "plan_agreement": Wait("plan_agreement", _d(10), remind_when_due=True),
    "service": Wait("sessions", _c(60), monthly=True),
    "safety": Wait("safety", _d(1)),
    "extension": Wait("extension", _d(10)),
    "summary": Wait("summary", _d(10)),
    "survey": Wait("survey", _c(14), remind_when_due=True),
    "follow_up": Wait("follow_up_answer", _d(10), remind_when_due=True),
    "late_follow_up": Wait("follow_up_answer", _d(10), remind_when_due=True),
    "stipend": Wait("stipend", _d(20)),
    "check_in": Wait("follow_up_answer", _d(5), remind_when_due=True),
    "call_back": Wait("triage_call", _d(10)),
    "repair": Wait("repair", _d(10)),
    "fix_contact": Wait("address", _d(5)),
    "fix_person": Wait("address", _d(5)),
    "attention": Wait("repair", _d(10)),
}
"""Task kind -> how it waits. Providers are reminded at half time and when it is due."""


def deadlines(kind: str, priority: str, now: int) -> Deadlines:
    """The instants of a task of this kind that is opened ``now``.

    Reminded at half of the business time (service: every 30 days), escalated when due. Raises
    KeyError for an unknown kind.
    """
    wait = WAITS[kind]
    end = due(wait.clock, priority, now)
    if wait.monthly:
        remind = tuple(
            at for month in range(1, 12) if (at := add_calendar_days(now, 30 * month)) < end
        )
    else:
        remind = (halfway(now, end), end) if wait.remind_when_due else (halfway(now, end),)
    return Deadlines(end, remind, end, wait.then.after(end) if wait.then else end)
