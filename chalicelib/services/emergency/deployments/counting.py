"""What the report of an emergency counts of each deployment: kept in a row of its own, so that only what
changed since is read again. Numbers alone, no names and no words of anybody."""

from __future__ import annotations

import time
from collections import Counter
from typing import Final, cast

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import field as _of
from chalicelib.aws.writes import put
from chalicelib.services.emergency import call_up, rows
from chalicelib.services.emergency.call_up_case import DONE, HAS_PLACE, RETURNED, CalledUp
from chalicelib.services.emergency.deployments.model import Encounter, Worked, told_in
from chalicelib.workflow.cases import Entry, valid
from chalicelib.workflow.storage import store

# Statuses of who has a place, or had one.
DEPLOYED: Final = (*HAS_PLACE, DONE, RETURNED)
# What is added up over the shifts, and by what encounters are counted.
SUMS: Final = ("miles", "travel", "brief", "calls", "materials")
PARTS: Final = ("kind", "county", "where", "language", "visit")


def all_of(key: str) -> list[Item]:
    """What was counted of each deployment of an emergency."""
    return list(dynamodb.each(rows.partition(key), _of("sk").begins_with(rows.DEPLOYED)))


def count(key: str, until: float) -> bool:
    """Count those that changed, until a time of the monotonic clock; whether all are counted."""
    asked = [ref for one in call_up.of_emergency(key) for ref in one.asked.values()]
    before = {row["sk"].removeprefix(rows.DEPLOYED): int(row["version"]) for row in all_of(key)}
    for state in store.states(asked):
        served = isinstance(state, CalledUp) and state.status in DEPLOYED
        if served and before.get(state.reference) != state.version:
            row = counted(store.log(state)) | {"version": state.version}
            dynamodb.write(put(rows.deployed(key, state.reference), row))
        if time.monotonic() > until:
            return False
    return True


def counted(log: list[Entry]) -> Item:
    """What counts of one deployment."""
    told = [told_in(entry) for entry in valid(log)]
    return _shifts([t["worked"] for t in told if "worked" in t]) | _encounters(
        [t["encounter"] for t in told if "encounter" in t]
    )


def _shifts(found: list[Worked]) -> Item:
    sums: Counter[str] = Counter(shifts=len(found))
    for one in found:
        sums["minutes"] += (one["end"] - one["start"]) // 60
        sums.update({name: int(cast("Item", one).get(name, 0)) for name in SUMS})
    return {name: total for name, total in sums.items() if total}


def _encounters(found: list[Encounter]) -> Item:
    by: dict[str, Counter[str]] = {name: Counter() for name in (*PARTS, "ages", "referred")}
    for one in found:
        for name in PARTS:
            by[name].update([value for value in (cast("Item", one).get(name),) if value])
        by["ages"].update(one["ages"])
        by["referred"].update(one.get("referred", []))
    row: Item = {name: dict(counts) for name, counts in by.items() if counts}
    if found:
        row |= {"encounters": len(found), "talked": sum(one["minutes"] for one in found)}
    return row
