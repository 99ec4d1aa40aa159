"""The provider cancels the request, or staff do for them: one command, at any stage."""

from __future__ import annotations

from chalicelib.aws.now import now
from chalicelib.referral.events import WITHDRAWN, ReferralPayload
from chalicelib.referral.model import Referral
from chalicelib.referral.status.acting import THEMSELVES, Acting
from chalicelib.workflow.case_types import working_on
from chalicelib.workflow.cases import Command, Entry
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.tasks import end_case, ending


def withdraw(reference: str, reason: str, command: str, acting: Acting = THEMSELVES) -> Referral:
    """End the referral as withdrawn and return its state; one that has ended stays as it is.

    ``reason`` is an id of words.WITHDRAW_REASONS or empty; ``command`` names this press, so that a
    second one changes nothing. Raises NotFound and TryAgain.
    """
    at = now()

    def decide(state: Referral) -> Command | None:
        if not state.open:
            return None
        return _ended(state, reason, command, at, acting)

    return end_case(reference, decide, command)


def _ended(state: Referral, reason: str, command: str, at: int, acting: Acting) -> Command:
    # Who has no email has just heard it from staff.
    heard = acting.for_caller and state.contact.called
    own = [] if heard else [SendLetter(letter="status/withdrawn", to="provider", always=True)]
    told = [
        SendLetter(letter="status/withdrawn_told", to=one, always=True)
        for one in working_on(state, acting.actor)
    ]
    changes, effects, also = ending(
        state,
        status="withdrawn",
        closure="provider_withdrew",
        at=at,
        tell="withdrawn",
        reason=reason,
        mails=[*own, *told],
    )
    entry = Entry(
        event=WITHDRAWN,
        at=at,
        actor=acting.actor,
        reason=reason,
        command=command,
        changes=changes,
        payload=ReferralPayload(
            stood={"stage": state.stage, "status": state.status, "consultant": state.consultant}
        )
        | acting.told,
        effects=effects,
    )
    return entry, also
