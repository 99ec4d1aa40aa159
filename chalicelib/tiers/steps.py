"""The steps of the tiers machine and of the check-in machine."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib.aws import decisions, emergencies
from chalicelib.aws.requests import answers
from chalicelib.kit import second
from chalicelib.kit.now import scaled
from chalicelib.kit.steps import Decision, ask, step
from chalicelib.kit.tasks import Opening
from chalicelib.referral import clocks
from chalicelib.referral.calendar import pacific_date
from chalicelib.referral.clocks import Deadlines
from chalicelib.referral.model import Referral
from chalicelib.tiers.check_in import CALL_BACK, CHECK_IN, REST, over
from chalicelib.tiers.facts import contacts
from chalicelib.tiers.review import FIRST, REVIEW
from chalicelib.tiers.rules import Facts, propose
from chalicelib.tiers.tasks import TRIAGE
from chalicelib.tiers.urgency import ORDER, said_by_staff

bp = Blueprint(__name__)


@bp.lambda_function(name="ask_triage")
@ask(TRIAGE)
def ask_triage(state: Referral, now: int) -> Opening:
    """Propose a tier with reasons (T0-T10) and ask the specialist to confirm or change it."""
    emergency = emergencies.of_county(state.county, now)
    facts = Facts(
        declared_emergency=emergency is not None, contacts_in_90_days=contacts(state, now)
    )
    proposal = propose(answers(state.reference), facts, today=pacific_date(now))
    changes: dict[str, Any] = {"status": "in_triage", "tier": proposal.tier or ""}
    if proposal.priority:
        changes["priority"] = max(proposal.priority, said_by_staff(state), key=ORDER.index)
    data = {"rule": proposal.rule, "rules": proposal.rule_version}
    if emergency is not None:
        data["emergency"] = emergency.id  # the request belongs to that event (J1)
    return Opening(
        who=state.specialist,
        changes=changes,
        data=data,
        ahead=[decisions.row(state.reference, "tiers", proposal.as_dict())],
    )


@bp.lambda_function(name="ask_tier_review")
@ask(REVIEW)
def ask_tier_review(state: Referral, now: int) -> Opening:
    """Somebody else looks at a decision that differs from the proposal (C3)."""
    return second.opening(state, FIRST)


@bp.lambda_function(name="hand_over")
@step("hand_over", stage="tiers")
def hand_over(state: Referral, now: int) -> Decision:
    """The lighter support begins, with the letter that says where and how to get it.

    The request stays open until we asked whether it helped.
    """
    mail = {"do": "mail", "letter": f"tiers/{state.tier}", "to": "provider"}
    data = {"tier": state.tier}
    return Decision(state.tier, "handed_over", {"status": "in_service"}, data, [mail])


@bp.lambda_function(name="ask_check_in_rest")
@ask(REST)
def ask_check_in_rest(state: Referral, now: int) -> Opening:
    """Rest for two weeks from the support, or from the end that sent them elsewhere (C4)."""
    if over(state):
        return Opening(verdict=state.status)
    since = now if state.closed is None else state.closed
    until = scaled(since, clocks.due("hand_off_check", state.priority, since))
    if until <= now:
        return Opening(verdict="due")
    return Opening(limits=Deadlines(due=until, remind=(), escalate=until, expires=until))


@bp.lambda_function(name="ask_check_in")
@ask(CHECK_IN)
def ask_check_in(state: Referral, now: int) -> Opening:
    """Ask the provider whether it helped, unless the request ended meanwhile."""
    return Opening(verdict=state.status) if over(state) else Opening()


@bp.lambda_function(name="ask_call_back")
@ask(CALL_BACK)
def ask_call_back(state: Referral, now: int) -> Opening:
    """The provider found no help and wants a call."""
    return Opening(who=state.specialist)
