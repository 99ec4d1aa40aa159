"""All referrals at once, for the reconciler: who should have a run, their states, and its records."""

from __future__ import annotations

from itertools import chain

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import Key, field, put, update
from chalicelib.workflow.reconciler.findings import Round
from chalicelib.workflow.registry import case_types
from chalicelib.workflow.storage import keys
from chalicelib.workflow.storage.indexes import partition

ROUNDS = "RECONCILED"
# The row that asks for a round now; the clock is woken by it.
WISH = Key("RECONCILE", "RECONCILE")
KEEP_SECONDS = 90 * 86400
FINDINGS_KEPT = 50


def expecting() -> list[str]:
    """Every case that may expect a run: the open boards, and closed ones with a wake-up.

    Both indexes lag: nothing may be decided from them.
    """
    boards = [partition("open", name) for name in case_types()]
    listed = (row["pk"] for board in boards for row in dynamodb.each(board, index=keys.BOARD))
    waking = dynamodb.each(keys.WAKE_PARTITION, index=keys.WAKE)
    woken = (row["pk"] for row in waking if row["sk"] == keys.STATE)
    return list(dict.fromkeys(keys.reference_of(str(pk)) for pk in chain(listed, woken)))


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
    """Ask for a round now: the clock's next minute begins it."""
    row = {"by": by, "at": at, "wpk": keys.WAKE_PARTITION, "wake_at": at}
    dynamodb.write(put(WISH, row))


def wished() -> Item:
    """The last wish, with ``wake_at`` while it waits; empty for none."""
    return dynamodb.get(WISH, consistent=True) or {}


def look_again(asked: int, at: int) -> None:
    """Play the wish of ``asked`` once more, at ``at``; one that came meanwhile comes first."""
    later = update(WISH).set(wake_at=at, again=True)
    dynamodb.write(later.only_if(field("at").at_most(asked)))


def wish_done(at: int) -> None:
    """The wish is done; one that came meanwhile stays."""
    done = update(WISH).remove("wpk", "wake_at")
    dynamodb.write(done.only_if(field("at").at_most(at)))
