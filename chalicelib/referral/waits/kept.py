"""The waits that ended, as rows: one a day, with all that ended on it, and one with what may be said now.

No lifecycle pays for it: once a day the clock looks for requests that found their consultant, reads the
beginning of their logs, each once, and sums up. A page reads the one small row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.now import scaled, unscaled
from chalicelib.aws.writes import Key, field, put
from chalicelib.domain import calendar
from chalicelib.domain.places import region_of
from chalicelib.domain.statuses import STATUSES
from chalicelib.referral.model import Referral
from chalicelib.referral.waits.estimate import CALIFORNIA, TIERS, Usual, Wait, usual_now
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.storage import indexes, keys, store

PK: Final = "WAITS"
_NOW: Final = Key(PK, "NOW")
_DAY: Final = "DAY#"
DAY: Final = 86400
# What was sent longer ago is not looked for anymore.
SENT_WITHIN: Final = 300 * DAY
# So many logs are read at a look: the rest a minute later.
MOST: Final = 300
# What ends a wait, besides the end of the request.
_AGAIN: Final = ("in_triage", "matched")
_FOUND: Final = ("delivery", "closure", "follow_up")


def due(at: int) -> bool:
    """Whether it is time for the day's look."""
    row = dynamodb.get(_NOW)
    return row is None or at >= int(row["again"])


def look(at: int) -> None:
    """Keep the waits that ended since the last look, and sum up."""
    rows = {str(row["sk"]): dict(row["waits"]) for row in _days(at - SENT_WITHIN)}
    seen = {reference for row in rows.values() for reference in row}
    fresh = list(islice((one for one in _matched(at) if one not in seen), MOST))
    changed: dict[str, Item] = defaultdict(dict)
    for state in store.states(fresh):
        if isinstance(state, Referral):
            wait = wait_of(state.tier, state.county, store.log(state))
            day = calendar.pacific_date(wait.at if wait else at)
            changed[f"{_DAY}{day}"][state.reference] = _numbers(wait) if wait else []
    for sk, waits in changed.items():
        rows[sk] = rows.get(sk, {}) | waits
        dynamodb.write(put(Key(PK, sk), {"waits": rows[sk]}))
    known = _waits(rows.values())
    said = {
        f"{tier}|{one.area}": [one.low, one.high, one.count] for tier, one in usual_now(known, at)
    }
    again = at + 60 if len(fresh) == MOST else scaled(at, at + DAY)
    dynamodb.write(put(_NOW, {"at": at, "again": again, "usual": said}))


def usual(tier: str, county: str) -> Usual | None:
    """What may be said of a kind of support: of the county's region, else of California; None where too
    little is known."""
    row = dynamodb.get(_NOW) or {"usual": {}}
    for area in dict.fromkeys((region_of(county) or CALIFORNIA, CALIFORNIA)):
        if found := row["usual"].get(f"{tier}|{area}"):
            low, high, count = map(int, found)
            return Usual(low, high, count, area)
    return None


def history() -> list[Wait]:
    """Every wait that was kept."""
    return _waits(dict(row["waits"]) for row in _days(0))


def wait_of(tier: str, county: str, entries: Sequence[Entry]) -> Wait | None:
    """The first wait that a log tells of; None where none has ended."""
    for number, entry in enumerate(entries):
        if entry.changes.get("status") != "matched":
            continue
        since, stood = begun(entries[:number])
        if since:
            worked = worked_since(since, entry.at - stood)
            days = max(1, -(-worked // (calendar.DAY_HOURS * calendar.HOUR)))
            return Wait(tier, county, since, entry.at, days)
    return None


def begun(entries: Iterable[Entry]) -> tuple[int, int]:
    """Since when the wait lasts in which a log ends (UTC seconds; 0 for none), and how long of it was on hold.

    It begins anew where a specialist decides again, as when a lighter support was not enough, and where
    a consultant was found before.
    """
    since = stood = 0
    paused: int | None = None
    for entry in entries:
        if "pause" in entry.changes:
            if entry.changes["pause"] is None:
                stood += entry.at - paused if paused is not None else 0
                paused = None
            elif paused is None:  # a pause that gets longer goes on
                paused = entry.at
        status = str(entry.changes.get("status", ""))
        if status == "tier_assigned" and not since:
            since, stood = entry.at, 0
        elif status in _AGAIN or (status in STATUSES and STATUSES[status].terminal):
            since = 0
    return since, stood


def worked_since(since: int, at: int) -> int:
    """Business seconds from one instant to another, in the time of this deployment."""
    return calendar.business_seconds_between(since, unscaled(since, at))


def _matched(at: int) -> Iterator[str]:
    """References of the requests, sent lately, that may have found a consultant."""
    sent = field(keys.BOARD.order).at_least(str(at - SENT_WITHIN))
    for which in ("open", "closed"):
        for row in dynamodb.each(indexes.partition(which), sent, index=keys.BOARD):
            found = which == "closed" or row.get("stage") in _FOUND
            if found and row.get("tier") in TIERS:
                yield str(row[keys.BOARD.order]).partition("#")[2]


def _days(since: int) -> Iterator[Item]:
    first = f"{_DAY}{calendar.pacific_date(since)}"
    return dynamodb.each(PK, field("sk").between(first, f"{_DAY}~"))


def _waits(rows: Iterable[Mapping[str, Sequence[str | int]]]) -> list[Wait]:
    return [_wait(one) for row in rows for one in row.values() if one]


def _numbers(wait: Wait) -> list[str | int]:
    return [wait.tier, wait.county, wait.since, wait.at, wait.days]


def _wait(kept: Sequence[str | int]) -> Wait:
    tier, county, *numbers = kept
    since, at, days = map(int, numbers)
    return Wait(str(tier), str(county), since, at, days)
