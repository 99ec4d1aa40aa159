"""A letter that cannot be mailed becomes something to say: the one open call task of its case gathers it.

The letter's row and the task are one command, so that no letter is ever left without a call.
"""

from __future__ import annotations

from chalicelib.aws.attribute_values import Item
from chalicelib.aws.now import now
from chalicelib.mail import letter_rows
from chalicelib.mail.bad_addresses import repairer
from chalicelib.workflow.case_types import applicant_of, called, type_of
from chalicelib.workflow.cases import Case, Changes, Command, Entry, Payload
from chalicelib.workflow.effects import Effect
from chalicelib.workflow.events import of_task
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.side_tasks import begin, open_rows
from chalicelib.workflow.storage import store


def is_called(state: Case, to: str) -> bool:
    """Whether letters to ``to`` are said on the phone."""
    return called(state, to) and bool(_call_task(state, to))


def call_of(state: Case, to: str) -> int:
    """The number of the open task to call somebody; 0 for none."""
    if to == applicant_of(state):
        return state.contact.call if state.contact.call in state.side_tasks else 0
    kind = _call_task(state, to)
    theirs = (row for row in open_rows(state) if row.kind == kind and row.about.get("to") == to)
    return next((row.number for row in theirs if not row.over), 0)


def _call_task(state: Case, to: str) -> str:
    own = type_of(state)
    return own.call_task if to == applicant_of(state) else own.person_call_task


def gather(reference: str, v: int, number: int, letter: Item) -> str:
    """Let the letter of effect ``number`` of entry ``v`` be said; the status that its row has then.

    ``letter``: what its row tells of it. Raises TryAgain.
    """

    def decide(state: Case) -> Command | None:
        row = letter_rows.find(reference, v, number, consistent=True)
        if row is not None and row.get("status") not in letter_rows.NOT_LEFT:
            return None
        return _gathered(state, v, number, letter)

    store.change(reference, decide)
    return letter_rows.TO_SAY


def _gathered(state: Case, v: int, number: int, letter: Item) -> Command:
    to, at = str(letter["to"]), now()
    kind = kind_of(_call_task(state, to))
    also = [letter_rows.to_say(state.reference, v, number, letter)]
    changes, effects = Changes(), list[Effect]()
    told = Payload(letter=str(letter["letter"]))
    if gathers := call_of(state, to) > 0:
        told["verdict"] = "more"
    else:
        who, own = repairer(state, to), to == applicant_of(state)
        begun = begin(state, kind, who, at, None if own else {"to": to})
        changes = begun.changes
        if own:
            contact = state.contact.model_copy(update={"call": begun.number})
            changes = changes | Changes(contact=contact)
        effects, told["asked"] = list(begun.effects), who
        told |= begun.payload
        also += begun.same_transaction
    entry = Entry(
        event=of_task(kind.name, "noted" if gathers else "asked"),
        at=at,
        actor="system",
        command=f"say:{v}.{number}",
        changes=changes,
        payload=told,
        effects=effects,
    )
    return entry, also
