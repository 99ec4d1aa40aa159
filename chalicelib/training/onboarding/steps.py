"""The steps of an onboarding's machine. Each asks what the case has not been told yet: a run may begin again
at any time."""

from __future__ import annotations

from chalicelib.training.onboarding import model
from chalicelib.training.onboarding.model import Onboarding, OnboardingChanges
from chalicelib.training.onboarding.tasks import AGREEMENT, FACTS, SIGNED, TOLD
from chalicelib.workflow.kinds import Opening
from chalicelib.workflow.steps import ask, stage


@ask(AGREEMENT)
def ask_onboarding_agreement(state: Onboarding, now: int) -> Opening:
    """Unless it is signed."""
    if state.signed:
        return Opening(verdict=SIGNED)
    return Opening(changes=OnboardingChanges(status=model.AGREEMENT))


@ask(FACTS)
def ask_onboarding_facts(state: Onboarding, now: int) -> Opening:
    """Unless they have said it, and nobody asks once more."""
    if state.status == model.APPROVAL:
        return Opening(verdict=TOLD)
    return Opening(changes=OnboardingChanges(status=model.FACTS))


lambda_handler = stage(__name__)
