"""The targeted support of a request: its provider is led to a seat, as a case beside the request.

The request names this room by a name in ``rooms.py``, and knows nothing of seats.
"""

from __future__ import annotations

import contextlib

from chalicelib.aws import dynamodb
from chalicelib.aws.now import now
from chalicelib.aws.writes import Key, create
from chalicelib.domain.ids import new_reference
from chalicelib.services.communities.model import Seat
from chalicelib.services.communities.opening import open_seat
from chalicelib.workflow.cases import Case, Contact
from chalicelib.workflow.effects import TellRoom
from chalicelib.workflow.storage import keys, store


def begin(state: Case, version: int, told: TellRoom) -> None:
    """Open a seat for the provider of a request, once for an entry of it, however often it is told."""
    once = Key(keys.case_pk(state.reference), f"SEAT#{version:06d}")
    if dynamodb.get(once, consistent=True) is not None:
        return
    reference = new_reference()
    contact = state.contact
    new = Seat(
        reference=reference,
        contact=Contact(name=contact.name, email=contact.email, phone=contact.phone, by=contact.by),
        languages=[str(one) for one in told.about["languages"]],
        setting=str(told.about["setting"]),
        county=state.county,
        language=state.language,
        referral=state.reference,
    )
    row = create(once, {"seat": reference})
    with contextlib.suppress(store.Refused):  # somebody told it at the same moment
        open_seat(new, f"of:{state.reference}:{version}", now(), "system", [row])
