"""Promises the call that somebody is owed about a meeting, and ends one that has lost its reason. The wing
of meetings asks for both by their names in ``rooms.py``."""

from __future__ import annotations

from chalicelib.aws.writes import Write
from chalicelib.domain.errors import NotFound
from chalicelib.services.helpline.events import CALL_MOOT, ContactPayload
from chalicelib.services.helpline.model import MOOT, TELL, PromisedCall
from chalicelib.services.helpline.promises import opened
from chalicelib.workflow.cases import CLOCK, Command, Contact, Entry
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import ending


def promise(
    reference: str, about: str, who: Contact, lang: str, moment: int, at: int, *rows: Write
) -> None:
    """Promise a call at an instant (UTC seconds). Raises store.Refused when one of the ``rows`` says no."""
    call = PromisedCall(
        reference=reference,
        purpose=TELL,
        promised=moment,
        contact=who,
        language=lang,
        about=about,
    )
    opened(call, CLOCK, at, ContactPayload(), rows)


def no_longer(reference: str, at: int) -> None:
    """End a call that is not needed anymore; one that was made, or ended before, is fine."""

    def decide(state: PromisedCall) -> Command | None:
        if not state.open:
            return None
        changes, effects, rows = ending(state, status=MOOT, closure=MOOT, at=at, tell="withdrawn")
        entry = Entry(
            event=CALL_MOOT,
            at=at,
            actor=CLOCK,
            command=f"moot:{reference}",
            changes=changes,
            effects=effects,
        )
        return entry, rows

    try:
        state = store.load(reference, PromisedCall, consistent=True)
    except NotFound:
        return
    store.change(reference, decide, state)
