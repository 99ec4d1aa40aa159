"""How a series goes on after a session that was held, missed or moved.

The first session and the rhythm give the days. A session that moves leaves the others where they are:
``slot`` keeps the day of the series that the next session stands in for.
"""

from __future__ import annotations

from chalicelib.domain.calendar import days_later
from chalicelib.referral.model import Sessions


def following(sessions: Sessions) -> int | None:
    """When the session after the next one is, if all goes as planned (UTC seconds)."""
    base = sessions.slot or sessions.next
    return days_later(base, sessions.every) if base and sessions.every else None


def as_planned(sessions: Sessions) -> int | None:
    """The same, unless the provider has said that they cannot make it."""
    day = following(sessions)
    return None if day in sessions.off else day


def planned(before: Sessions, counted: Sessions, start: int, mode: str, *, done: bool) -> Sessions:
    """``counted`` with its next session at ``start``; ``done``: the one before it took place or was
    missed, and did not just move."""
    slot = following(before) if done else before.slot or before.next
    while slot is not None and counted.every and days_later(slot, counted.every) <= start:
        slot = days_later(slot, counted.every)
    stands_in = slot if counted.every and slot != start else None
    off = [day for day in counted.off if day > max(start, slot or 0)]
    told = {"next": start, "slot": stands_in, "mode": mode, "off": off}
    return counted.model_copy(update=told)
