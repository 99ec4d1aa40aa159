"""By when: the service standards, and how the instants of a wait follow from one of them.

The standards are dated data: a later table is added, none is changed, and
the table in force on the Pacific date of ``now`` counts.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from chalicelib.domain import calendar
from chalicelib.domain.decisions import in_force
from chalicelib.domain.plain.values import frozen

Unit = Literal["instant", "hours", "today", "days", "calendar"]
PRIORITIES: Final = ("routine", "urgent", "asap", "stat")


@frozen
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
            return calendar.add_business_hours(now, self.count)
        if self.unit == "today":
            return max(calendar.end_of_business_day(now), calendar.add_business_hours(now, 2))
        if self.unit == "days":
            return calendar.end_of_business_day(calendar.add_business_days(now, self.count))
        if self.unit == "calendar":
            return calendar.end_of_business_day(calendar.add_calendar_days(now, self.count))
        return now


def business_hours(count: int) -> Span:
    """So many business hours."""
    return Span("hours", count)


def business_days(count: int) -> Span:
    """So many business days."""
    return Span("days", count)


def calendar_days(count: int) -> Span:
    """So many calendar days."""
    return Span("calendar", count)


_NOW: Final = Span("instant")
_TODAY: Final = Span("today")
Row = tuple[Span, ...]  # a column for each of PRIORITIES


def _same(span: Span) -> Row:
    return (span, span, span, span)


def _days(*counts: int) -> Row:
    return tuple(map(business_days, counts))


def _hours(*counts: int) -> Row:
    return tuple(map(business_hours, counts))


@frozen
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
            "eligibility_confirmation": (*_days(1, 1), _TODAY, business_hours(4)),
            "information": _days(5, 3, 2, 1),
            "triage_call": (business_days(2), business_days(1), _TODAY, business_hours(4)),
            "tier_decision": (business_days(1), business_days(1), _TODAY, _TODAY),
            "match_offered": (business_days(5), business_days(3), business_days(1), _TODAY),
            "language_wait": _same(business_days(5)),  # then the provider chooses
            "language_choice": _days(5, 3, 2, 1),
            # Hours, not days: the same time of day two days on, so that offers roll over evenly.
            "offer_answer": _hours(18, 9, 4, 2),
            "assignment": (business_days(2), business_days(1), _TODAY, business_hours(4)),
            "first_contact": (business_days(3), business_days(1), business_days(1), _TODAY),
            "first_session": _days(10, 5, 2, 2),
            "agreement": _days(5, 3, 2, 1),
            "plan": _days(10, 10, 5, 5),
            "plan_agreement": _days(5, 5, 3, 3),
            "sessions": _same(calendar_days(182)),  # an episode aims to finish within six months
            "summary": _same(business_days(10)),
            # The flag's own instants go by the wall clock (referral/safety_flag.py).
            "safety": _same(business_hours(1)),
            "extension": (business_days(3), business_days(2), business_days(1), _TODAY),
            "survey": _same(calendar_days(14)),
            "follow_up_30": _same(calendar_days(30)),
            "follow_up_180": _same(calendar_days(180)),
            "follow_up_answer": _same(business_days(10)),
            "stipend": _same(business_days(10)),
            "hand_off_check": _same(calendar_days(14)),  # after every ineligible outcome
            "repair": (business_days(1), business_days(1), _TODAY, business_hours(4)),
            "address": (business_days(1), business_days(1), _TODAY, business_hours(4)),
            "registration": _same(business_days(10)),
            # A day of business hours: the same time of day on the next business day.
            "seat_offer": _same(business_hours(9)),
            # An offer of a place in the training brings its cohort's own days.
            "training_offer": _same(calendar_days(5)),
            "application_score": _same(business_days(10)),
            # To the end of the next day on which people work: an emergency does not wait longer.
            "call_up": _same(calendar_days(1)),
            "training": _same(calendar_days(274)),  # nine months; each cohort has its own last day
            "onboarding": _same(business_days(10)),
            "phone_call": (business_days(1), business_days(1), _TODAY, business_hours(4)),
        },
    ),
)


def due(clock_name: str, priority: str, now: int) -> int:
    """When a clock that starts ``now`` is due, in UTC epoch seconds.

    An unknown priority counts as routine. Raises KeyError for an unknown clock.
    """
    column = PRIORITIES.index(priority) if priority in PRIORITIES else 0
    return in_force(STANDARDS, calendar.pacific_date(now)).clocks[clock_name][column].after(now)


@frozen
class Deadlines:
    """The absolute instants of one wait: each in UTC epoch seconds, in this order in time.

    ``expires`` is the exit: then the task is answered with the outcome ``expired``.
    """

    due: int
    remind: tuple[int, ...]
    escalate: int
    expires: int

    def scaled(self, now: int, scale: float) -> Deadlines:
        """The same wait, ``scale`` times shorter (the demo's TIME_SCALE)."""
        return Deadlines(
            calendar.scaled(now, self.due, scale),
            tuple(calendar.scaled(now, at, scale) for at in self.remind),
            calendar.scaled(now, self.escalate, scale),
            calendar.scaled(now, self.expires, scale),
        )


@frozen
class Deadline:
    """By when a kind of task is answered: a clock of the standards, and what follows it.

    ``then`` is the span from the due instant to the exit; None makes the due instant the exit.
    Reminded at half of the business time, and ``remind_when_due``; or ``monthly``.
    """

    clock: str
    then: Span | None
    monthly: bool = False
    remind_when_due: bool = False


def deadlines(deadline: Deadline, priority: str, now: int) -> Deadlines:
    """The instants of a task that is opened ``now``. It is escalated when it is due."""
    end = due(deadline.clock, priority, now)
    if deadline.monthly:
        remind = tuple(
            at
            for month in range(1, 12)
            if (at := calendar.add_calendar_days(now, 30 * month)) < end
        )
    else:
        half = calendar.halfway(now, end)
        remind = (half, end) if deadline.remind_when_due else (half,)
    return Deadlines(end, remind, end, deadline.then.after(end) if deadline.then else end)
