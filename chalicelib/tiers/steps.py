"""The steps of the tiers machine."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib.aws import decisions
from chalicelib.aws.requests import answers
from chalicelib.kit.steps import Decision, ask, step
from chalicelib.kit.tasks import Opening, ending
from chalicelib.referral.calendar import pacific_date
from chalicelib.referral.model import Referral
from chalicelib.tiers.rules import propose
from chalicelib.tiers.tasks import TRIAGE

bp = Blueprint(__name__)


@bp.lambda_function(name="ask_triage")
@ask(TRIAGE)
def ask_triage(state: Referral, now: int) -> Opening:
    """Propose a tier with reasons (T0-T10) and ask the specialist to confirm or change it."""
    proposal = propose(answers(state.reference), today=pacific_date(now))
    changes: dict[str, Any] = {"status": "in_triage", "tier": proposal.tier or ""}
    if proposal.priority:
        changes["priority"] = proposal.priority
    return Opening(
        who=state.specialist,
        changes=changes,
        data={"rule": proposal.rule, "rules": proposal.rule_version},
        ahead=[decisions.row(state.reference, "tiers", proposal.as_dict())],
    )


@bp.lambda_function(name="hand_over")
@step("hand_over", stage="tiers")
def hand_over(state: Referral, now: int) -> Decision:
    """End in the lighter tier, with the letter that says where and how to get that support."""
    mail = {"do": "mail", "letter": f"tiers/{state.tier}", "to": "provider", "always": True}
    changes, effects, also = ending(
        state,
        status="closed",
        closure="transferred_tier",
        at=now,
        mails=[mail],
    )
    return Decision(state.tier, "handed_over", changes, effects=effects, also=also)
