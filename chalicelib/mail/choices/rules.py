"""When a letter may leave, by what its reader chose: the rule alone, in real time, without a clock."""

from __future__ import annotations

from chalicelib.directory.mail_choices import ANY_TIME, BUSINESS_DAYS, BY_DAY
from chalicelib.domain import calendar


def usual_hours(*, works_here: bool) -> str:
    """When messages come to who chose nothing: to those who work here, when they work."""
    return BUSINESS_DAYS if works_here else BY_DAY


def may_leave_at(
    asked: int, at: int, hours: str, *, digest: bool = False, due: int | None = None
) -> int:
    """The instant from which a letter that was asked for at ``asked`` may leave, ``at`` if it may now.

    ``digest``: it is gathered until the morning after it was asked for. ``due``: when it would be too late;
    then it waits for no morning that comes after. All business time lies within the waking hours of
    business days, so what is counted in it loses nothing by a night.
    """
    business = hours == BUSINESS_DAYS
    waking = at if hours == ANY_TIME else calendar.into_waking_hours(at, business_days=business)
    gathered = calendar.morning_after(asked, business_days=business) if digest else at
    for free in (max(waking, gathered), waking):
        if due is None or free < due:
            return free
    return at
