"""Texts to the person of a case end, or begin again: the way to reach them changes, by an ordinary command.

What they were asked by text alone is asked again, so that a call is on its way before the old text is
forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from chalicelib.domain import addresses
from chalicelib.domain.errors import NotFound
from chalicelib.workflow.case_types import applicant_of, type_of
from chalicelib.workflow.cases import Case, Changes, Command, Contact, Entry, Payload
from chalicelib.workflow.effects import TEXT, SendLetter
from chalicelib.workflow.events import TEXTS_BEGAN, TEXTS_ENDED
from chalicelib.workflow.kinds import kind_of, letter_of
from chalicelib.workflow.side_tasks import asked_by
from chalicelib.workflow.storage import store

STOPPED: Final = "stopped"
REFUSED: Final = "refused"
LOST: Final = "lost"
CHOSEN: Final = "chosen"
WELCOME: Final = "mail/texts_begin"
NOT_THERE: Final = "mail/texts_lost"


def end(reference: str, at: int, why: str) -> None:
    """No more texts about a case; who has no email is called from now on. Idempotent. Raises TryAgain."""

    def decide(state: Case) -> Command | None:
        if not state.contact.texted:
            return None
        contact = state.contact.model_copy(
            update={"by": "email" if state.contact.email else "phone"}
        )
        asked = _told(state, why) if state.contact.email else _asked(state)
        return changed(state, contact, at, why, asked)

    _change(reference, decide)


def begin(reference: str, number: str, at: int) -> None:
    """Texts again about a case, if its person still has this ``number`` (E.164). Idempotent. Raises TryAgain."""

    def decide(state: Case) -> Command | None:
        if state.contact.texted or not _same(state.contact, number):
            return None
        return changed(state, state.contact.model_copy(update={"by": "text"}), at, "", [])

    _change(reference, decide)


def welcome(state: Case) -> SendLetter:
    """The first text, which says who writes, what it costs, and how to end it."""
    return SendLetter(letter=WELCOME, to=applicant_of(state), channel=TEXT)


def _open(state: Case) -> list[int]:
    """The numbers of the tasks that are open."""
    return [*([state.task.number] if state.task else []), *state.side_tasks]


def _asked(state: Case) -> list[SendLetter]:
    """The letters about what its person is asked now."""
    views = [view for n in _open(state) if (view := asked_by(state, n)) is not None]
    tasks = [view.task for view in views if view.task is not None]
    kinds = [(kind_of(task.kind), task) for task in tasks if task.role == applicant_of(state)]
    return [
        letter_of(kind, state, task.number, task.assignee) for kind, task in kinds if kind.letter
    ]


def _same(contact: Contact, number: str) -> bool:
    return bool(number) and addresses.text_number(contact.phone) == number


def _told(state: Case, why: str) -> list[SendLetter]:
    """A letter to whom no text reaches, so that they can give another number."""
    lost = why in (LOST, REFUSED) and not state.contact.blocked
    return [SendLetter(letter=NOT_THERE, to=applicant_of(state))] if lost else []


def changed(
    state: Case, contact: Contact, at: int, why: str, effects: Sequence[SendLetter]
) -> Command:
    """Texts begin or end, as the new ``contact`` says."""
    entry = Entry(
        event=TEXTS_BEGAN if contact.texted else TEXTS_ENDED,
        at=at,
        actor="system" if why in (REFUSED, LOST) else applicant_of(state),
        command=f"texts:{state.version}",
        changes=Changes(contact=contact),
        payload=Payload(to=applicant_of(state), verdict=why),
        effects=effects,
    )
    return entry, type_of(state).found_again(state, contact, at)


def _change(reference: str, decide: Callable[[Case], Command | None]) -> None:
    # A case that is gone needs no texts; a row that changed meanwhile is told at the next one.
    with suppress(NotFound, store.Refused):
        store.change(reference, decide, store.load(reference, consistent=True))
