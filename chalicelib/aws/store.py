"""Load and change a referral: one command is one atomic write (law 4, I2).

The state row carries, besides the state, the newest entry of the log (its *tail*): version check,
state, event, command id and outbox are one conditional update of one item, so nothing can be half
done. The entry before it is copied to the log first: an entry is always in the log, or rides in the
row. A command that touches other rows, or whose entry is too large to ride, is a transaction.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.clients import table
from chalicelib.referral.errors import NotFound, TryAgain
from chalicelib.referral.model import FOLDED, Entry, Referral, Task, apply

Item = dict[str, Any]

# An entry larger than this goes to the log at once: the state row stays near 1 KB, one write unit.
ENTRY_BYTES = 512
# Seconds after a command until the clock makes sure that its effects left the house.
SWEEP_AFTER = 60
# Seconds between due and exit that make a wait a long one.
LONG_WAIT = 90 * 86400
_NOT_STAFF = ("provider", "consultant", "system")
TRIES = 6


class Conflict(Exception):
    """Somebody else changed the referral first: decide again from its fresh state (F27)."""


class Refused(Exception):
    """A row that the command named (capacity, plan) did not allow it; ``number`` says which."""

    def __init__(self, number: int) -> None:
        super().__init__(f"row {number} refused")
        self.number = number


def plain(value: Any) -> Any:
    """DynamoDB's Decimals and sets as ints, floats and sorted lists."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(v) for v in value)
    return value


def size(value: Any) -> int:
    """About how many bytes DynamoDB counts for a value (its own rule, rounded up)."""
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, bool) or value is None:
        return 1
    if isinstance(value, int | float | Decimal):
        return (len(str(value)) + 1) // 2 + 1
    if isinstance(value, dict):
        return 3 + sum(1 + len(k.encode()) + size(v) for k, v in value.items())
    return 3 + sum(1 + size(v) for v in value)


def image(attributes: Item | None) -> Item:
    """A stream record's image as plain values; empty for none."""
    from boto3.dynamodb.types import TypeDeserializer

    read = TypeDeserializer().deserialize
    return {k: plain(read(v)) for k, v in (attributes or {}).items()}


def retrying(call: Callable[[], Any]) -> Any:
    """Run an AWS call; throttles and broken connections become TryAgain after bounded tries (F24).

    botocore makes three tries of its own; a transaction conflict is tried again here (F26).
    """
    from botocore.exceptions import BotoCoreError, ClientError

    for attempt in range(TRIES):
        try:
            return call()
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in ("ConditionalCheckFailedException", "ResourceNotFoundException"):
                raise
            reasons = {r.get("Code") for r in error.response.get("CancellationReasons", [])}
            if code == "TransactionCanceledException" and "ConditionalCheckFailed" in reasons:
                raise
            busy = code in (
                "TransactionCanceledException",
                "TransactionConflictException",
                "TransactionInProgressException",
                "ProvisionedThroughputExceededException",
                "ThrottlingException",
                "RequestLimitExceeded",
                "InternalServerError",
            )
            if not busy:
                raise
            if attempt == TRIES - 1:
                raise TryAgain(code) from error
        except BotoCoreError as error:
            if attempt >= 1:
                raise TryAgain(type(error).__name__) from error
        time.sleep(random.uniform(0.01, 0.04 * 2**attempt))
    raise TryAgain("busy")


def get(pk: str, sk: str, *, consistent: bool = False) -> Item | None:
    """One row as plain values, or None."""
    answer = retrying(lambda: table().get_item(Key={"pk": pk, "sk": sk}, ConsistentRead=consistent))
    row: Item | None = plain(answer["Item"]) if "Item" in answer else None
    return row


def query(pk: str, prefix: str = "", *, consistent: bool = False) -> list[Item]:
    """Every row of a partition whose sort key begins with ``prefix``, in order."""
    from boto3.dynamodb.conditions import Key

    condition: Any = Key("pk").eq(pk)
    if prefix:
        condition = condition & Key("sk").begins_with(prefix)
    rows: list[Item] = []
    start: dict[str, Any] = {}

    def turn(more: Item) -> Any:
        return retrying(
            lambda: table().query(
                KeyConditionExpression=condition, ConsistentRead=consistent, **more
            )
        )

    while True:
        page = turn(start)
        rows += [plain(row) for row in page["Items"]]
        if "LastEvaluatedKey" not in page:
            return rows
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def put(row: Item) -> None:
    """Write a row that only the next command will refer to."""
    retrying(lambda: table().put_item(Item=row))


def update(request: Item) -> bool:
    """Update one row that is no referral's state; False when its condition failed."""
    return _unless_refused(lambda: table().update_item(**request))


def delete(request: Item) -> bool:
    """Remove one row that is no referral's state; False when its condition failed."""
    return _unless_refused(lambda: table().delete_item(**request))


def _unless_refused(call: Callable[[], Any]) -> bool:
    try:
        retrying(call)
    except Exception as error:
        if _failed_condition(error) is None:
            raise
        return False
    return True


def load(reference: str, *, consistent: bool = False) -> Referral:
    """The state of a referral. Raises NotFound."""
    row = get(keys.referral_pk(reference), keys.STATE, consistent=consistent)
    if row is None:
        raise NotFound(reference)
    return state_of(reference, row)


def state_of(reference: str, row: Item) -> Referral:
    """A state row as the state. The command of a riding entry is kept once, in the entry."""
    tail: Item = row.get("tail") or {}
    command = tail.get("command", row.get("command", ""))
    return Referral.model_validate(row | {"reference": reference, "command": command})


def log(referral: Referral, *, consistent: bool = False) -> list[Entry]:
    """The whole log, oldest first, the riding entry included.

    A page may miss the last second; who decides from it asks for a ``consistent`` one.
    """
    rows = query(keys.referral_pk(referral.reference), keys.LOG, consistent=consistent)
    entries = [Entry.model_validate(row) for row in rows]
    tail = riding(referral)
    if tail and (not entries or entries[-1].v < tail.v):
        entries.append(tail)
    return entries


def entry_of(state: Referral, v: int) -> Entry | None:
    """Entry ``v`` of a referral by one read at most; None when there is none."""
    newest = riding(state)
    if newest is not None and newest.v == v:
        return newest
    row = get(keys.referral_pk(state.reference), keys.log_sk(v), consistent=True)
    return None if row is None else Entry.model_validate(row)


def effect(state: Referral, v: int, number: int) -> Item | None:
    """Effect ``number`` of entry ``v``; None when there is none."""
    entry = entry_of(state, v)
    found = entry.effects if entry is not None else []
    return found[number] if 0 <= number < len(found) else None


def riding(state: Referral) -> Entry | None:
    """The entry that rides in the state row. It names its fields; the row holds their values."""
    if state.tail is None:
        return None
    names: list[str] = state.tail["changes"]
    values = state.model_dump(include=set(FOLDED))
    defaults = Referral(reference=state.reference).model_dump(include=set(FOLDED))
    changes = {n: (None if values[n] == defaults[n] else values[n]) for n in names}
    if changes.get("task"):
        task: Item = changes["task"] or {}
        changes["task"] = {k: v for k, v in task.items() if k != "token"}
    return Entry.model_validate({**state.tail, "changes": changes})


def create(state: Referral, entry: Entry, also: Sequence[Item]) -> None:
    """Write a new referral with its first entry and its other rows. Raises Conflict if it exists.

    ``also`` are TransactWriteItems members without a TableName.
    """
    entry = entry.model_copy(update={"v": 1})
    first = apply(state, entry.changes).model_copy(update={"v": 1, "command": entry.command})
    row = _row(first) | _board(first) | {"tail": _tail(entry)}
    row.pop("command")
    row["wpk"], row["wake_at"] = keys.WAKE_PARTITION, entry.at + SWEEP_AFTER
    item = {"pk": keys.referral_pk(state.reference), "sk": keys.STATE, **row}
    put = {"Put": {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}
    _transact([put, *also], own=1)


def commit(before: Referral, entry: Entry, also: Sequence[Item] = ()) -> Referral:
    """Apply one command to a referral and return its new state.

    Raises Conflict when the referral changed since ``before`` was read, unless the change is this
    very command (a lost reply, F25); Refused when a row of ``also`` said no.
    """
    entry = entry.model_copy(update={"v": before.v + 1})
    after = apply(before, entry.changes).model_copy(
        update={"v": entry.v, "command": entry.command, "tail": None}
    )
    pk = keys.referral_pk(before.reference)
    tail = _tail(entry)
    rides = size(tail) <= ENTRY_BYTES
    update = _update(before, after, tail if rides else None, entry.at)
    members = [{"Update": {"Key": {"pk": pk, "sk": keys.STATE}, **update}}]
    if not rides:
        members.append(_log_put(pk, entry))
    try:
        previous = riding(before)
        if previous is not None:
            _copy(pk, previous)
        if rides and not also:
            retrying(lambda: table().update_item(**members[0]["Update"]))
        else:
            _transact([*members, *also], own=len(members))
    except Exception as error:
        if _failed_condition(error) is None and not isinstance(error, Conflict):
            raise
        fresh = load(before.reference, consistent=True)
        if fresh.command == entry.command or any(
            e.command == entry.command for e in log(fresh, consistent=True)
        ):
            return fresh
        if isinstance(error, Conflict):
            raise
        raise Conflict(before.reference) from error
    return after.model_copy(update={"tail": tail}) if rides else after


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
    for attempt in range(TRIES):
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
    try:
        retrying(
            lambda: table().update_item(
                Key={"pk": keys.referral_pk(state.reference), "sk": keys.STATE},
                UpdateExpression="SET task.#token = :token",
                ConditionExpression="task.#n = :n AND generation = :generation",
                ExpressionAttributeNames={"#token": "token", "#n": "n"},
                ExpressionAttributeValues={
                    ":token": token,
                    ":n": task.n,
                    ":generation": state.generation,
                },
            )
        )
    except Exception as error:
        if _failed_condition(error) is None:
            raise
        return False
    return True


def rearm(state: Referral, swept: int, wake_at: int | None) -> None:
    """Record what the clock made sure of and when it must look again (None: never)."""
    names = {"#wake": "wake_at", "#wpk": "wpk"}
    values: Item = {":swept": swept, ":v": state.v}
    if wake_at is None:
        expression = "SET swept = :swept REMOVE #wake, #wpk"
    else:
        expression = "SET swept = :swept, #wake = :wake, #wpk = :wpk"
        values |= {":wake": wake_at, ":wpk": keys.WAKE_PARTITION}
    try:
        retrying(
            lambda: table().update_item(
                Key={"pk": keys.referral_pk(state.reference), "sk": keys.STATE},
                UpdateExpression=expression,
                ConditionExpression="v = :v",
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
            )
        )
    except Exception as error:
        if _failed_condition(error) is None:
            raise  # a newer command stands there, and keeps its own wake-up


def wake_later(pk: str, sk: str, at: int) -> None:
    """Let the clock look at a row again at ``at``, whatever it is; one that is gone stays gone."""
    try:
        retrying(
            lambda: table().update_item(
                Key={"pk": pk, "sk": sk},
                UpdateExpression="SET wpk = :wpk, wake_at = :at",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues={":wpk": keys.WAKE_PARTITION, ":at": at},
            )
        )
    except Exception as error:
        if _failed_condition(error) is None:
            raise


def sleep(pk: str, sk: str) -> None:
    """Let the clock look at a row no more."""
    retrying(
        lambda: table().update_item(
            Key={"pk": pk, "sk": sk}, UpdateExpression="REMOVE wpk, wake_at"
        )
    )


def due(now: int, limit: int = 100) -> list[tuple[str, str]]:
    """Keys (pk, sk) of the rows whose wake-up has come, the longest due first."""
    from boto3.dynamodb.conditions import Key

    page = retrying(
        lambda: table().query(
            IndexName=keys.WAKE,
            KeyConditionExpression=Key("wpk").eq(keys.WAKE_PARTITION) & Key("wake_at").lte(now),
            Limit=limit,
        )
    )
    return [(str(row["pk"]), str(row["sk"])) for row in page["Items"]]


def board(
    which: str = "open", limit: int = 50, start: Item | None = None
) -> tuple[list[Item], Item | None]:
    """A page of the console's list (``open`` or ``closed``), oldest first, and where to go on."""
    from boto3.dynamodb.conditions import Key

    more = {"ExclusiveStartKey": start} if start else {}
    page = retrying(
        lambda: table().query(
            IndexName=keys.BOARD,
            KeyConditionExpression=Key("gsi1pk").eq(which),
            Limit=limit,
            **more,
        )
    )
    rows = [{**plain(row), "reference": keys.reference_of(row["pk"])} for row in page["Items"]]
    return rows, page.get("LastEvaluatedKey")


def next_instant(state: Referral) -> int | None:
    """The next instant at which the clock has something to do for a referral.

    A hold stops the task's clock: then it is the end of the hold.
    """
    if state.hold is not None:
        return min(state.hold.until, state.hold.remind or state.hold.until)
    return next_of(state.task) if state.task is not None else None


def next_of(task: Task) -> int:
    """The next of a task's own instants: a reminder, the escalation, or its end."""
    return min([*task.remind, *([task.escalate] if task.escalate else []), task.expires])


def _tail(entry: Entry) -> Item:
    """An entry as it rides: only the names of its changed fields, the row holds the values."""
    return entry.model_dump(exclude_defaults=True) | {"v": entry.v, "changes": list(entry.changes)}


def _row(state: Referral) -> Item:
    row = state.model_dump(exclude_defaults=True)
    row.pop("reference", None)
    row.pop("main", None)
    return row | {"v": state.v, "generation": state.generation, "stage": state.stage}


def _listed(state: Referral) -> str:
    """On which board a referral stands: one that waits for staff is never among the closed."""
    staff = state.task is not None and state.task.role not in _NOT_STAFF
    return "open" if state.open or staff else "closed"


def _board(state: Referral) -> Item:
    return {
        "gsi1pk": _listed(state),
        "gsi1sk": f"{state.submitted}#{state.reference}",
    }


def waits(state: Referral) -> str:
    """The board's summary of the open task: ``kind:role:who:opened[:due[:blocked]]``; on hold the
    last three are since when, until when and the status.

    A wait of months (the sessions) is timed anew at each entry: it stands there without a due
    instant, so that an entry does not rewrite the index.
    """
    task = state.task
    if task is None:
        return ""
    summary = f"{task.kind}:{task.role}:{task.who}:{task.opened}"
    long = task.expires - task.due > LONG_WAIT
    if state.hold is not None and state.hold.reason == "address_not_working":
        return f"{summary}:{'' if long else task.due}:blocked"
    if state.hold is not None:
        hold = state.hold
        return f"{task.kind}:{task.role}:{task.who}:{hold.since}:{hold.until}:{state.status}"
    if task.about.get("blocked"):
        return f"{summary}:{'' if long else task.due}:blocked"
    return summary if long else f"{summary}:{task.due}"


def _update(before: Referral, after: Referral, tail: Item | None, at: int) -> Item:
    """The arguments of the state row's conditional update."""
    old, new = _row(before), _row(after)
    for row, carries in ((old, before.tail is not None), (new, tail is not None)):
        row.pop("tail", None)
        if carries:
            row.pop("command", None)
    sets = {k: v for k, v in new.items() if old.get(k) != v} | {"v": after.v}
    gone = [k for k in old if k not in new]
    if tail is not None:
        sets["tail"] = tail
    elif before.tail is not None:
        gone.append("tail")
    if after.task is not None and (before.task != after.task or before.hold != after.hold):
        sets["waits"] = waits(after)
    if before.open != after.open:
        # How it ended stands on the board; while it is open, who it waits for says more than a status.
        sets |= _board(after)
        if after.open:  # reopened
            gone.append("ended")
        else:
            sets["ended"] = after.status
        gone.append("waits")
    elif _listed(before) != _listed(after):
        sets |= _board(after)
        if after.task is None:
            gone.append("waits")
    # Timers are lazy: a command only ever moves the wake-up nearer, the clock moves it on.
    wanted = [i for i in (at + SWEEP_AFTER, next_instant(after)) if i is not None]
    if before.wake_at is None or before.wake_at > min(wanted):
        sets |= {"wpk": keys.WAKE_PARTITION, "wake_at": min(wanted)}
    names = {f"#s{i}": k for i, k in enumerate(sets)} | {f"#g{i}": k for i, k in enumerate(gone)}
    expression = "SET " + ", ".join(f"#s{i} = :s{i}" for i in range(len(sets)))
    if gone:
        expression += " REMOVE " + ", ".join(f"#g{i}" for i in range(len(gone)))
    values = {f":s{i}": v for i, v in enumerate(sets.values())} | {":was": before.v}
    condition = "#was = :was"
    names["#was"] = "v"
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
    row = entry.model_dump(exclude_defaults=True) | {"v": entry.v}
    if row.get("changes", {}).get("task"):
        # The engine's token is not part of the story, and stays out of the log.
        kept = {k: v for k, v in row["changes"]["task"].items() if k != "token"}
        row["changes"] = {**row["changes"], "task": kept}
    item: Item = {"pk": pk, "sk": keys.log_sk(entry.v), **row}
    if rode:
        item["rode"] = True  # it has been on the stream before, in the state row
    return {"Put": {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}


def _copy(pk: str, entry: Entry) -> None:
    """Copy the riding entry to the log; it is there already if another command came so far."""
    put = _log_put(pk, entry, rode=True)["Put"]
    try:
        retrying(lambda: table().put_item(**put))
    except Exception as error:
        if _failed_condition(error) is None:
            raise


def _transact(members: list[Item], own: int = 2) -> None:
    """Write all members or none. The first ``own`` are the referral's; the rest may refuse."""
    named: list[Item] = [
        {kind: {"TableName": table().name, **body} for kind, body in member.items()}
        for member in members
    ]
    try:
        retrying(lambda: table().meta.client.transact_write_items(TransactItems=named))
    except Exception as error:
        failed = _failed_condition(error)
        if failed is None:
            raise
        if min(failed) >= own:
            raise Refused(min(failed) - own) from error
        raise Conflict("version") from error


def refused(error: Exception) -> bool:
    """Whether an error says that a condition did not hold."""
    return _failed_condition(error) is not None


def _failed_condition(error: Exception) -> list[int] | None:
    """Which members failed their condition, or None when the error is another one."""
    response = getattr(error, "response", None)
    if not response:
        return None
    if response["Error"]["Code"] == "ConditionalCheckFailedException":
        return [0]
    reasons = response.get("CancellationReasons", [])
    failed = [i for i, r in enumerate(reasons) if r.get("Code") == "ConditionalCheckFailed"]
    return failed or None
