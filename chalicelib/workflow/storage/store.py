"""Load and change a referral: one command is one atomic write.

The state row carries, besides the state, the newest entry of the log (its *pending*): version check,
state, event, command id and outbox are one conditional update of one item, so nothing can be half
done. The entry before it is copied to the log first: an entry is always in the log, or rides in the
row. A command that touches other rows, or whose entry is too large to ride, is a transaction.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import cast, overload

from chalicelib.aws import dynamodb, writes
from chalicelib.aws.attribute_values import Item, size
from chalicelib.aws.errors import ConditionFailed
from chalicelib.aws.writes import Condition, Key, Update, Write, field, update
from chalicelib.domain.errors import AlreadyDone, NotFound, RecordedMeanwhile, TryAgain
from chalicelib.domain.ids import normalize_reference
from chalicelib.domain.press_ids import same_form, version_shown
from chalicelib.workflow import case_types
from chalicelib.workflow.cases import CLOCK, C, Case, Command, Entry, apply, enters
from chalicelib.workflow.effects import Effect
from chalicelib.workflow.storage import indexes, keys

# An entry larger than this goes to the log at once: the state row stays near 1 KB, one write unit.
ENTRY_BYTES = 512
# The mark of a state row whose riding entry has effects: the stream calls the relay for no other. What the
# scheduler has looked at needs no more calls.
LEAVES = "leaves"
# How many entries are read where only the newest are of interest: less than a page of four kilobytes.
_LATELY = 7
# Seconds after a command until the clock makes sure that its effects left the house.
SWEEP_AFTER = 60
# Seconds after a wake-up in which the clock, which looks each minute, is not late.
IN_TIME = 120
# Seconds for which an entry is the stream's alone. What follows a press within moments, as its run
# goes on, is then old enough at the press's own look.
RESTS = 45


class Conflict(Exception):
    """Somebody else changed the referral first: decide again from its fresh state."""


class Refused(Exception):
    """A row that the command named (capacity, plan) did not allow it; ``number`` says which."""

    def __init__(self, number: int) -> None:
        super().__init__(f"row {number} refused")
        self.number = number


@overload
def load(reference: str, *, consistent: bool = False) -> Case: ...


@overload
def load(reference: str, of: type[C], *, consistent: bool = False) -> C: ...


def load(reference: str, of: type[Case] = Case, *, consistent: bool = False) -> Case:
    """The state of a case. Raises NotFound, also when it is not a case ``of`` that type."""
    row = dynamodb.get(keys.state(reference), consistent=consistent)
    state = None if row is None else state_of(reference, row)
    if state is None or not isinstance(state, of):
        raise NotFound(reference)
    return state


# The state that was read together with the rows beside it, and those by sort key.
_neighbors: list[tuple[Case, dict[str, Item]]] = []


def load_with_neighbors(reference: str) -> Case:
    """The state of a case, and by the same read what pages and steps ask for next: the answers of its request, and
    what was half written into its tasks. Their keys lie side by side. Raises NotFound."""
    together = field("sk").between(keys.STATE, keys.REQUEST)
    rows = {str(row["sk"]): row for row in dynamodb.each(keys.case_pk(reference), together)}
    if keys.STATE not in rows:
        raise NotFound(reference)
    state = state_of(reference, rows[keys.STATE])
    _neighbors[:] = [(state, rows)]
    return state


def neighbor(state: Case, key: Key) -> Item | None:
    """A row beside a state, or None; read anew unless it was read with this very state."""
    rows = next((rows for one, rows in _neighbors if one is state), None)
    return dynamodb.get(key) if rows is None else rows.get(key.sk)


def states(references: Iterable[str]) -> Iterator[Case]:
    """The states of many cases, 100 a call (half a read unit each), in any order, read as they are
    taken; unknown ones are left out. A state may be an old one."""
    for row in dynamodb.batch_get(map(keys.state, references)):
        yield state_of(keys.reference_of(str(row["pk"])), row)


def look_up(typed: str, of: type[C]) -> C:
    """The newest state of a case by its reference as somebody typed it.

    Raises NotFound, for one that is mistyped as for one that is not there.
    """
    reference = normalize_reference(typed)
    if reference is None:
        raise NotFound(typed)
    return load(reference, of, consistent=True)


def state_of(reference: str, row: Item) -> Case:
    """A state row as the state. The command of a pending_entry entry is kept once, in the entry."""
    pending: Item = row.get("pending_entry") or {}
    command = pending.get("command", row.get("command", ""))
    model = case_types.named(row.get("case_type", "")).model
    return model.model_validate(row | {"reference": reference, "command": command})


# The state whose log was read last, and that log: several parts of a page tell of it.
_told: list[tuple[Case, tuple[Entry, ...]]] = []


def log(referral: Case, after: int = 0) -> list[Entry]:
    """The log, oldest first, the pending_entry entry included; with ``after`` only later versions.

    It has no gaps, so a read that came too early for this state shows itself, and is made again. What was
    read for a state is not read again for it: entries never change.
    """
    if _told and _told[0][0] is referral:
        return list(_told[0][1][after:])
    pending = pending_entry(referral)
    if pending is not None and pending.version == after + 1:
        return [pending]
    last = referral.version if pending is None else pending.version - 1
    entries = _logged(referral.reference, after, consistent=False)
    if sum(one.version <= last for one in entries) < last - after:
        entries = _logged(referral.reference, after, consistent=True)
    if pending and (not entries or entries[-1].version < pending.version):
        entries.append(pending)
    if not after and len(entries) == referral.version:
        _told[:] = [(referral, tuple(entries))]
    return entries


def log_of_task(state: Case, n: int) -> list[Entry]:
    """The log from the entry that opened task ``n`` on, where it was not long ago: half a read unit, however long
    the log is. Empty where it is not among the newest entries, or a replica lacks one of them."""
    pending = pending_entry(state)
    last = state.version if pending is None else pending.version - 1
    rest = field("sk").between(keys.log_sk(max(1, last - _LATELY + 1)), keys.log_sk(last))
    found = [
        Entry.model_validate(row) for row in dynamodb.each(keys.case_pk(state.reference), rest)
    ]
    found += [pending] if pending is not None else []
    opened = next((at for at, one in enumerate(found) if one.asks and _gives(one, n)), None)
    if opened is None or found[opened].version + len(found) - opened - 1 != state.version:
        return []
    return found[opened:]


def _gives(entry: Entry, n: int) -> bool:
    task = entry.changes.get("task")
    return task is not None and task.number == n


def _logged(reference: str, after: int, *, consistent: bool) -> list[Entry]:
    """The rows of the log."""
    rest = field("sk").between(keys.log_sk(after + 1), keys.log_sk(keys.LAST_VERSION))
    rows = dynamodb.each(keys.case_pk(reference), rest, consistent=consistent)
    return [Entry.model_validate(row) for row in rows]


def entry_of(state: Case, v: int) -> Entry | None:
    """Entry ``v`` of a referral by one read of a row that is there; None when there is none."""
    newest = pending_entry(state)
    if newest is not None and newest.version == v:
        return newest
    key = keys.log_entry(state.reference, v)
    # It never changes: one that a replica has is right.
    row = dynamodb.get(key) or dynamodb.get(key, consistent=True)
    return None if row is None else Entry.model_validate(row)


def effect(state: Case, v: int, number: int) -> Effect | None:
    """Effect ``number`` of entry ``v``; None when there is none."""
    entry = entry_of(state, v)
    found = entry.effects if entry is not None else []
    return found[number] if 0 <= number < len(found) else None


def pending_entry(state: Case) -> Entry | None:
    """The entry that rides in the state row."""
    row = _riding(state)
    return None if row is None else Entry.model_validate(row)


def _riding(state: Case) -> Item | None:
    """The same as its row of the log. It names its fields; the state row holds their values."""
    if state.pending_entry is None:
        return None
    names: list[str] = state.pending_entry["changes"]
    values = state.model_dump(exclude_defaults=True, include=set(names))
    changes = {name: values.get(name) for name in names}
    if changes.get("task"):
        # The engine's token is not part of the story, and stays out of the log.
        changes["task"] = {k: v for k, v in values["task"].items() if k != "token"}
    return {**state.pending_entry, "changes": changes}


def create(state: Case, entry: Entry, same_transaction: Sequence[Write]) -> None:
    """Write a new referral with its first entry and its other rows.

    Raises Conflict if another command made it before, and Refused when one of the rows said no; this very
    command (a lost reply) changes nothing more.
    """
    entry = entry.model_copy(update={"version": 1})
    first = apply(state, entry.changes).model_copy(update={"version": 1, "command": entry.command})
    effects = case_types.with_texts(first, entry.effects)
    entry = entry.model_copy(update={"effects": effects})
    row = _row(first) | indexes.on_board(first) | {"pending_entry": _pending(entry)}
    row.pop("command")
    if entry.effects:
        row[LEAVES] = True
    row["wpk"], row["wake_at"] = keys.wakes_in(first.priority), entry.at + SWEEP_AFTER
    try:
        _transact([writes.create(keys.state(state.reference), row), *same_transaction], own=1)
    except Conflict:
        made = entry_of(load(state.reference, consistent=True), 1)
        if made is None or made.command != entry.command:
            raise


def commit(before: C, entry: Entry, same_transaction: Sequence[Write] = ()) -> C:
    """Apply one command to a referral and return its new state.

    Raises Conflict when the referral changed since ``before`` was read, unless the change is this
    very command (a lost reply); Refused when a row of ``same_transaction`` said no.
    """
    entry = entry.model_copy(update={"version": before.version + 1})
    after = apply(before, entry.changes).model_copy(
        update={
            "version": entry.version,
            "command": entry.command,
            "pending_entry": None,
            "failing": None,
        }
    )
    tells = case_types.type_of(before).tells
    effects = case_types.with_texts(after, tells(before, after, entry))
    entry = entry.model_copy(update={"effects": effects})
    pending = _pending(entry)
    rides = size(pending) <= ENTRY_BYTES
    own: list[Write] = [_update(before, after, entry, pending if rides else None)]
    if not rides:
        own.append(_log_entry(before.reference, _alone(entry)))
    try:
        riding = _riding(before)
        if riding is not None:
            # It is there already if another command came so far.
            dynamodb.write(_log_entry(before.reference, riding))
        if same_transaction or not rides:
            _transact([*own, *same_transaction], own=len(own))
        elif not dynamodb.write(own[0]):
            raise Conflict(before.reference)
    except Conflict:
        fresh = load(before.reference, type(before), consistent=True)
        if any(e.command == entry.command for e in log(fresh, before.version)):
            return fresh
        raise
    return after.model_copy(update={"pending_entry": pending}) if rides else after


def change(
    reference: str,
    decide: Callable[[C], Command | None],
    known: C | None = None,
    press: str = "",
) -> C:
    """Load, decide, commit; decide again on a conflict. ``decide`` may return None: no change.

    The first read is eventually consistent, or a state that the caller has ``known`` for a moment: a
    stale one fails its version check and is read again. ``press``: the id of the press that the
    command comes from, if a person pressed: recorded before, however long ago, it changes nothing.
    Raises AlreadyDone when the same form was sent before with something else typed into it, and
    TryAgain when others keep winning.
    """
    # A room decides on cases of its own type; their references come from nowhere else.
    state = known if known is not None else cast("C", load(reference))
    for attempt in range(dynamodb.TRIES):
        if press and recorded(state, press):
            return state
        decision = decide(state)
        if decision is None:
            if attempt:
                return state
            # A refusal must not rest on a stale read.
            state = cast("C", load(reference, consistent=True))
            decision = None if press and recorded(state, press) else decide(state)
            if decision is None:
                return state
        try:
            return commit(state, *decision)
        except Conflict:
            time.sleep(random.uniform(0.005, 0.03 * 2**attempt))
            state = cast("C", load(reference, consistent=True))
    raise TryAgain("changed by others")


def recorded(state: Case, press: str) -> bool:
    """Whether the log has this very press, whatever came of it since.

    A press on a page that shows the newest version is new for certain; otherwise what came after that
    page is looked through. Raises AlreadyDone for another press of the same form.
    """
    shown = version_shown(press)
    if shown == state.version:
        return False
    made = next((e.command for e in log(state, shown) if same_form(press, e.command)), None)
    if made not in (None, press):
        raise AlreadyDone(state.reference)
    return made == press


def nothing_entered_since(state: Case, n: int, press: str) -> None:
    """Raise RecordedMeanwhile if somebody recorded something for task ``n`` since the pressed form was
    shown, also when it does not count anymore."""
    shown = version_shown(press)
    if shown in (0, state.version):
        return
    if any(enters(entry, n) for entry in log(state, shown)):
        raise RecordedMeanwhile(state.reference)


def attach_token(state: Case, mark: str) -> bool:
    """Give the open task the mark of the token that a run now waits with. False if the task is over.

    The token is no part of the story: it adds no entry and no version.
    """
    task = state.task
    if task is None:
        return False
    attached = update(keys.state(state.reference)).set_at(("task", "token"), mark)
    same = field(("task", "number")).equals(task.number) & field("generation").equals(
        state.generation
    )
    return dynamodb.write(attached.only_if(same))


def note_failing(reference: str, generation: int, step: str, error: str, at: int) -> None:
    """Write beside the state that a step failed while nobody is asked: no entry, and no version. The
    next command takes it away."""
    state = load(reference, consistent=True)
    if state.task is not None or state.generation != generation:
        return
    failing = {"step": step, "error": error, "at": at, "version": state.version}
    noted = update(keys.state(reference)).set(failing=failing, waits=indexes.standing_still(at))
    dynamodb.write(noted.only_if(field("version").equals(state.version)))


def rearm(state: Case, swept: int, wake_at: int | None, still: int = 0) -> None:
    """Record what the clock made sure of and when it must look again (None: never). ``still``: since when
    nobody is asked though somebody should be, which the list then says."""
    done = update(keys.state(state.reference)).set(swept=swept).remove(LEAVES)
    if still:
        done = done.set(waits=indexes.standing_still(still))
    elif state.task is None:
        done = done.remove("waits")
    if wake_at is None:
        done = done.remove("wake_at", "wpk")
    else:
        done = done.set(wake_at=wake_at, wpk=keys.wakes_in(state.priority))
    # Refused, a newer command stands there, and keeps its own wake-up.
    dynamodb.write(done.only_if(field("version").equals(state.version)))


def _pending(entry: Entry) -> Item:
    """An entry as it rides: only the names of its changed fields, the row holds the values."""
    return entry.model_dump(exclude_defaults=True) | {
        "version": entry.version,
        "changes": list(entry.changes),
    }


def _row(state: Case) -> Item:
    row = state.model_dump(exclude_defaults=True)
    row.pop("reference", None)
    row.pop("main_task", None)
    if case_types.named("").model is not type(state):
        row["case_type"] = state.case_type
    return row | {"version": state.version, "generation": state.generation, "stage": state.stage}


def _update(before: Case, after: Case, entry: Entry, pending: Item | None) -> Update:
    """The state row's conditional update. ``pending``: the entry, if it rides."""
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
    if pending is not None and entry.effects:
        sets[LEAVES] = True
    else:
        gone.append(LEAVES)
    _set_board(before, after, sets, gone)
    conditions = [field("version").equals(before.version), *_same_token(before)]
    looks = _next_look(before, after, entry)
    if looks:
        sets |= looks
    else:
        # The clock may look at this very moment, and move on the wake-up that is relied on here.
        conditions.append(field("wake_at").equals(before.wake_at))
    return update(keys.state(before.reference)).set(sets).remove(*gone).only_if(*conditions)


def _next_look(before: Case, after: Case, entry: Entry) -> Item:
    """When the clock looks again after a command; empty where the wake-up that stands is soon enough.

    To move a wake-up costs two units of its index: a command with effects only moves it nearer, and
    the clock moves it on when they left. Without any, the next look is the task's own. What the clock
    itself does, when it is in time, stays due: the next look is a minute away.
    """
    own, wpk = indexes.next_instant(after), keys.wakes_in(after.priority)
    if own is not None and not entry.effects and before.swept == before.version:
        return {"swept": after.version, "wpk": wpk, "wake_at": own}
    wanted = min(i for i in (entry.at + SWEEP_AFTER, own) if i is not None)
    # One that is over is what this command answers to, or the clock is late for it: then what has
    # waited as long comes first.
    over_since = entry.at - IN_TIME if entry.actor == CLOCK else entry.at
    if before.wake_at is not None and over_since < before.wake_at <= wanted:
        return {}
    return {"wpk": wpk, "wake_at": wanted}


def _set_board(before: Case, after: Case, sets: Item, gone: list[str]) -> None:
    """Add to ``sets`` and ``gone`` what the console's list and queue show otherwise after the change.

    Whose turn it is, the list learns when somebody is asked; an entry of the queue goes with its task.
    """
    old, new = (indexes.queued(one.reference, one.task, one.pause) for one in (before, after))
    if old != new:
        sets |= new
        gone += [name for name in old if name not in new]
    shown = indexes.listed(after) == indexes.partition("open", after.case_type)
    changed = before.task != after.task or before.pause != after.pause
    if after.task is not None and changed and shown:
        sets["waits"] = indexes.waits(after)
    if before.open != after.open:
        # How it ended stands on the board; while it is open, who it waits for says more than a status.
        sets |= indexes.on_board(after)
        if after.open:  # reopened
            gone.append("ended")
        gone.append("waits")
    elif indexes.listed(before) != indexes.listed(after):
        sets |= indexes.on_board(after)
        if after.task is None:
            gone.append("waits")


def _same_token(before: Case) -> list[Condition]:
    """A run may have attached a newer token meanwhile; the answer must go to that one."""
    if before.task is None:
        return []
    token = field(("task", "token"))
    return [token.equals(before.task.token) if before.task.token else token.absent()]


def _alone(entry: Entry) -> Item:
    """The row of an entry that does not ride in the state row, so this row tells the stream."""
    row = entry.model_dump(exclude_defaults=True) | {"version": entry.version, "alone": True}
    if row.get("changes", {}).get("task"):
        row["changes"]["task"].pop("token", None)
    return row


def _log_entry(reference: str, row: Item) -> Write:
    return writes.create(keys.log_entry(reference, row["version"]), row)


def _transact(members: list[Write], own: int) -> None:
    """Write all members or none. The first ``own`` are the referral's; the rest may refuse."""
    try:
        dynamodb.transact(members)
    except ConditionFailed as failed:
        first = min(failed.members)
        raise (Refused(first - own) if first >= own else Conflict("version")) from failed
