"""Whether a cohort has begun: then no place is offered anymore."""

from __future__ import annotations

from chalicelib.meetings.groups import listed
from chalicelib.training.cohort import Cohort


def begun(one: Cohort, at: int) -> bool:
    """From its first day on; or once a session was held, wherever days pass faster than in the calendar or staff
    held one earlier."""
    if at >= one.begins:
        return True
    return any(met.on and met.begins <= at for met in listed.meetings(one.id))
