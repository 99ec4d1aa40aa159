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
from chalicelib.mail.addressees import address
from chalicelib.mail.letter_rows import LetterRow
from chalicelib.mail.letters import Spoken, spoken
from chalicelib.mail.phone.gathering import call_of
from chalicelib.mail.resend import may_go_again
from chalicelib.mail.send_letter import context, entry_told, still_needed
from chalicelib.workflow.case_types import applicant_of
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


def sayings(view: Case, to: str = "") -> list[Saying]:
    """What is to be said to the applicant, or ``to`` somebody in the directory, the oldest first; ``view`` may be
    what a task beside sees."""
    state = _itself(view)
    return [
        Saying(_id(row), _words(state, entry, effect), effect.task or 0)
        for row, entry, effect in _current(state, _rows(state, to))
    ]


def saying(view: Case, task: int, to: str = "") -> Saying | None:
    """What is to be said about a task, if a letter about it waits for a call."""
    return next((one for one in sayings(view, to) if one.task == task), None)


def said(view: Case, ids: Collection[str], at: int, to: str = "") -> tuple[list[Write], int]:
    """The rows of letters that were said, and of those that nobody has to hear any more; and how many
    are still to be said."""
    state = _itself(view)
    rows = _rows(state, to)
    wanted = {_id(row) for row, _entry, _effect in _current(state, rows)}
    writes: list[Write] = []
    for row in rows:
        if _id(row) in ids:
            writes.append(letter_rows.said(row, at))
        elif _id(row) not in wanted:
            writes.append(letter_rows.replaced(row))
    return writes, len(wanted - set(ids))


def dropped(view: Case, to: str = "") -> list[Write]:
    """The rows of all that is to be said, for when nobody can be reached."""
    return [letter_rows.replaced(row) for row in _rows(view, to)]


def settle(reference: str, actor: str, to: str = "") -> None:
    """End the open call task, if nothing is left to say in it. Raises TryAgain."""
    at = now()

    def decide(state: Case) -> Command | None:
        n = call_of(state, to or applicant_of(state))
        if not n or sayings(state, to):
            return None
        changes, rows = void(state, n, at, actor)
        entry = Entry(
            event=TASK_VOID, at=at, actor=actor, command=f"said:{n}", changes=changes,
            payload={"task": n},
        )  # fmt: skip
        return entry, [*rows, *dropped(state, to)]

    store.change(reference, decide)


def _itself(view: Case) -> Case:
    """The case as it is, whichever of its tasks looks at it."""
    if view.task is None or view.task.number not in view.side_tasks:
        return view
    return view.model_copy(update={"task": view.main_task, "main_task": None})


def _rows(state: Case, to: str) -> list[LetterRow]:
    """The letters to somebody that wait for a call."""
    who = to or applicant_of(state)
    rows = letter_rows.of(state.reference, consistent=True)
    return [r for r in rows if r.get("status") == letter_rows.TO_SAY and r.get("to") == who]


def _current(
    state: Case, waiting: Sequence[LetterRow]
) -> list[tuple[LetterRow, Entry, SendLetter]]:
    """Those that are still so, with the entry that each speaks of."""
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
    lang = address(state, effect.to)["language"]
    return spoken(effect.letter, lang, **context(state, entry, effect, lang))


def _id(row: LetterRow) -> str:
    return f"{row['v']}.{row['number']}"
