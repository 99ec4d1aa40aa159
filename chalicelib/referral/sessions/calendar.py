"""Who must hear that the days of the sessions changed: found by comparing the case before and after a
command, so that no command has to remember a calendar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chalicelib.domain.calendar import pacific_date
from chalicelib.referral.events import SESSION_DECLINED, told_in
from chalicelib.referral.model import Referral, Sessions
from chalicelib.workflow.case_types import recipient
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.effects import Appointment, Effect, SendLetter
from chalicelib.workflow.events import of_task

AGREED: Final = of_task("plan_agreement", "answered")
ASKED: Final = of_task("service", "asked")
"""With the page for the sessions the consultant gets all of their days, and not a moment before."""
BRING: Final = (ASKED, SESSION_DECLINED)
"""Entries whose letter about a task brings days as well."""


def told(before: Referral, after: Referral, entry: Entry) -> list[Effect]:
    """The effects of an entry, with the days that change for each side: in a letter that it sends them
    anyway, or else in one of its own."""
    effects = list(entry.effects)
    for to, was, has in _sides(before, after, entry):
        change = _change(before, after, was, has, entry)
        if change is None:
            continue
        place = next((n for n, one in enumerate(effects) if _carries(one, to, entry)), None)
        if place is None:
            name = "delivery/session_planned" if change.days else "delivery/sessions_over"
            effects.append(SendLetter(letter=name, to=to))
            place = len(effects) - 1
        # A day that is off is told even where the case has ended since.
        tells = {"appointment": change, **({"always": True} if change.gone else {})}
        effects[place] = effects[place].model_copy(update=tells)
    return effects


def _sides(
    before: Referral, after: Referral, entry: Entry
) -> Iterator[tuple[str, dict[int, int], dict[int, int]]]:
    """Whoever may have days of the case in a calendar: what stood in it, and what belongs there."""
    was, has = before.appointments, after.appointments
    if not was and not has:
        return
    yield "provider", was, has
    for one in dict.fromkeys((before.consultant, after.consultant)):
        theirs = was if one == before.consultant and entry.event != ASKED else {}
        now = has if one == after.consultant else {}
        if one and (theirs or entry.event != AGREED):
            yield recipient(after, "consultant", one), theirs, now


def _change(
    before: Referral, after: Referral, was: dict[int, int], has: dict[int, int], entry: Entry
) -> Appointment | None:
    """What a calendar that shows ``was`` must learn; None where it is right already."""
    ahead = {number: at for number, at in has.items() if at > entry.at}
    other_way = _way(before.sessions) != _way(after.sessions)
    news = {n for n, at in ahead.items() if was.get(n) != at or other_way}
    # What is recorded today is not canceled, though it may have been before its time.
    recorded = told_in(entry).get("session", {}).get("day")
    gone = {
        n: at
        for n, at in was.items()
        if n not in has and at > entry.at and pacific_date(at).isoformat() != recorded
    }
    if not news and not gone:
        return None
    days = ahead if news else {}
    first = min(days, default=0)
    sessions = after.sessions or Sessions()
    return Appointment(
        days=tuple(days.items()),
        gone=tuple(gone.items()),
        minutes=sessions.minutes,
        mode=sessions.mode,
        # It only ever rises, which is all that a calendar asks of it.
        sequence=before.version + 1,
        moved=was.get(first) not in (None, days.get(first)),
    )


def _way(sessions: Sessions | None) -> tuple[int, str, int]:
    return (sessions.minutes, sessions.mode, sessions.join) if sessions else (0, "", 0)


def _carries(effect: Effect, to: str, entry: Entry) -> bool:
    """Whether a letter of the entry to somebody can bring the days: not one that may lose its reason
    before it leaves."""
    if not isinstance(effect, SendLetter) or effect.to != to or effect.appointment is not None:
        return False
    return effect.names is None and (effect.task is None or entry.event in BRING)
