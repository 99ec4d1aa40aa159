"""Pause the ordinary requests of an emergency's area, one command a case, and let them go on.

The press writes one row; the clock does the work from there, in portions, and begins again where it
stopped. Each case keeps in the same write what became of it. They go on one after the other, the more
urgent first: on the morning after the last day by the end of each pause, or earlier when staff end it.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.log import logger
from chalicelib.aws.now import scaled
from chalicelib.aws.writes import Key, update
from chalicelib.aws.writes import field as _of
from chalicelib.directory import emergencies
from chalicelib.directory.emergencies import Emergency
from chalicelib.domain import calendar
from chalicelib.domain.roles import Scope
from chalicelib.domain.vocabulary import PRIORITIES
from chalicelib.referral import pauses
from chalicelib.referral.model import Referral
from chalicelib.services.emergency import rows
from chalicelib.web.languages import N_
from chalicelib.workflow.board import Line
from chalicelib.workflow.cases import Command
from chalicelib.workflow.lists import overview
from chalicelib.workflow.storage import indexes, keys, store

WHY: Final = ("disaster_pause", "declared_emergency")
LETTER: Final = "emergency/paused"
# What is not ordinary goes on: a place in care may be at stake.
ORDINARY: Final = ("urgent", "routine")
GOES_ON: Final = {
    "incident": N_("belong to this emergency"),
    "held": N_("are paused already"),
    "pressing": N_("need help as soon as possible"),
}
"""Why a request of the area is not paused: id -> what is said of how many."""
# Seconds between two that go on, at most, and the time within which all of them do.
APART: Final = 300
SPREAD: Final = 8 * 3600
# Cases between two notes of how far it has come, and seconds of one look of the clock.
PORTION: Final = 25
SECONDS: Final = 20.0
# Seconds until the clock tries again what could not be written.
AGAIN_IN: Final = 60


@dataclass
class Affected:
    """The requests of the area: those to pause, in the order in which they go on, and how many others
    there are by ``GOES_ON``."""

    lines: list[Line] = field(default_factory=list)
    others: dict[str, int] = field(default_factory=dict)


def affected(
    one: Emergency, counties: Collection[str], at: int, *, afresh: bool = False
) -> Affected:
    """The open requests of these counties of the area; ``afresh`` as in ``overview.every``."""
    found = Affected()
    for line in _near(one, overview.every("open", {"county": counties}, at, afresh=afresh)):
        if why := _goes_on(one, line):
            found.others[why] = found.others.get(why, 0) + 1
        else:
            found.lines.append(line)
    found.lines.sort(key=_order)
    return found


def _near(one: Emergency, lines: Iterable[Line]) -> list[Line]:
    """Those of the lines whose ZIP code is in the area, where it has any."""
    listed = list(lines)
    if not one.zips or not listed:
        return listed
    asked = dynamodb.batch_get(keys.request(line.reference) for line in listed)
    zips = {
        keys.reference_of(str(row["pk"])): str(row.get("answers", {}).get("zip", ""))
        for row in asked
    }
    return [line for line in listed if one.touches(line.county, zips.get(line.reference, ""))]


def _goes_on(one: Emergency, line: Line) -> str:
    if line.incident == one.id:
        return "incident"
    if line.priority not in ORDINARY or line.tier == "emergency":
        return "pressing"
    held = line.waiting is not None and (line.waiting.held or line.waiting.blocked)
    return "held" if held else ""


def _order(line: Line) -> tuple[int, int, str]:
    return (-list(PRIORITIES).index(line.priority), line.submitted, line.reference)


def counties_of(one: Emergency, scope: Scope) -> list[str]:
    """The counties of an emergency in which somebody may pause."""
    return [county for county in one.counties if scope.covers(county)]


# -- what staff press for --------------------------------------------------------------------------
def begin(one: Emergency, counties: Collection[str], total: int, by: str, at: int) -> bool:
    """Ask the clock to pause what is affected; False while it is at work for an earlier press."""
    wanted = update(rows.pause(one.id)).set(
        doing="pause", at=at, by=by, counties=list(counties), total=total, done=0, **_soon(at)
    )
    return dynamodb.write(wanted.only_if(_of("wake_at").absent()))


def end(key: str, at: int) -> None:
    """Ask the clock to let go on what was paused, as the emergency has ended; nothing without any."""
    wanted = update(rows.pause(key)).set(doing="resume", ended=at, **_soon(at))
    dynamodb.write(wanted.only_if(_of("pk").exists(), _of("doing").differs("resume")))


def extend(key: str, at: int) -> bool:
    """Ask the clock to keep paused what is, until the later last day; nothing without any. False while it is
    at work for an earlier press."""
    wanted = update(rows.pause(key)).set(doing="extend", **_soon(at))
    there = _of("pk").exists(), _of("doing").differs("resume"), _of("wake_at").absent()
    return dynamodb.write(wanted.only_if(*there)) or not busy(key)


def busy(key: str) -> bool:
    """Whether the clock is at work on a pause."""
    return "wake_at" in (standing(key) or {})


def _soon(at: int) -> Item:
    return {"wpk": keys.WAKE_URGENT, "wake_at": at}


def standing(key: str) -> Item | None:
    """How far it has come; None when nobody asked."""
    return dynamodb.get(rows.pause(key), consistent=True)


def results(key: str, after: str = "") -> dynamodb.Page:
    """A page of what became of each case, by reference, from behind that of ``after`` on."""
    start = dict(rows.case(key, after)._asdict()) if after else None
    cases = _of("sk").begins_with(rows.CASE)
    return dynamodb.page(rows.partition(key), cases, limit=PORTION, start=start)


# -- what the clock does ---------------------------------------------------------------------------
def go_on(pk: str, sk: str, at: int) -> None:
    """Do the next portion, and say when to look again."""
    work = dynamodb.get(Key(pk, sk), consistent=True)
    if work is None:
        return
    one, still = emergencies.one_of(rows.id_of(pk)), _of("doing").equals(work["doing"])
    again = _DOING[str(work["doing"])](one, work, at)
    if again:
        indexes.wake_later(pk, sk, again, still)
    else:
        indexes.sleep(pk, sk, still)


def _pause_some(one: Emergency, work: Item, at: int) -> int:
    """Pause a portion; returns when to look again, 0 when none is left."""
    if one.over <= at:
        return 0
    until, done = time.monotonic() + SECONDS, int(work["done"])
    lines = affected(one, work["counties"], at, afresh=True).lines
    for number, line in enumerate(lines, start=1):
        place = done + number - 1
        _pause(one, line.reference, _turn(one.over, place, int(work["total"]), at), work, at)
        if number % PORTION == 0:
            _note(one, done + number)
            if time.monotonic() > until:
                return at + 1
    return 0


def _extend_some(one: Emergency, work: Item, at: int) -> int:
    """Keep a portion paused until the later last day, in the order that they had; returns when to look
    again, 0 when none is left."""
    if one.over <= at:
        return 0
    until, every = time.monotonic() + SECONDS, _paused(one)
    for place, row in enumerate(every):
        if int(row["until"]) < one.over:
            turn = _turn(one.over, place, len(every), at)
            _pause(one, _reference(row), turn, work, at, longer=True)
        if time.monotonic() > until:
            return at + 1
    return 0


def _pause(
    one: Emergency, reference: str, until: int, work: Item, at: int, longer: bool = False
) -> None:
    """Pause one case, or one that is paused for ``longer``, and write down in the same transaction that it
    was. One that is paused already, or that changed since the list was read, stays as it is; one that
    cannot be written holds up no other."""
    kept, command = update(rows.case(one.id, reference)), f"pause:{one.id}:{work['at']}:{one.until}"

    def decide(state: Referral) -> Command | None:
        ordinary = state.priority in ORDINARY and state.incident != one.id
        sooner = state.status == WHY[0] and state.pause and state.pause.until < one.over
        if not (state.open and ordinary and (sooner if longer else not state.pause)):
            return None
        by = str(work["by"])
        entry, _ = pauses.paused(state, *WHY, at, until, by, command, letter=LETTER)
        if hold := entry.changes.get("pause"):
            # Whoever paused hundreds is not told of each one that its end is near.
            entry.changes["pause"] = hold.model_copy(update={"remind": None})
        since = state.pause.since if state.pause else at
        return entry, [kept.set(did="paused", at=at, until=until, since=since)]

    try:
        after = store.change(reference, decide)
        did = "paused" if after.command == command else "left"
    except Exception:
        logger().exception("pause", extra={"referral": reference})
        did = "failed"
    if did != "paused":
        others = _of("did").absent() | _of("did").differs("paused")
        dynamodb.write(kept.set(did=did, at=at).only_if(others))


def _resume_some(one: Emergency, work: Item, at: int) -> int:
    """Let those go on whose turn it is; returns when the next is, 0 when none is left."""
    until, again = time.monotonic() + SECONDS, 0
    for row, turn in _turns(one, work):
        if row["did"] == "goes_on":
            continue
        if turn > at:
            return again or turn
        if time.monotonic() > until:
            return at + 1
        if not _resume(one, row, at):
            again = at + AGAIN_IN
    return again


def turns(one: Emergency) -> dict[str, int]:
    """When each that still waits goes on (UTC seconds), by reference, once staff ended the emergency."""
    work = standing(one.id) or {}
    if work.get("doing") != "resume":
        return {}
    return {_reference(row): turn for row, turn in _turns(one, work) if row["did"] == "paused"}


def _turns(one: Emergency, work: Item) -> list[tuple[Item, int]]:
    """Each that was paused, with its turn to go on after an early end."""
    every, ended = _paused(one), int(work["ended"])
    return [(row, _turn(ended, place, len(every), ended)) for place, row in enumerate(every)]


def _paused(one: Emergency) -> list[Item]:
    """What is kept of each case that was paused, in the order in which they go on."""
    cases = _of("sk").begins_with(rows.CASE)
    found = dynamodb.each(rows.partition(one.id), cases, consistent=True)
    every = [row for row in found if row["did"] in ("paused", "goes_on")]
    return sorted(every, key=lambda row: (int(row["until"]), str(row["sk"])))


def _reference(row: Item) -> str:
    return str(row["sk"]).removeprefix(rows.CASE)


def _resume(one: Emergency, row: Item, at: int) -> bool:
    """Let one case go on; False when that could not be written. One that does already, or that is paused for
    something else, stays as it is."""
    reference = _reference(row)
    kept = update(rows.case(one.id, reference)).set(did="goes_on", at=at)

    def decide(state: Referral) -> Command | None:
        if state.pause is None or state.status != WHY[0]:
            return None
        if state.pause.since != row.get("since", state.pause.since):
            return None  # another emergency paused it since
        made = pauses.resumed(state, at, "clock", f"goes-on:{one.id}:{state.pause.since}")
        return (made[0], [kept]) if made else None

    try:
        store.change(reference, decide)
        dynamodb.write(kept)
    except Exception:
        logger().exception("go on", extra={"referral": reference})
        return False
    return True


def _note(one: Emergency, done: int) -> None:
    dynamodb.write(update(rows.pause(one.id)).set(done=done))


def _turn(end: int, place: int, total: int, at: int) -> int:
    """When the case at a ``place`` in the order goes on: from the first business hour after ``end`` on,
    one after the other within a working day (UTC seconds, in the time of this deployment since ``at``)."""
    gap = min(APART, SPREAD // max(total, 1))
    return max(at, scaled(at, calendar.into_business_time(end) + place * gap))


_DOING: Final = {"pause": _pause_some, "extend": _extend_some, "resume": _resume_some}
