"""When somebody has completed a Community; written down in docs/counting.md."""

from __future__ import annotations

from chalicelib.meetings import rows
from chalicelib.services.communities.season import plan
from chalicelib.services.communities.season.members import key_of


def completed(met: int, needed: int, held: int) -> bool:
    """Whether ``met`` meetings, come to or made up, are enough where ``needed`` complete it and ``held`` took
    place: a meeting that was canceled is nobody's absence, and nobody completes by none."""
    return met > 0 and met >= min(needed, held)


def tally(group: str, reference: str) -> tuple[int, int]:
    """How many meetings of a group somebody came to or made up, and how many took place."""
    on = [one for one in plan.meetings(group) if one.on]
    theirs = (rows.guest(one.id, key_of(reference)) for one in on)
    return sum(one is not None and bool(one.came or one.made_up) for one in theirs), len(on)
