"""What becomes of a certificate is told in the case of its training: on the phone where its owner has no email, and
what its own letter does not say to everybody. One that belongs to no training is told to nobody."""

from __future__ import annotations

from typing import Final

from chalicelib.training.certificates.rows import Certificate
from chalicelib.workflow.case_types import applicant_of
from chalicelib.workflow.cases import Case, Command, Entry
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.events import EventName
from chalicelib.workflow.storage import store

TOLD: Final = EventName("certificate_told")
READY, REVOKED, COUNTS = (
    "certificates/ready", "certificates/revoked", "certificates/counts_again",
)  # fmt: skip


def tell(one: Certificate, letter: str, by: str, at: int) -> None:
    """Tell its owner, once for whatever was done at ``at``; that it is ready once at all, and only who gets no link
    to it."""

    def decide(state: Case) -> Command | None:
        if letter == READY and not state.contact.called:
            return None
        mail = SendLetter(letter=letter, to=applicant_of(state), always=True)
        entry = Entry(event=TOLD, at=at, actor=by, command=command, effects=[mail])
        return entry, ()

    command = f"{letter}:{one.id[:8]}:{one.at if letter == READY else at}"
    if one.trainee:
        store.change(one.trainee, decide, press=command)
