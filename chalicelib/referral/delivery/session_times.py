"""Days and times of sessions: as people type them (Pacific), and as they are kept (UTC seconds)."""

from __future__ import annotations

from chalicelib.aws.now import scaled
from chalicelib.domain import calendar
from chalicelib.web.languages import N_

# A session is planned at most this far ahead: an episode aims to finish within six months.
FARTHEST_DAYS = 183

PAST = N_("Choose a day and time that is still to come.")
TOO_FAR = N_("Choose a day within the next six months.")
NOT_YET = N_("That day is still to come.")
TOO_OLD = N_("That day is before the request was sent.")


def instant(day: str, at: str) -> int:
    """A Pacific ISO day and HH:MM as UTC epoch seconds."""
    return calendar.typed(day, at)


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
