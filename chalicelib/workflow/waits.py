"""How an open wait stands in time."""

from __future__ import annotations

from chalicelib.aws.now import scaled
from chalicelib.web.languages import N_

DAY = 86400

MARKS = {
    "blocked": N_("Blocked by contact"),
    "paused": N_("Paused"),
    "waiting": N_("In progress"),
    "on-time": N_("On time"),
    "due-soon": N_("Due soon"),
    "late": N_("Late"),
    "done": N_("Done"),
    "attention": N_("Needs attention"),
}


def mark_of(since: int, due: int, at: int) -> str:
    """``late`` after the due instant, ``due-soon`` on the last day (or half) before it."""
    if at >= due:
        return "late"
    soon = min(scaled(0, DAY), (due - since) // 2)
    return "due-soon" if due - at <= soon else "on-time"
