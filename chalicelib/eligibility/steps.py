"""The steps of the eligibility machine."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.aws import decisions
from chalicelib.aws.requests import answers
from chalicelib.aws.sites import local_program, other_requests
from chalicelib.eligibility.rules import Facts, decide
from chalicelib.eligibility.tasks import CONFIRMATION, REVIEW
from chalicelib.kit import second
from chalicelib.kit.steps import Decision, ask, step
from chalicelib.kit.tasks import Opening
from chalicelib.referral.calendar import pacific_date
from chalicelib.referral.model import Referral

bp = Blueprint(__name__)


@bp.lambda_function(name="decide_eligibility")
@step("decide_eligibility", stage="eligibility")
def decide_eligibility(state: Referral, now: int) -> Decision:
    """Decide E1-E9. Eligible goes on; any other result waits for a person (C1, C2)."""
    request = answers(state.reference)
    known = other_requests(request, state.reference)
    others = known.open
    facts = Facts(local_program=local_program(state.county), same_request=bool(others))
    found = decide(request, facts, pacific_date(now))
    eligible = not found.needs_confirmation
    changes = {"status": "in_triage"} if eligible else {}
    if known.previous and not state.previous and request.same_consultant != "no":
        changes["previous"] = (
            known.previous
        )  # is offered it first, unless the provider says no (E4)
    if "virtual_only" in found.flags:
        changes["modality"] = "virtual"
    return Decision(
        verdict="eligible" if eligible else "confirm",
        type="eligibility_decided",
        changes=changes,
        data={"result": found.result, "rules": found.rule_version, "others": others},
        ahead=[decisions.row(state.reference, "eligibility", found.as_dict())],
    )


@bp.lambda_function(name="ask_eligibility_confirmation")
@ask(CONFIRMATION)
def ask_eligibility_confirmation(state: Referral, now: int) -> Opening:
    """A negative result is only a proposal until a specialist has looked at it."""
    return Opening(who=state.specialist)


@bp.lambda_function(name="ask_eligibility_review")
@ask(REVIEW)
def ask_eligibility_review(state: Referral, now: int) -> Opening:
    """A request that goes on against the rules needs somebody else's yes (C3)."""
    return second.opening(state, CONFIRMATION.name)
