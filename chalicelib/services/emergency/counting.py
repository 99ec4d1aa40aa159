"""What the report of an emergency counts of each of its requests and deployments: kept in a row of its own, so that only
what changed since is read again. The clock does it in portions: when somebody asks, and at the end.
"""

from __future__ import annotations

import time
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import Key, Update, put, update
from chalicelib.aws.writes import field as _of
from chalicelib.calls.words import TALKED, TALKS
from chalicelib.directory import emergencies
from chalicelib.directory.emergencies import Emergency
from chalicelib.referral.events import told_in
from chalicelib.referral.model import Referral
from chalicelib.referral.records import episode
from chalicelib.services.emergency import moved, rows
from chalicelib.services.emergency.deployments import counting as deployed
from chalicelib.workflow.cases import Entry, valid
from chalicelib.workflow.events import of_task
from chalicelib.workflow.lists import overview
from chalicelib.workflow.storage import indexes, keys, store

SECONDS: Final = 20.0
# Seconds after the end until no page takes it for in force anymore.
SETTLED: Final = 120


def begin(key: str, at: int) -> None:
    """Ask the clock to count, at ``at`` or sooner if it is asked again."""
    dynamodb.write(asked(key, at))


def asked(key: str, at: int) -> Update:
    """The same as a write, for whoever has more to write with it."""
    return update(rows.report(key)).set(wpk=keys.WAKE_PARTITION, wake_at=at).add("asked", 1)


def go_on(pk: str, sk: str, at: int) -> None:
    """Count a portion; what is left is counted at the next look, and all of it again at the end, and once
    more when every page knows of it."""
    row = dynamodb.get(Key(pk, sk), consistent=True)
    if row is None:
        return
    one, still = emergencies.one_of(rows.id_of(pk)), _of("asked").equals(row.get("asked", 0))
    if not moved.seen_to(one, row, at):
        indexes.wake_later(pk, sk, at + moved.AGAIN_IN)
    elif not _some(one, at):
        indexes.wake_later(pk, sk, at + 1)
    else:
        dynamodb.write(update(rows.report(one.id)).set(counted=at))
        if at < one.over + SETTLED:
            indexes.wake_later(pk, sk, one.over if at < one.over else one.over + SETTLED, still)
        else:
            indexes.sleep(pk, sk, still)


def standing(key: str, at: int) -> tuple[int, bool]:
    """When all was counted last (UTC seconds, 0 for never), and whether the clock is at it now."""
    row = dynamodb.get(rows.report(key), consistent=True) or {}
    return int(row.get("counted", 0)), int(row.get("wake_at", at + 1)) <= at


def all_of(key: str) -> list[Item]:
    """What was counted of each request of an emergency."""
    return list(dynamodb.each(rows.partition(key), _of("sk").begins_with(rows.COUNTED)))


def _some(one: Emergency, at: int) -> bool:
    """Count until the time of one look is over; whether all are counted, deployments too."""
    until = time.monotonic() + SECONDS
    wanted = {"incident": (one.id,)}
    boards = (overview.every(which, wanted, at, afresh=True) for which in ("open", "closed"))
    found = [line for board in boards for line in board]
    before = {row["sk"].removeprefix(rows.COUNTED): int(row["version"]) for row in all_of(one.id)}
    for state in store.states(line.reference for line in found):
        if isinstance(state, Referral) and before.get(state.reference) != state.version:
            row = counted(state, store.log(state))
            dynamodb.write(put(rows.counted(one.id, state.reference), row))
        if time.monotonic() > until:
            return False
    return deployed.count(one.id, until)


def counted(state: Referral, log: list[Entry]) -> Item:
    """What counts of one request: where, when it came, when somebody first talked with them, the
    sessions, and how it ended. No names and no words of anybody."""
    held = episode(log).held
    row = {
        "version": state.version, "county": state.county, "setting": state.setting,
        "language": state.language, "came": state.submitted, "talked": _talked(log),
        "contact": _contact(log), "sessions": len(held),
        "minutes": sum(one.minutes for one in held), "ended": "" if state.open else state.status,
    }  # fmt: skip
    return {name: value for name, value in row.items() if value not in ("", 0)}


def _talked(log: list[Entry]) -> int:
    """When a specialist first talked with them (UTC seconds); 0 for never."""
    talks = (e.at for e in valid(log) if told_in(e).get(TALKED) in TALKS)
    return next(talks, 0)


def _contact(log: list[Entry]) -> int:
    """When the consultant first reached them (UTC seconds); 0 for never."""
    first = of_task("first_contact", "answered")
    reached = (
        e.at for e in valid(log) if e.event == first and e.payload.get("verdict") == "reached"
    )
    return next(reached, 0)
