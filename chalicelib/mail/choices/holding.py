"""Holds a letter until its reader wants it: in this deployment's time, and by its setting."""

from __future__ import annotations

from chalicelib.aws.now import scaled, unscaled
from chalicelib.aws.settings import settings
from chalicelib.directory.mail_choices import ANY_TIME, Choices
from chalicelib.mail.choices.rules import may_leave_at, usual_hours
from chalicelib.mail.mail_priority import LANES
from chalicelib.workflow.cases import Case, Entry
from chalicelib.workflow.effects import TEXT, SendLetter
from chalicelib.workflow.side_tasks import asked_by

# Lanes that wait for nobody's morning: danger, and what somebody looks for who has just sent something.
AT_ONCE = LANES.index("receipt")


def held_until(
    lane: int,
    asked: int,
    at: int,
    chosen: Choices,
    *,
    works_here: bool,
    gathered: bool = False,
    due: int | None = None,
) -> int | None:
    """Until when a letter of a lane that was asked for at ``asked`` waits for its reader; None when it may
    leave.

    ``gathered``: it can be part of a digest, where its reader wants one. ``due``: when it is too late.
    Its time runs as the waits of this deployment do: where those are shortened, its night is as well.
    """
    if lane <= AT_ONCE:
        return None
    hours = chosen.hours or usual_hours(works_here=works_here)
    if settings().quiet_hours == "off":
        hours = ANY_TIME
    now, end = unscaled(asked, at), None if due is None else unscaled(asked, due)
    free = may_leave_at(asked, now, hours, digest=gathered and chosen.digest, due=end)
    return None if free <= now else scaled(asked, free) + 1


def of_effect(
    state: Case, entry: Entry, effect: SendLetter, chosen: Choices, urgency: int, at: int
) -> int | None:
    """Until when a letter of a case, or its text message, waits for its reader; None when it leaves now."""
    if asked_by_reader(entry, effect.to):
        return None
    view = asked_by(state, effect.task) if effect.task is not None else None
    due = view.task.due if view is not None and view.task is not None else None
    # What is urgent comes by itself, and so does what brings a day into a calendar, with its file.
    apart = state.priority != "routine" or effect.appointment is not None
    gathered = not apart and effect.channel != TEXT
    here = ":" in effect.to
    return held_until(urgency, entry.at, at, chosen, works_here=here, gathered=gathered, due=due)


def asked_by_reader(entry: Entry, to: str) -> bool:
    """Whether a letter answers what its own reader has just done: they wait for it."""
    role, _, reader = to.partition(":")
    _role, _, actor = entry.actor.partition(":")
    return actor == reader if actor else entry.actor in (role, entry.payload.get("role"))
