"""The call-ups of a consultant, for the list of all that they are asked."""

from __future__ import annotations

from chalicelib.directory import emergencies
from chalicelib.services.emergency import call_up
from chalicelib.services.emergency.call_up_case import DECLINED, RETURNED, CalledUp
from chalicelib.services.emergency.deployments import shifts
from chalicelib.workflow.storage import store


def cases_of(consultant: str, now: int) -> list[str]:
    """Their cases in the emergencies in force, and in those whose last shifts can still be recorded."""
    return cases_since(consultant, now - (shifts.LAST_DAYS + 1) * shifts.DAY, now)


def cases_since(consultant: str, since: int, now: int) -> list[str]:
    """Their cases in the emergencies that were in force between two instants."""
    near = emergencies.of_late(since, now)
    sent = [up for one in near for up in call_up.of_emergency(one.id)]
    return [up.asked[consultant] for up in sent if consultant in up.asked]


def who_cannot_help(emergency: str) -> frozenset[str]:
    """Who said no when they were called up, or gave their place back."""
    asked = [reference for up in call_up.of_emergency(emergency) for reference in up.asked.values()]
    found = [one for one in store.states(asked) if isinstance(one, CalledUp)]
    return frozenset(one.consultant for one in found if one.status in (DECLINED, RETURNED))
