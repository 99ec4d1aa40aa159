"""The shifts that a consultant worked in emergencies, as hours of theirs."""

from __future__ import annotations

from typing import Final

from chalicelib.directory.people import Person
from chalicelib.services.emergency.deployments import mine
from chalicelib.services.emergency.deployments.model import told_in
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import valid
from chalicelib.workflow.storage import store

WORDS: Final = N_("Shifts in emergencies")


def minutes(who: str, row: Person, first: int, last: int) -> tuple[str, int]:
    """The minutes of the shifts that began between two instants."""
    logs = [store.log(case) for case in store.states(mine.cases_since(who, first, last))]
    worked = [
        told["worked"] for log in logs for told in map(told_in, valid(log)) if "worked" in told
    ]
    return WORDS, sum(
        (one["end"] - one["start"]) // 60 for one in worked if first <= one["start"] < last
    )
