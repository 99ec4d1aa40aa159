"""Staff make the offers of a cohort in one press: the first in the order get an offer, then comes the waitlist, the
others hear that there is no place this time. The clock carries it out, one application after the other."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import known_fields
from chalicelib.aws.log import logger
from chalicelib.aws.writes import create
from chalicelib.domain.errors import NotFound
from chalicelib.training import seats
from chalicelib.training.applications import of_cohort
from chalicelib.training.applications.deciding import CLOSED, OFFERED, RANKED, WAITLISTED
from chalicelib.training.applications.ends import ended
from chalicelib.training.applications.model import (
    Application,
    ApplicationChanges,
    ApplicationPayload,
)
from chalicelib.workflow.cases import Command
from chalicelib.workflow.kinds import Outcome, kind_of
from chalicelib.workflow.storage import indexes, keys, store
from chalicelib.workflow.tasks import answered

# Seconds of one look of the clock.
SECONDS: Final = 20.0


@dataclass(frozen=True)
class Offers:
    """What staff decided: references in their order. ``first``: the place of the first of them in the order of all
    that was decided for the cohort."""

    by: str
    at: int
    offered: Sequence[str] = field(default_factory=list)
    waitlist: Sequence[str] = field(default_factory=list)
    closed: Sequence[str] = field(default_factory=list)
    first: int = 1

    @classmethod
    def of(cls, row: Mapping[str, object]) -> Self:
        """As it was written, by this release or another."""
        return cls(**known_fields(cls, row))


def make(cohort: str, key: str, new: Offers) -> bool:
    """Let the clock carry them out; False when this very press did so before."""
    row = {
        "by": new.by,
        "at": new.at,
        "offered": list(new.offered),
        "waitlist": list(new.waitlist),
        "closed": list(new.closed),
        "first": new.first,
        "wpk": keys.WAKE_URGENT,
        "wake_at": new.at,
    }
    return dynamodb.write(create(of_cohort.offers(cohort, key), row))


def go_on(pk: str, sk: str, at: int) -> None:
    """Decide on each application, and look again where not all came to their turn."""
    row = dynamodb.get(of_cohort.offers(of_cohort.id_of(pk), sk.removeprefix(of_cohort.OFFERS)))
    if row is None:
        return
    made = Offers.of(row)
    said = [
        *((one, OFFERED) for one in made.offered),
        *((one, WAITLISTED) for one in made.waitlist),
        *((one, CLOSED) for one in made.closed),
    ]
    until, again = time.monotonic() + SECONDS, False
    for rank, (reference, verdict) in enumerate(said, made.first):
        if time.monotonic() > until:
            again = True
            break
        try:
            decide(reference, verdict, rank, made.by, f"offers:{sk}", at)
        except Exception:  # one that cannot be written holds up no other
            logger().exception("offers of a cohort", extra={"referral": reference})
            again = True
    if again:
        indexes.wake_later(pk, sk, at + 30)
    else:
        indexes.sleep(pk, sk)


def decide(reference: str, verdict: str, rank: int, by: str, command: str, at: int) -> None:
    """One of them, once. Where no seat is free after all, it is first on the waitlist."""
    try:
        _decided(reference, verdict, rank, by, command, at)
    except store.Refused:
        _decided(reference, WAITLISTED, rank, by, command, at)
    except NotFound:
        logger().warning("no such application", extra={"referral": reference})


def _decided(reference: str, verdict: str, rank: int, by: str, command: str, at: int) -> None:
    def one(state: Application) -> Command | None:
        if not state.open or state.task is None or state.task.kind != RANKED:
            return None  # decided, or withdrawn meanwhile
        outcome = _outcome(state, verdict, rank, at)
        entry = answered(state, kind_of(RANKED), outcome, by, command, at)
        return entry, outcome.same_transaction

    store.change(reference, one)


def _outcome(state: Application, verdict: str, rank: int, at: int) -> Outcome:
    if verdict == CLOSED:
        return ended(state, at, "not_this_time", "applications/not_this_time", CLOSED)
    told = ApplicationPayload(rank=rank)
    if verdict == WAITLISTED:
        return Outcome(WAITLISTED, ApplicationChanges(status="on_waitlist", rank=rank), told)
    rows = seats.take(state.cohort, seats.seat_of(state.reference), at)
    changes = ApplicationChanges(status="place_offered", rank=rank, seat=True)
    return Outcome(OFFERED, changes, told, same_transaction=rows)
