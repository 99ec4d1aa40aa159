"""All referrals at once, for the reconciler: who should have a run, their states, and its records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import Key, field, put, update
from chalicelib.workflow.cases import Case
from chalicelib.workflow.reconciler.findings import Round
from chalicelib.workflow.registry import case_types
from chalicelib.workflow.storage import keys, store
from chalicelib.workflow.storage.indexes import partition

ROUNDS = "RECONCILED"
# The row that asks for a round now; the reconciler looks for it once a minute.
WISH = Key("RECONCILE", "RECONCILE")
# Seconds after which a round that nobody finished is begun again.
PLAYED = 360
KEEP_SECONDS = 90 * 86400
FINDINGS_KEPT = 50
# States that pass through at a time.
BATCH = 100


def expecting() -> Iterator[list[Case]]:
    """The states of every case that may expect a run, each once, a hundred at a time: the open boards, and
    closed ones with a wake-up.

    Both indexes lag: nothing may be decided from them.
    """
    references = _each_once(chain(_listed(), _waking()))
    while some := list(islice(references, BATCH)):
        yield list(store.states(some))


def _listed() -> Iterator[str]:
    for name in case_types():
        for row in dynamodb.each(partition("open", name), index=keys.BOARD):
            yield keys.reference_of(str(row["pk"]))


def _waking() -> Iterator[str]:
    for lane in keys.WAKES:
        for row in dynamodb.each(lane, index=keys.WAKE):
            if row["sk"] == keys.STATE:
                yield keys.reference_of(str(row["pk"]))


def _each_once(references: Iterable[str]) -> Iterator[str]:
    seen: set[int] = set()
    for reference in references:
        # Of a hundred thousand references their hashes are a tenth.
        if (mark := hash(reference)) not in seen:
            seen.add(mark)
            yield reference


def note_round(at: int, found: Round) -> None:
    """Keep what one round of the reconciler found, for 90 days; its findings are bounded."""
    findings = found["findings"]
    kept = {**found, "findings": findings[:FINDINGS_KEPT], "more": len(findings[FINDINGS_KEPT:])}
    row = {**kept, "at": at, "expires_at": at + KEEP_SECONDS}
    dynamodb.write(put(Key(ROUNDS, f"{at:011d}"), row))


def rounds(limit: int = 20) -> list[Item]:
    """The newest rounds, the newest first."""
    return dynamodb.page(ROUNDS, limit=limit, newest_first=True).rows


def wish(at: int, by: str) -> None:
    """Ask for a round now: the reconciler's next minute begins it."""
    dynamodb.write(put(WISH, {"by": by, "at": at, "wake_at": at}))


def go_on(at: int, after: str) -> None:
    """Let the next minute go on behind ``after``, unless somebody asked for a whole round."""
    later = update(WISH).set(at=at, by="", wake_at=at, after=after)
    dynamodb.write(later.only_if(field("wake_at").absent()))


def take_wish(at: int) -> Item | None:
    """The wish whose time has come, for the one who plays it; None for none, and while another does."""
    if int(wished().get("wake_at", at + 1)) > at:
        return None
    taken = update(WISH).set(wake_at=at + PLAYED)
    return dynamodb.updated(taken.only_if(field("wake_at").at_most(at)))


def wished() -> Item:
    """The last wish, with ``wake_at`` while it waits; empty for none."""
    return dynamodb.get(WISH) or {}


def later(asked: int, at: int, **more: object) -> None:
    """Go on with the wish of ``asked`` at ``at``; one that came meanwhile comes first."""
    put_off = update(WISH).set(wake_at=at, **more)
    dynamodb.write(put_off.only_if(field("at").at_most(asked)))


def wish_done(at: int) -> None:
    """The wish is done; one that came meanwhile stays."""
    done = update(WISH).remove("wake_at", "again", "after")
    dynamodb.write(done.only_if(field("at").at_most(at)))
