"""What is to be said on the phone: the letters that wait for a call, in the person's language.

The words are the letter's own. One that has lost its reason before anybody called is dropped, and of
several that ask the same only the newest is said.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from chalicelib.aws.now import now
from chalicelib.aws.writes import Write
from chalicelib.mail import letter_rows
from chalicelib.mail.letter_rows import LetterRow
from chalicelib.mail.letters import Spoken, spoken
from chalicelib.mail.resend import may_go_again
from chalicelib.mail.send_letter import context, entry_told, still_needed
from chalicelib.workflow.cases import Case, Command, Entry
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.events import TASK_VOID
from chalicelib.workflow.side_tasks import void
from chalicelib.workflow.storage import store


@dataclass(frozen=True)
class Saying:
    """A letter as it is said. ``id`` names its row; ``task`` is the number of the task that it asks to
    answer, 0 where it asks nothing."""

    id: str
    words: Spoken
    task: int


def sayings(view: Case) -> list[Saying]:
    """What is to be said, the oldest first; ``view`` may be what a task beside sees."""
    state = _itself(view)
    return [
        Saying(_id(row), _words(state, entry, effect), effect.task or 0)
        for row, entry, effect in _current(state, letter_rows.of(state.reference, consistent=True))
    ]


def saying(view: Case, task: int) -> Saying | None:
    """What is to be said about a task, if a letter about it waits for a call."""
    return next((one for one in sayings(view) if one.task == task), None)


def said(view: Case, ids: Collection[str], at: int) -> tuple[list[Write], int]:
    """The rows of letters that were said, and of those that nobody has to hear any more; and how many
    are still to be said."""
    state = _itself(view)
    rows = letter_rows.of(state.reference, consistent=True)
    wanted = {_id(row) for row, _entry, _effect in _current(state, rows)}
    writes: list[Write] = []
    for row in rows:
        if row.get("status") != letter_rows.TO_SAY:
            continue
        if _id(row) in ids:
            writes.append(letter_rows.said(row, at))
        elif _id(row) not in wanted:
            writes.append(letter_rows.replaced(row))
    return writes, len(wanted - set(ids))


def dropped(view: Case) -> list[Write]:
    """The rows of all that is to be said, for when nobody can be reached."""
    rows = letter_rows.of(view.reference, consistent=True)
    return [letter_rows.replaced(row) for row in rows if row.get("status") == letter_rows.TO_SAY]


def settle(reference: str, actor: str) -> None:
    """End the open call task, if nothing is left to say in it. Raises TryAgain."""
    at = now()

    def decide(state: Case) -> Command | None:
        n = state.contact.call
        if n not in state.side_tasks or sayings(state):
            return None
        changes, rows = void(state, n, at, actor)
        entry = Entry(
            event=TASK_VOID, at=at, actor=actor, command=f"said:{n}", changes=changes,
            payload={"task": n},
        )  # fmt: skip
        return entry, [*rows, *dropped(state)]

    store.change(reference, decide)


def _itself(view: Case) -> Case:
    """The case as it is, whichever of its tasks looks at it."""
    if view.task is None or view.task.number not in view.side_tasks:
        return view
    return view.model_copy(update={"task": view.main_task, "main_task": None})


def _current(state: Case, rows: Sequence[LetterRow]) -> list[tuple[LetterRow, Entry, SendLetter]]:
    """The letters that wait for a call and are still so, with the entry that each speaks of."""
    waiting = [row for row in rows if row.get("status") == letter_rows.TO_SAY]
    if not waiting:
        return []
    log = store.log(state)
    found: dict[str, tuple[LetterRow, Entry, SendLetter]] = {}
    for row in waiting:
        entry = log[row["v"] - 1]
        effect = entry.effects[row["number"]]
        if not isinstance(effect, SendLetter) or not still_needed(state, entry, effect):
            continue
        if may_go_again(state, log, effect, row["v"]):
            again = row["v"] if effect.of is None else effect.of
            about = f"{effect.letter} {again}" if effect.task is None else f"task {effect.task}"
            found[about] = row, entry_told(state, entry, effect), effect
    return list(found.values())


def _words(state: Case, entry: Entry, effect: SendLetter) -> Spoken:
    lang = state.language
    return spoken(effect.letter, lang, **context(state, entry, effect, lang))


def _id(row: LetterRow) -> str:
    return f"{row['v']}.{row['number']}"
