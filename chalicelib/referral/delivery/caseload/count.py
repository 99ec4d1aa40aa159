"""Counts the caseloads once a day, in rows by supervisor, so that a page reads a few and no lifecycle pays.

What is open is read from the board and each case's row, what ended from the rows of the days on which it did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.now import scaled
from chalicelib.aws.writes import put
from chalicelib.directory import people
from chalicelib.referral.delivery.caseload import ended, roster, rows, rule
from chalicelib.referral.delivery.caseload.ended import Ended
from chalicelib.referral.delivery.caseload.rule import DAY, Dosage
from chalicelib.referral.model import Referral
from chalicelib.workflow.storage import indexes, keys, store

STAGE: Final = "delivery"


def each_minute(at: int) -> None:
    """Look whether the day is over. What fails is tried again in the next minute."""
    row = dynamodb.get(rows.NOW)
    if row is None or at >= int(row["again"]):
        look(at)


def look(at: int) -> None:
    """Count everything again."""
    everybody, waiting = people.consultants(), _open()
    cases = _running((one for one, stage in waiting.items() if stage == STAGE), at)
    over, whole = ended.ended(waiting.keys(), at)
    given = roster.offered(everybody, at)
    by_lead: dict[str, dict[str, Item]] = defaultdict(dict)
    for row in everybody:
        who, lead = str(row["id"]), str(row.get("supervisor") or "")
        by_lead[lead][who] = roster.row_of(row, cases.get(who, []), given, at)
    known = (dynamodb.get(rows.NOW) or {}).get("leads", {})
    for lead in {*by_lead, *known}:
        rows.keep(lead, by_lead.get(lead, {}))
    said = {
        "leads": {lead: roster.sums(listed.values()) for lead, listed in by_lead.items()},
        "tiers": _tiers([one for listed in cases.values() for one in listed], over),
        "roster": roster.even(everybody, given, at),
    }
    again = scaled(at, at + DAY) if whole else at + 60
    dynamodb.write(put(rows.NOW, {"at": at, "again": again, **said}))


def _tiers(running: Sequence[Dosage], over: Sequence[Ended]) -> Item:
    tiers = dict.fromkeys([*(one.tier for one in running), *(one.tier for one in over)])
    return {
        tier: vars(
            rule.of_tier(
                (one for one in running if one.tier == tier),
                [one.held for one in over if one.tier == tier],
            )
        )
        for tier in tiers
    }


def _open() -> dict[str, str]:
    """The stages of all that is open, by reference."""
    board = dynamodb.each(indexes.partition("open"), index=keys.BOARD)
    return {rows.reference_of(row): str(row.get("stage", "")) for row in board}


def _running(found: Iterable[str], at: int) -> dict[str, list[Dosage]]:
    """The consultations in their sessions, by consultant."""
    cases: dict[str, list[Dosage]] = defaultdict(list)
    for state in store.states(found):
        one = rule.dosage_of(state, at) if isinstance(state, Referral) else None
        if one is not None and isinstance(state, Referral):
            cases[state.consultant].append(one)
    return cases
