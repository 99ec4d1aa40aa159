"""When the note of a session is asked for, and when somebody hears that there is none."""

from __future__ import annotations

from datetime import time

from chalicelib.aws.now import scaled
from chalicelib.domain import calendar
from chalicelib.domain.service_standards import Deadlines
from chalicelib.workflow.cases import Task

EVENING = time(18)
# So many quiet days after a planned session tell the supervisor (drift).
QUIET_DAYS = 30
REVIEW_DAYS = 90


def review_at(opened: int) -> int:
    """When the look back is due at the latest, 90 days after the sessions began (UTC seconds)."""
    return scaled(opened, opened + REVIEW_DAYS * 86400)


def waits(now: int, start: int, minutes: int, expires: int, review: int | None = None) -> Deadlines:
    """The instants of the wait for one session's note, in this deployment's time.

    Asked for on the evening of the session; due, and asked for again, three business days on; the
    supervisor hears of it after 30 quiet days. Asked anew long after the session, all is reckoned
    from now. ``expires`` is the whole task's own, and stays.
    ``review``: when the consultant is reminded of a review that is not written yet.
    """
    evening = int(calendar.local(start).replace(hour=EVENING.hour, minute=0, second=0).timestamp())
    evening = max(evening, start + 60 * minutes)
    asked = (evening, calendar.add_business_days(evening, 3))
    if asked[1] <= now:
        asked = (evening, calendar.add_business_days(now, 3))
    remind = {*(scaled(now, i) for i in asked), *([review] if review else [])}
    return Deadlines(
        due=min(scaled(now, asked[1]), expires),
        remind=tuple(sorted(at for at in remind if now < at < expires)),
        escalate=quiet(now, max(start, now), expires),
        expires=expires,
    )


def unplanned(now: int, expires: int) -> Deadlines:
    """The instants while no session is planned: asked for the next one soon, and again each week."""
    weeks = tuple(scaled(now, calendar.add_calendar_days(now, days)) for days in (3, 7, 14, 21, 28))
    return Deadlines(
        due=min(weeks[1], expires),
        remind=tuple(at for at in weeks if at < expires),
        escalate=quiet(now, now, expires),
        expires=expires,
    )


def nothing_planned(task: Task, now: int) -> Task:
    """The task of the sessions once the next one has no time: nobody is asked how it went."""
    limits = unplanned(now, task.expires)
    instants = {"due": limits.due, "remind": list(limits.remind), "escalate": limits.escalate}
    return task.model_copy(update=instants)


def quiet(now: int, since: int, expires: int) -> int:
    """When 30 days after ``since`` are over: then the supervisor hears of it, once."""
    return min(scaled(now, calendar.add_calendar_days(since, QUIET_DAYS)), expires)
