"""A seat begins: somebody wants to take part in a Community, by themselves or as part of a request."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.aws.writes import Write
from chalicelib.services.communities import met, one_seat
from chalicelib.services.communities.events import OPENED
from chalicelib.services.communities.machines import PARENT
from chalicelib.services.communities.model import (
    PROVIDER,
    STAGE,
    Seat,
    SeatChanges,
    SeatPayload,
)
from chalicelib.workflow.cases import Contact, Entry
from chalicelib.workflow.effects import StartRun
from chalicelib.workflow.storage import store


def open_seat(
    new: Seat,
    command: str,
    at: int,
    actor: str = PROVIDER,
    same_transaction: Sequence[Write] = (),
    informed: bool = False,
) -> None:
    """Write the case of ``new``, whose fields are what was told; its run begins. ``informed``: they have
    been to an Information Session, and register at once.

    Raises Conflict where the reference is taken, Refused where the address has an open seat, or from a
    row of ``same_transaction``.
    """
    address = one_seat.name_of(new.contact.email)
    changes = SeatChanges(
        contact=Contact(**new.contact.model_dump()),
        languages=new.languages,
        setting=new.setting,
        county=new.county,
        language=new.language,
        submitted=at,
    )
    if address:
        changes["address"] = address
    if new.session:
        changes["session"] = new.session
    if informed:
        changes["done"] = {"information_session": "attended"}
    if new.referral:
        changes["referral"] = new.referral
    entry = Entry(
        event=OPENED,
        at=at,
        actor=actor,
        command=command,
        changes=changes,
        payload=SeatPayload(referral=new.referral) if new.referral else SeatPayload(),
        effects=[StartRun(machine=PARENT, stage=STAGE, generation=1)],
    )
    rows = [
        *one_seat.taken(address, new.reference),
        *met.asked_for(new, at),
        *same_transaction,
    ]
    store.create(Seat(reference=new.reference), entry, rows)
