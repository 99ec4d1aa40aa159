"""A task beside the lifecycle whose row is gone: the same is asked again, under its own number.

The case knows the numbers of its open tasks; who was asked what stands in the log.
"""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.workflow.attention import open_attention_task
from chalicelib.workflow.case_types import recipient
from chalicelib.workflow.cases import Case, Changes, Entry
from chalicelib.workflow.effects import letters
from chalicelib.workflow.kinds import Kind, every_kind
from chalicelib.workflow.reconciler.findings import Repair
from chalicelib.workflow.side_tasks import Beginning, begin
from chalicelib.workflow.storage import keys, side_task_rows, store

FINDING = "lost_task"


def missing(states: Iterable[Case]) -> set[str]:
    """The references of cases of which the row of an open task beside is not to be found, many a call.

    A replica may be late: nothing may be decided from it.
    """
    wanted = {keys.task(state.reference, n) for state in states for n in state.side_tasks}
    found = {keys.key_of(row) for row in dynamodb.batch_get(sorted(wanted))}
    return {keys.reference_of(key.pk) for key in wanted - found}


def lost(state: Case) -> list[int]:
    """The numbers of its open tasks beside whose rows are gone."""
    return [n for n in state.side_tasks if side_task_rows.get(state.reference, n) is None]


def asked_again(state: Case, n: int, at: int) -> tuple[Repair, Beginning]:
    """The task once more, of the same person; the coordinator's instead, where the log does not say
    what it was."""
    asked = _asked(state, n, store.log(state))
    if asked is None:
        begun = open_attention_task(state, at, {"what": "lost", "finding": FINDING})
        left = [one for one in begun.changes.get("side_tasks") or [] if one != n]
        changes: Changes = {**begun.changes, "side_tasks": left}
        return "handed", Beginning(begun.number, changes, begun.effects, begun.same_transaction)
    kind, who, about = asked
    begun = begin(state, kind, who, at, about, n=n)
    return "asked_again", Beginning(n, {}, begun.effects, begun.same_transaction)


def _asked(state: Case, n: int, entries: Iterable[Entry]) -> tuple[Kind, str, Item] | None:
    """Kind, assignee and matter of task ``n``: by its letters, and the entry that it began with."""
    by_letter = {kind.letter: kind for kind in every_kind().values() if kind.letter}
    about: Item = {}
    found: tuple[Kind, str] | None = None
    for entry in entries:
        for letter in letters(entry.effects):
            if letter.task == n and letter.letter in by_letter:
                if found is None:
                    about = entry.payload.get("about") or {}
                found = by_letter[letter.letter], letter.to
    if found is None:
        return None
    kind, to = found
    who = to.partition(":")[2]
    return kind, who if recipient(state, kind.role, who) == to else to, about
