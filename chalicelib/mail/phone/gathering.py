"""A letter that cannot be mailed becomes something to say: the one open call task of its case gathers it.

The letter's row and the task are one command, so that no letter is ever left without a call.
"""

from __future__ import annotations

from chalicelib.aws.attribute_values import Item
from chalicelib.aws.now import now
from chalicelib.mail import letter_rows
from chalicelib.mail.bad_addresses import repairer
from chalicelib.workflow.case_types import applicant_of, type_of
from chalicelib.workflow.cases import Case, Changes, Command, Entry, Payload
from chalicelib.workflow.effects import Effect
from chalicelib.workflow.events import of_task
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.side_tasks import begin
from chalicelib.workflow.storage import store


def is_called(state: Case, to: str) -> bool:
    """Whether letters to ``to`` are said on the phone."""
    return to == applicant_of(state) and state.contact.called and bool(type_of(state).call_task)


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
    kind, at = kind_of(type_of(state).call_task), now()
    also = [letter_rows.to_say(state.reference, v, number, letter)]
    changes, effects = Changes(), list[Effect]()
    told = Payload(letter=str(letter["letter"]))
    if gathers := state.contact.call in state.side_tasks:
        told["verdict"] = "more"
    else:
        who = repairer(state, applicant_of(state))
        begun = begin(state, kind, who, at)
        contact = state.contact.model_copy(update={"call": begun.number})
        changes = begun.changes | Changes(contact=contact)
        effects, told["asked"] = list(begun.effects), who
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
