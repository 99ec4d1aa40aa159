"""The steps of the tiers machine."""

from __future__ import annotations

from chalicelib.directory import emergencies, people
from chalicelib.domain.calendar import pacific_date
from chalicelib.domain.vocabulary import HOME_BASED
from chalicelib.referral import second_review
from chalicelib.referral.events import HANDED_OVER, ReferralPayload
from chalicelib.referral.model import Referral, ReferralChanges
from chalicelib.referral.rows import decision_rows
from chalicelib.referral.rows.request_rows import request_of
from chalicelib.referral.tiers.facts import contacts, group_languages
from chalicelib.referral.tiers.review import FIRST, REVIEW
from chalicelib.referral.tiers.rules import Facts, propose
from chalicelib.referral.tiers.tasks import TRIAGE
from chalicelib.referral.tiers.urgency import ORDER, said_by_staff
from chalicelib.workflow.effects import Effect, SendLetter, TellRoom
from chalicelib.workflow.kinds import Opening
from chalicelib.workflow.steps import Decision, ask, stage, step


@ask(TRIAGE)
def ask_triage(state: Referral, now: int) -> Opening:
    """Propose a tier with reasons and ask the specialist to confirm or change it."""
    request = request_of(state)
    emergency = emergencies.of_place(state.county, request.zip or "", now)
    facts = Facts(
        declared_emergency=bool(emergency or state.incident),
        contacts_in_90_days=contacts(state, now),
    )
    proposal = propose(request, facts, today=pacific_date(now))
    changes = ReferralChanges(status="in_triage", tier=proposal.tier or "")
    if proposal.priority:
        changes["priority"] = max(proposal.priority, said_by_staff(state), key=ORDER.index)
    data = ReferralPayload(rule=proposal.rule, rules=proposal.rule_version)
    if emergency is not None:
        data["emergency"] = emergency.id
        changes["incident"] = state.incident or emergency.id
    return Opening(
        assignee=people.still(state.specialist, "specialist", state.county),
        changes=changes,
        payload=data,
        write_first=[decision_rows.row(state.reference, "tiers", proposal.as_dict())],
    )


@ask(REVIEW)
def ask_tier_review(state: Referral, now: int) -> Opening:
    """Somebody else looks at a decision that differs from the proposal."""
    return second_review.opening(state, FIRST)


@step("hand_over", stage="tiers", says=("universal", "targeted"))
def hand_over(state: Referral, now: int) -> Decision:
    """The lighter support begins, with the letter that says where and how to get it.

    The request stays open until we asked whether it helped.
    """
    data = ReferralPayload(tier=state.tier)
    letter, more = f"tiers/{state.tier}", list[Effect]()
    if state.tier == "targeted" and state.setting in HOME_BASED:
        spoken = group_languages(request_of(state))
        about = {"setting": state.setting, "languages": spoken}
        if spoken:
            more = [TellRoom(room="targeted_support", about=about)]
        else:
            letter = "tiers/no_group"
    effects = [SendLetter(letter=letter, to="provider"), *more]
    return Decision(state.tier, HANDED_OVER, {"status": "in_service"}, data, effects)


lambda_handler = stage(__name__)
