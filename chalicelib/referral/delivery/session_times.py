"""Days and times of sessions: as people type them (Pacific), and as they are kept (UTC seconds)."""

from __future__ import annotations

from datetime import time, timedelta

from chalicelib.aws.now import scaled
from chalicelib.domain import calendar
from chalicelib.domain.service_standards import Deadlines
from chalicelib.web.languages import N_

# A session is planned at most this far ahead: an episode aims to finish within six months.
FARTHEST_DAYS = 183
EVENING = time(18)
# So many quiet days after a planned session tell the supervisor (drift).
QUIET_DAYS = 30
REVIEW_DAYS = 90

PAST = N_("Choose a day and time that is still to come.")
TOO_FAR = N_("Choose a day within the next six months.")
NOT_YET = N_("That day is still to come.")
TOO_OLD = N_("That day is before the request was sent.")


def instant(day: str, at: str) -> int:
    """A Pacific ISO day and HH:MM as UTC epoch seconds."""
    return calendar.typed(day, at)


def days_later(moment: int, days: int) -> int:
    """The same time of day in Pacific time, so many days later, through changes of the clock."""
    later = calendar.local(moment).replace(tzinfo=None) + timedelta(days=days)
    return int(later.replace(tzinfo=calendar.PACIFIC).timestamp())


def day_of(moment: int) -> str:
    """The Pacific ISO day of an instant."""
    return calendar.pacific_date(moment).isoformat()


def problem_ahead(moment: int, now: int) -> str | None:
    """Why a session cannot be planned for an instant, as a msgid; None when it can."""
    if moment <= now:
        return PAST
    if (calendar.pacific_date(moment) - calendar.pacific_date(now)).days > FARTHEST_DAYS:
        return TOO_FAR
    return None


def problem_behind(day: str, submitted: int, now: int) -> str | None:
    """Why nothing can have happened on an ISO day, as a msgid; None when it can."""
    if day > day_of(now):
        return NOT_YET
    return TOO_OLD if day < day_of(submitted) else None


def still_to_come(moment: int, now: int) -> bool:
    """Whether a planned session lies on a later day, in this deployment's time."""
    return calendar.pacific_date(scaled(now, moment)) > calendar.pacific_date(now)


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


def quiet(now: int, since: int, expires: int) -> int:
    """When 30 days after ``since`` are over: then the supervisor hears of it, once."""
    return min(scaled(now, calendar.add_calendar_days(since, QUIET_DAYS)), expires)
