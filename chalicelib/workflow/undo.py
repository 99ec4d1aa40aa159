"""Take an answer back, or correct an entry of a task that takes many.

Taken back (for ten minutes, or until the next person has acted), the referral stands again as it
stood before the answer, one run generation on, and the same task under the same link is open. A
correction is decided on the case without the entry, and stands in its place. Nothing of the log is
removed: the newer entry says which one no longer counts (``cases.valid``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from chalicelib.aws.now import scaled
from chalicelib.aws.writes import Write
from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.plain.values import frozen
from chalicelib.domain.press_ids import same_form, version_shown
from chalicelib.web.forms import Values
from chalicelib.workflow import case_types
from chalicelib.workflow.cases import (
    Case,
    Changes,
    Command,
    Entry,
    Payload,
    Task,
    apply,
    blank,
    enters,
    fold,
    story_of,
    valid,
)
from chalicelib.workflow.effects import Effect, SendLetter, StartRun, letters
from chalicelib.workflow.events import LINK_RENEWED, UNDONE, answered_kind
from chalicelib.workflow.kinds import Kind, Outcome, kind_of
from chalicelib.workflow.reconciler.restarts import machine_of, stops
from chalicelib.workflow.storage import side_task_rows, store
from chalicelib.workflow.tasks import answered

SECONDS = 600
# What an answer taken back does not touch: runs and tasks are counted on, a mended address stays.
STAYS = frozenset({"generation", "tasks", "contact", "side_tasks", "task"})
# What may happen after an answer and leave it as it is: steps of the run, and links mailed anew.
NOBODY = ("system",)
HARMLESS = (LINK_RENEWED,)


@frozen
class Taking:
    """An answer that can be taken back until ``until`` (UTC seconds)."""

    answer: Entry
    kind: Kind
    until: int


def taking(
    state: Case, n: int, actor: str, at: int, entries: Sequence[Entry] = ()
) -> Taking | None:
    """The answer to task ``n`` that ``actor`` may take back now; None when there is none.

    ``entries``: the log, if the caller has read it. It is read only while the newest entry is young.
    """
    newest = store.pending_entry(state)
    if not state.open or (newest is not None and scaled(newest.at, newest.at + SECONDS) <= at):
        return None
    asked = state.task is not None and state.task.number == n
    if asked and newest is not None and not entries and not _answers(newest, n):
        return None  # it waits for its first answer: no need to read the log for that
    answer = _newest_answer(entries or _since_answer(state, newest, n), n)
    if answer is None or answer.actor != actor:
        return None
    kind = kind_of(answered_kind(answer.event))
    until = scaled(answer.at, answer.at + SECONDS)
    return Taking(answer, kind, until) if kind.policy.undo and at < until else None


def _since_answer(state: Case, newest: Entry | None, n: int) -> Sequence[Entry]:
    """Enough of the log to find the answer to task ``n``: the newest entry, or all of it."""
    if newest is not None and _answers(newest, n):
        return [newest]
    return store.log(state)


def _newest_answer(entries: Sequence[Entry], n: int) -> Entry | None:
    """The answer to task ``n`` that counts; None for none, and once somebody acted after it."""
    for entry in reversed(valid(entries)):
        if _answers(entry, n):
            return entry
        if entry.actor not in NOBODY and entry.event not in HARMLESS:
            return None
    return None


def _answers(entry: Entry, n: int) -> bool:
    told = entry.payload.get("task") == n and "beside" not in entry.payload
    return told and bool(answered_kind(entry.event))


def take_back(reference: str, n: int, actor: str, at: int, command: str) -> bool:
    """Take the answer to task ``n`` back; False when that is not possible anymore.

    One command: the state before the answer, places as they were then, the next task void,
    and a short letter to everybody whom the answer had sent one. Raises NotFound, TryAgain.
    """

    def decide(state: Case) -> Command | None:
        entries = store.log(state)
        found = taking(state, n, actor, at, entries)
        if found is None:
            return None
        before = fold(type(state), reference, entries[: found.answer.version - 1])
        if before.task is None or before.task.number != n or before.task.expires <= at:
            return None
        return undone(state, before, found, entries, at, command)

    try:
        state = store.change(reference, decide, press=command)
    except store.Refused:
        return False  # the place that it had has been given to somebody else
    return state.command == command


def undone(
    state: Case, before: Case, found: Taking, entries: Sequence[Entry], at: int, command: str
) -> Command:
    """The command that takes an answer back: ``before`` is the state that it found."""
    answer = found.answer
    assert before.task is not None
    changes = _changes_back(state, before)
    task = before.task
    effects: list[Effect] = []
    if state.task is not None and state.task.number == task.number:
        # One entry of a task that takes many: the run has heard nothing of it, and waits on.
        task = _under_its_links(task, state.task)
    else:
        generation = state.generation + 1
        changes["generation"] = generation
        effects = _run_again(state, before, generation)
    changes["task"] = task
    undoing = case_types.Undoing(
        state, before, answer, entries, lambda: found.kind.policy.undo_rows(state), at
    )
    also = list(case_types.type_of(state).undo_rows(undoing))
    # Letters that came back meanwhile are not the answer's doing: somebody still looks.
    sought = {e.payload["fix"] for e in entries[answer.version :] if "fix" in e.payload}
    begun = [one for one in state.side_tasks if one not in {*before.side_tasks, *sought}]
    also += _ends(begun, state, changes, answer.actor, at)
    for to in _told(entries[answer.version - 1 :], answer.actor):
        effects.append(SendLetter(letter="tasks/undone", to=to))
    entry = Entry(
        event=UNDONE,
        at=at,
        actor=answer.actor,
        command=command,
        changes=changes,
        payload={"undoes": answer.version, "task": task.number, "kind": found.kind.name},
        effects=effects,
    )
    return entry, also


def _changes_back(state: Case, before: Case, names: Iterable[str] = ()) -> Changes:
    """What makes the case as it was (in ``names`` only), but for what an answer does not touch."""
    empty, was, now = blank(state), story_of(before), story_of(state)
    back = {
        name: None if was[name] == empty[name] else was[name]
        for name in sorted(set(names or was) - STAYS)
        if was[name] != now[name]
    }
    return cast("Changes", back)


def _under_its_links(task: Task, live: Task) -> Task:
    """The task with the instants of before, under the links and the token that it has now."""
    now = ("token", "link_number", "first_valid_link", "assignee")
    return task.model_copy(update={name: getattr(live, name) for name in now})


def _ends(begun: Sequence[int], state: Case, changes: Changes, actor: str, at: int) -> list[Write]:
    """Rows that end the tasks beside that an answer has ``begun``; ``changes`` learns of it."""
    if begun:
        changes["side_tasks"] = [one for one in state.side_tasks if one not in begun]
    return [side_task_rows.end(state.reference, one, "void", actor, at) for one in begun]


def _run_again(state: Case, before: Case, generation: int) -> list[Effect]:
    machine = machine_of(state) or case_types.parent_of(state)
    replaced = dict.fromkeys((machine, before.stage, state.stage))
    start = StartRun(machine=machine, stage=before.stage, generation=generation)
    return [*stops(state, replaced), start]


def _told(entries: Sequence[Entry], actor: str) -> list[str]:
    """Everybody else to whom the answer, and what followed from it, sent a letter."""
    role, _, who = actor.partition(":")
    own = {actor, f"staff:{who}" if who and role != "consultant" else role}
    sent = [letter.to for entry in entries for letter in letters(entry.effects)]
    return [to for to in dict.fromkeys(sent) if to not in own]


@frozen
class Correcting:
    """The newest entry of an open task that takes many, which can be corrected: the case as it would
    stand without it, and what makes it so."""

    entry: Entry
    kind: Kind
    without: Case
    back: Changes
    rows: Sequence[Write]


def correcting(
    state: Case, n: int, actor: str, at: int, entries: Sequence[Entry] = ()
) -> Correcting | None:
    """The newest entry of task ``n``, if ``actor`` made it and nobody changed since what it changed.

    ``entries``: the whole log, if the caller has read it.
    """
    live = state.task
    if live is None or live.number != n or not kind_of(live.kind).policy.many or not state.open:
        return None
    log = entries or store.log(state)
    entry = next((e for e in reversed(valid(log)) if enters(e, n)), None)
    if entry is None or entry.actor != actor or not _answers(entry, n):
        return None
    return _without(state, live, entry, log, at)


def _without(
    state: Case, live: Task, entry: Entry, log: Sequence[Entry], at: int
) -> Correcting | None:
    """The case without an entry and those that it corrects; None if what they changed was changed since."""
    first = entry
    while corrected := first.payload.get("corrects"):
        first = log[corrected - 1]
    before, after = (_stood(state, log, version) for version in (first.version - 1, entry.version))
    touched = {*first.changes, *entry.changes} - STAYS
    if before.task is None or any(story_of(after)[f] != story_of(state)[f] for f in touched):
        return None
    back = _changes_back(state, before, touched) if touched else Changes()
    if "task" in entry.changes:
        back["task"] = _under_its_links(before.task, live)
    opened = {*(entry.changes.get("side_tasks") or ())} - {*before.side_tasks}
    begun = [one for one in state.side_tasks if one in opened]
    rows = _ends(begun, state, back, entry.actor, at)
    return Correcting(entry, kind_of(live.kind), apply(state, back), back, rows)


def _stood(state: Case, log: Sequence[Entry], version: int) -> Case:
    return fold(type(state), state.reference, log[:version])


def correct(
    reference: str,
    n: int,
    version: int,
    values: Values,
    actor: str,
    command: str,
    at: int,
    told: Payload | None = None,
) -> None:
    """Put an answer in the place of entry ``version``, or of what the same form has made of it since.

    Raises AlreadyDone when that cannot be corrected any more, or this press did it and more came since;
    and as ``workflow.tasks.answer``.
    """

    def decide(state: Case) -> Command | None:
        entries = store.log(state)
        if any(entry.command == command for entry in entries[version_shown(command) :]):
            return None
        found = correcting(state, n, actor, at, entries)
        if found is None:
            return None
        if found.entry.version != version and not same_form(command, found.entry.command):
            return None
        # As of then: what was still to come then may be over by now.
        outcome = found.kind.decide(found.without, values, found.entry.at)
        return _correction(state, found, outcome, actor, command, at, told)

    if store.change(reference, decide).command != command:
        raise AlreadyDone(reference)


def _correction(
    state: Case,
    found: Correcting,
    outcome: Outcome,
    actor: str,
    command: str,
    at: int,
    told: Payload | None,
) -> Command:
    """The command of a correction. What people were told already is not told again."""
    entry = answered(found.without, found.kind, outcome, actor, command, at, told)
    kept = [effect for effect in entry.effects if effect not in outcome.effects]
    effects = [effect for effect in outcome.effects if effect not in found.entry.effects]
    payload: Payload = {**entry.payload, "corrects": found.entry.version}
    changes = found.back | entry.changes
    if task := changes.get("task"):
        ahead = [instant for instant in task.remind if instant > at]
        changes["task"] = task.model_copy(update={"remind": ahead})
    whole = {
        "changes": changes,
        "payload": payload,
        "effects": [*effects, *kept],
    }
    return entry.model_copy(update=whole), [*found.rows, *outcome.same_transaction]
