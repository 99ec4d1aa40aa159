"""The command that flags a safety concern."""

from __future__ import annotations

from chalicelib.referral.events import SAFETY_FLAGGED, ReferralPayload
from chalicelib.referral.safety_flag import raised
from chalicelib.web.forms import Values
from chalicelib.workflow.cases import Case, Command, Entry
from chalicelib.workflow.storage import store


def flag(reference: str, values: Values, role: str, command: str, at: int) -> Case:
    """Flag a concern, open or ended as the case is; a second press changes nothing.

    The log has the role and never who. Raises NotFound and TryAgain.
    """
    protocol, completed = str(values["protocol"]), str(values["completed"])

    def decide(state: Case) -> Command | None:
        begun = raised(state, protocol, completed, role, at)
        entry = Entry(
            event=SAFETY_FLAGGED,
            at=at,
            actor=role,
            command=command,
            changes=begun.changes,
            payload=ReferralPayload(protocol=protocol, completed=completed, task=begun.number)
            | begun.payload,
            effects=begun.effects,
        )
        return entry, begun.same_transaction

    return store.change(reference, decide, press=command)
