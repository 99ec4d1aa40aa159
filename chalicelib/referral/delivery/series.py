"""The days of the sessions: which follow from the plan, and what of them the provider must be told.

The first session and the rhythm give the days. A session that moves leaves the others where they are:
``slot`` keeps the day of the series that the next session stands in for.
"""

from __future__ import annotations

from typing import Final

from chalicelib.referral.delivery.session_times import days_later
from chalicelib.referral.model import Sessions
from chalicelib.web.languages import N_
from chalicelib.workflow.effects import Appointment, SendLetter

RHYTHMS: Final = {
    "7": N_("Every week"),
    "14": N_("Every two weeks"),
    "28": N_("Every four weeks"),
    "0": N_("We agree on each day as we go"),
}
"""Days between two sessions; 0 is no series."""


def following(sessions: Sessions) -> int | None:
    """When the session after the next one is, if all goes as planned (UTC seconds)."""
    base = sessions.slot or sessions.next
    return days_later(base, sessions.every) if base and sessions.every else None


def days(sessions: Sessions) -> dict[int, int]:
    """The planned sessions by number: the next one and, in a series, all that are still to be held."""
    if sessions.next is None:
        return {}
    base, left = sessions.slot or sessions.next, sessions.planned - sessions.held - 1
    later = [days_later(base, sessions.every * n) for n in range(1, left + 1) if sessions.every]
    return dict(enumerate([sessions.next, *later], start=sessions.held + sessions.missed + 1))


def planned(before: Sessions, counted: Sessions, start: int, mode: str, *, done: bool) -> Sessions:
    """``counted`` with its next session at ``start``; ``done``: the one before it took place or was
    missed, and did not just move."""
    slot = following(before) if done else before.slot or before.next
    while slot is not None and counted.every and days_later(slot, counted.every) <= start:
        slot = days_later(slot, counted.every)
    stands_in = slot if counted.every and slot != start else None
    return counted.model_copy(update={"next": start, "slot": stands_in, "mode": mode})


def told(before: Sessions, after: Sessions, version: int, now: int) -> list[SendLetter]:
    """The provider's letter with the days ahead; none when their calendar has them already.

    ``version`` only ever rises, which is all that a calendar's sequence must do.
    """
    has = days(after)
    first = min(has)
    had = {number: at for number, at in days(before).items() if number >= first}
    if had == has and (before.mode, before.minutes) == (after.mode, after.minutes):
        return []
    start, *later = has.values()
    return [_letter(
        "delivery/session_planned",
        Appointment(
            start=start,
            number=first,
            minutes=after.minutes,
            mode=after.mode,
            sequence=version,
            moved=had.get(first, start) != start,
            later=tuple(later),
            gone=tuple(at for number, at in had.items() if number not in has and at > now),
        ),
    )]  # fmt: skip


def told_over(before: Sessions, after: Sessions, version: int, now: int) -> list[SendLetter]:
    """The provider's letter that takes the rest of a series out of the calendar; none without a rest."""
    first = after.held + after.missed + 1
    rest = [at for number, at in days(before).items() if number >= first and at > now]
    if not before.every or not rest:
        return []
    gone = Appointment(
        start=rest[0], number=first, minutes=before.minutes, sequence=version, gone=tuple(rest[1:]),
        over=True,
    )  # fmt: skip
    return [_letter("delivery/sessions_over", gone)]


def _letter(name: str, appointment: Appointment) -> SendLetter:
    return SendLetter(letter=name, to="provider", appointment=appointment)
