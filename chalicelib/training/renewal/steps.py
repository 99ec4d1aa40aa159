"""The steps of a renewal's machine."""

from __future__ import annotations

from chalicelib.training.renewal import model, rule
from chalicelib.training.renewal.model import Renewal, RenewalChanges
from chalicelib.training.renewal.tasks import OTHER, RENEW_AGREEMENT, RENEW_CREDENTIAL, SENT
from chalicelib.workflow.kinds import Opening
from chalicelib.workflow.steps import ask, stage


@ask(RENEW_AGREEMENT)
def ask_agreement_renewal(state: Renewal, now: int) -> Opening:
    """If it is about the agreement."""
    if state.what != model.AGREEMENT:
        return Opening(verdict=OTHER)
    return Opening(state.consultant, limits=rule.limits(state.ends, now))


@ask(RENEW_CREDENTIAL)
def ask_credential_renewal(state: Renewal, now: int) -> Opening:
    """Unless it was sent, and nobody asks once more."""
    if state.status == model.TO_CHECK:
        return Opening(verdict=SENT)
    changes = RenewalChanges(status=model.ASKED)
    return Opening(state.consultant, changes, limits=rule.limits(state.ends, now))


lambda_handler = stage(__name__)
