"""A seat of a cohort that becomes free is offered to who waits: whatever takes or returns one wakes the clock, too.

The seat of an application is held under a name of its own, and stays so for the trainee whom it becomes.

| what                                    | pk         | sk    |
|-----------------------------------------|------------|-------|
| that a seat of a cohort changed hands   | SEATS#{id} | SEATS |
"""

from __future__ import annotations

from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Condition, Key, Update, Write, field, update
from chalicelib.training import cohort as cohorts
from chalicelib.workflow.storage import keys

SK: Final = "SEATS"


def seat_of(application: str) -> str:
    """Under which name the seat of an application is held."""
    return f"seat of {application}"


def take(cohort: str, seat: str, at: int) -> list[Write]:
    """Hold one of the cohort's seats under a name; refuses where none is free."""
    return [cohorts.take_seat(cohort, seat), waking(cohort, at)]


def give_back(cohort: str, seat: str, at: int) -> list[Write]:
    """Return it; refuses a second time."""
    return [cohorts.return_seat(cohort, seat), waking(cohort, at)]


def waking(cohort: str, at: int) -> Update:
    """Let the clock look whether a seat is free for who waits."""
    woken = update(_key(cohort)).set({"wpk": keys.WAKE_URGENT, "wake_at": at})
    return woken.add("turns", 1)


def turns(cohort: str) -> int:
    """How often seats changed hands."""
    row = dynamodb.get(_key(cohort), consistent=True) or {}
    return int(row.get("turns", 0))


def unchanged(since: int) -> Condition:
    """That none changed hands since there were so many turns."""
    return field("turns").equals(since)


def _key(cohort: str) -> Key:
    return Key(f"SEATS#{cohort}", SK)
