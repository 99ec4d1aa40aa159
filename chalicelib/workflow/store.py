"""Load and change a referral: one command is one atomic write (law 4, I2).

The state row carries, besides the state, the newest entry of the log (its *pending*): version check,
state, event, command id and outbox are one conditional update of one item, so nothing can be half
done. The entry before it is copied to the log first: an entry is always in the log, or rides in the
row. A command that touches other rows, or whose entry is too large to ride, is a transaction.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.aws import dynamodb
from chalicelib.aws.clients import table
from chalicelib.domain.errors import NotFound, TryAgain
from chalicelib.workflow import indexes, keys
from chalicelib.workflow.cases import FOLDED, Entry, Referral, apply

Item = dict[str, Any]

# An entry larger than this goes to the log at once: the state row stays near 1 KB, one write unit.
ENTRY_BYTES = 512
# Seconds after a command until the clock makes sure that its effects left the house.
SWEEP_AFTER = 60


class Conflict(Exception):
    """Somebody else changed the referral first: decide again from its fresh state (F27)."""


class Refused(Exception):
    """A row that the command named (capacity, plan) did not allow it; ``number`` says which."""

    def __init__(self, number: int) -> None:
        super().__init__(f"row {number} refused")
        self.number = number


def load(reference: str, *, consistent: bool = False) -> Referral:
    """The state of a referral. Raises NotFound."""
    row = dynamodb.get(keys.referral_pk(reference), keys.STATE, consistent=consistent)
    if row is None:
        raise NotFound(reference)
    return state_of(reference, row)


def state_of(reference: str, row: Item) -> Referral:
    """A state row as the state. The command of a pending_entry entry is kept once, in the entry."""
    pending: Item = row.get("pending_entry") or {}
    command = pending.get("command", row.get("command", ""))
    return Referral.model_validate(row | {"reference": reference, "command": command})


def log(referral: Referral, *, consistent: bool = False) -> list[Entry]:
    """The whole log, oldest first, the pending_entry entry included.

    A page may miss the last second; who decides from it asks for a ``consistent`` one.
    """
    rows = dynamodb.query(keys.referral_pk(referral.reference), keys.LOG, consistent=consistent)
    entries = [Entry.model_validate(row) for row in rows]
    pending = pending_entry(referral)
    if pending and (not entries or entries[-1].version < pending.version):
        entries.append(pending)
    return entries


def entry_of(state: Referral, v: int) -> Entry | None:
    """Entry ``v`` of a referral by one read at most; None when there is none."""
    newest = pending_entry(state)
    if newest is not None and newest.version == v:
        return newest
    row = dynamodb.get(keys.referral_pk(state.reference), keys.log_sk(v), consistent=True)
    return None if row is None else Entry.model_validate(row)


def effect(state: Referral, v: int, number: int) -> Item | None:
    """Effect ``number`` of entry ``v``; None when there is none."""
    entry = entry_of(state, v)
    found = entry.effects if entry is not None else []
    return found[number] if 0 <= number < len(found) else None


def pending_entry(state: Referral) -> Entry | None:
    """The entry that rides in the state row. It names its fields; the row holds their values."""
    if state.pending_entry is None:
        return None
    names: list[str] = state.pending_entry["changes"]
    values = state.model_dump(include=set(FOLDED))
    defaults = Referral(reference=state.reference).model_dump(include=set(FOLDED))
    changes = {n: (None if values[n] == defaults[n] else values[n]) for n in names}
    if changes.get("task"):
        task: Item = changes["task"] or {}
        changes["task"] = {k: v for k, v in task.items() if k != "token"}
    return Entry.model_validate({**state.pending_entry, "changes": changes})


def create(state: Referral, entry: Entry, same_transaction: Sequence[Item]) -> None:
    """Write a new referral with its first entry and its other rows. Raises Conflict if it exists.

    ``same_transaction`` are TransactWriteItems members without a TableName.
    """
    entry = entry.model_copy(update={"version": 1})
    first = apply(state, entry.changes).model_copy(update={"version": 1, "command": entry.command})
    row = _row(first) | indexes.on_board(first) | {"pending_entry": _pending(entry)}
    row.pop("command")
    row["wpk"], row["wake_at"] = keys.WAKE_PARTITION, entry.at + SWEEP_AFTER
    item = {"pk": keys.referral_pk(state.reference), "sk": keys.STATE, **row}
    put = {"Put": {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}
    _transact([put, *same_transaction], own=1)


def commit(before: Referral, entry: Entry, same_transaction: Sequence[Item] = ()) -> Referral:
    """Apply one command to a referral and return its new state.

    Raises Conflict when the referral changed since ``before`` was read, unless the change is this
    very command (a lost reply, F25); Refused when a row of ``same_transaction`` said no.
    """
    entry = entry.model_copy(update={"version": before.version + 1})
    after = apply(before, entry.changes).model_copy(
        update={"version": entry.version, "command": entry.command, "pending_entry": None}
    )
    pk = keys.referral_pk(before.reference)
    pending = _pending(entry)
    rides = dynamodb.size(pending) <= ENTRY_BYTES
    update = _update(before, after, pending if rides else None, entry.at)
    members = [{"Update": {"Key": {"pk": pk, "sk": keys.STATE}, **update}}]
    if not rides:
        members.append(_log_put(pk, entry))
    try:
        previous = pending_entry(before)
        if previous is not None:
            _copy(pk, previous)
        if rides and not same_transaction:
            dynamodb.retrying(lambda: table().update_item(**members[0]["Update"]))
        else:
            _transact([*members, *same_transaction], own=len(members))
    except Exception as error:
        if not dynamodb.refused(error) and not isinstance(error, Conflict):
            raise
        fresh = load(before.reference, consistent=True)
        if fresh.command == entry.command or any(
            e.command == entry.command for e in log(fresh, consistent=True)
        ):
            return fresh
        if isinstance(error, Conflict):
            raise
        raise Conflict(before.reference) from error
    return after.model_copy(update={"pending_entry": pending}) if rides else after


def change(
    reference: str,
    decide: Callable[[Referral], tuple[Entry, Sequence[Item]] | None],
    known: Referral | None = None,
) -> Referral:
    """Load, decide, commit; decide again on a conflict (F27). ``decide`` may return None: no change.

    The first read is eventually consistent, or a state that the caller has ``known`` for a moment: a
    stale one fails its version check and is read again. Raises TryAgain when others keep winning.
    """
    state = known if known is not None else load(reference)
    for attempt in range(dynamodb.TRIES):
        decision = decide(state)
        if decision is None:
            if attempt:
                return state
            # A refusal must not rest on a stale read.
            state = load(reference, consistent=True)
            decision = decide(state)
            if decision is None:
                return state
        try:
            return commit(state, *decision)
        except Conflict:
            time.sleep(random.uniform(0.005, 0.03 * 2**attempt))
            state = load(reference, consistent=True)
    raise TryAgain("changed by others")


def attach_token(state: Referral, token: str) -> bool:
    """Give the open task the token of the run that now waits for it. False if the task is over.

    The token is no part of the story: it adds no entry and no version.
    """
    task = state.task
    if task is None:
        return False
    return dynamodb.update(
        {
            "Key": {"pk": keys.referral_pk(state.reference), "sk": keys.STATE},
            "UpdateExpression": "SET task.#token = :token",
            "ConditionExpression": "task.#number = :number AND generation = :generation",
            "ExpressionAttributeNames": {"#token": "token", "#number": "number"},
            "ExpressionAttributeValues": {
                ":token": token,
                ":number": task.number,
                ":generation": state.generation,
            },
        }
    )


def rearm(state: Referral, swept: int, wake_at: int | None) -> None:
    """Record what the clock made sure of and when it must look again (None: never)."""
    names = {"#wake": "wake_at", "#wpk": "wpk"}
    values: Item = {":swept": swept, ":version": state.version}
    if wake_at is None:
        expression = "SET swept = :swept REMOVE #wake, #wpk"
    else:
        expression = "SET swept = :swept, #wake = :wake, #wpk = :wpk"
        values |= {":wake": wake_at, ":wpk": keys.WAKE_PARTITION}
    # Refused, a newer command stands there, and keeps its own wake-up.
    dynamodb.update(
        {
            "Key": {"pk": keys.referral_pk(state.reference), "sk": keys.STATE},
            "UpdateExpression": expression,
            "ConditionExpression": "version = :version",
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }
    )


def _pending(entry: Entry) -> Item:
    """An entry as it rides: only the names of its changed fields, the row holds the values."""
    return entry.model_dump(exclude_defaults=True) | {
        "version": entry.version,
        "changes": list(entry.changes),
    }


def _row(state: Referral) -> Item:
    row = state.model_dump(exclude_defaults=True)
    row.pop("reference", None)
    row.pop("main_task", None)
    return row | {"version": state.version, "generation": state.generation, "stage": state.stage}


def _update(before: Referral, after: Referral, pending: Item | None, at: int) -> Item:
    """The arguments of the state row's conditional update."""
    old, new = _row(before), _row(after)
    for row, carries in ((old, before.pending_entry is not None), (new, pending is not None)):
        row.pop("pending_entry", None)
        if carries:
            row.pop("command", None)
    sets = {k: v for k, v in new.items() if old.get(k) != v} | {"version": after.version}
    gone = [k for k in old if k not in new]
    if pending is not None:
        sets["pending_entry"] = pending
    elif before.pending_entry is not None:
        gone.append("pending_entry")
    if after.task is not None and (before.task != after.task or before.pause != after.pause):
        sets["waits"] = indexes.waits(after)
    if before.open != after.open:
        # How it ended stands on the board; while it is open, who it waits for says more than a status.
        sets |= indexes.on_board(after)
        if after.open:  # reopened
            gone.append("ended")
        else:
            sets["ended"] = after.status
        gone.append("waits")
    elif indexes.listed(before) != indexes.listed(after):
        sets |= indexes.on_board(after)
        if after.task is None:
            gone.append("waits")
    # Timers are lazy: a command only ever moves the wake-up nearer, the clock moves it on.
    wanted = [i for i in (at + SWEEP_AFTER, indexes.next_instant(after)) if i is not None]
    if before.wake_at is None or before.wake_at > min(wanted):
        sets |= {"wpk": keys.WAKE_PARTITION, "wake_at": min(wanted)}
    names = {f"#s{i}": k for i, k in enumerate(sets)} | {f"#g{i}": k for i, k in enumerate(gone)}
    expression = "SET " + ", ".join(f"#s{i} = :s{i}" for i in range(len(sets)))
    if gone:
        expression += " REMOVE " + ", ".join(f"#g{i}" for i in range(len(gone)))
    values = {f":s{i}": v for i, v in enumerate(sets.values())} | {":was": before.version}
    condition = "#was = :was"
    names["#was"] = "version"
    if before.task is not None:
        # A run may have attached a newer token meanwhile; the answer must go to that one.
        names |= {"#task": "task", "#token": "token"}
        if before.task.token:
            condition += " AND #task.#token = :token"
            values[":token"] = before.task.token
        else:
            condition += " AND attribute_not_exists(#task.#token)"
    return {
        "UpdateExpression": expression,
        "ConditionExpression": condition,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }


def _log_put(pk: str, entry: Entry, *, rode: bool = False) -> Item:
    row = entry.model_dump(exclude_defaults=True) | {"version": entry.version}
    if row.get("changes", {}).get("task"):
        # The engine's token is not part of the story, and stays out of the log.
        kept = {k: v for k, v in row["changes"]["task"].items() if k != "token"}
        row["changes"] = {**row["changes"], "task": kept}
    item: Item = {"pk": pk, "sk": keys.log_sk(entry.version), **row}
    if rode:
        item["rode"] = True  # it has been on the stream before, in the state row
    return {"Put": {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}


def _copy(pk: str, entry: Entry) -> None:
    """Copy the pending_entry entry to the log; it is there already if another command came so far."""
    put = _log_put(pk, entry, rode=True)["Put"]
    try:
        dynamodb.retrying(lambda: table().put_item(**put))
    except Exception as error:
        if not dynamodb.refused(error):
            raise


def _transact(members: list[Item], own: int = 2) -> None:
    """Write all members or none. The first ``own`` are the referral's; the rest may refuse."""
    named: list[Item] = [
        {kind: {"TableName": table().name, **body} for kind, body in member.items()}
        for member in members
    ]
    try:
        dynamodb.retrying(lambda: table().meta.client.transact_write_items(TransactItems=named))
    except Exception as error:
        failed = dynamodb.failed_members(error)
        if failed is None:
            raise
        if min(failed) >= own:
            raise Refused(min(failed) - own) from error
        raise Conflict("version") from error
