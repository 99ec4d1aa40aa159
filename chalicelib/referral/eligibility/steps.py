"""The steps of the eligibility machine."""

from __future__ import annotations

from chalicelib.aws.writes import Write
from chalicelib.directory import programs
from chalicelib.domain.calendar import pacific_date
from chalicelib.referral import information_request, second_review
from chalicelib.referral.eligibility.information import INFORMATION
from chalicelib.referral.eligibility.rules import Facts, decide
from chalicelib.referral.eligibility.tasks import CONFIRMATION, REVIEW
from chalicelib.referral.events import ELIGIBILITY_DECIDED, ELIGIBILITY_WAITS, ReferralPayload
from chalicelib.referral.model import Referral, ReferralChanges
from chalicelib.referral.rows import decision_rows
from chalicelib.referral.rows.request_rows import request_of
from chalicelib.referral.rows.sites import other_requests
from chalicelib.workflow.kinds import Opening
from chalicelib.workflow.steps import Decision, ask, stage, step

ASK = "ask"


@step("decide_eligibility", stage="eligibility", says=("eligible", "confirm", ASK))
def decide_eligibility(state: Referral, now: int) -> Decision:
    """Decide. Eligible goes on; any other result waits for a person."""
    request = request_of(state)
    known = other_requests(request, state.reference)
    others = known.open
    facts = Facts(local_program=programs.serves(state.county), same_request=bool(others))
    found = decide(request, facts, pacific_date(now))
    missing = found.result == "needs_info"
    # What staff wanted to know first is open only in a request that they sent back to this stage.
    asked = information_request.of(state.reference) if missing or state.generation > 1 else {}
    ahead = [decision_rows.row(state.reference, "eligibility", found.as_dict())]
    data = ReferralPayload(result=found.result, rules=found.rule_version, others=list(others))
    if asked.get("open") and asked.get("by") != information_request.RULES:
        return Decision(ASK, ELIGIBILITY_WAITS, payload=data, write_first=ahead)
    if missing:
        return _missing(state.reference, list(found.missing), asked, data, ahead)
    eligible = not found.needs_confirmation
    changes: ReferralChanges = {"status": "in_triage"} if eligible else {}
    if known.previous and not state.previous and request.same_consultant != "no":
        changes["previous"] = known.previous  # is offered it first, unless the provider says no
    if "virtual_only" in found.flags:
        changes["modality"] = "virtual"
    return Decision(
        verdict="eligible" if eligible else "confirm",
        event=ELIGIBILITY_DECIDED,
        changes=changes,
        payload=data,
        write_first=ahead,
    )


def _missing(
    reference: str,
    missing: list[str],
    asked: information_request.Asked,
    data: ReferralPayload,
    ahead: list[Write],
) -> Decision:
    """Facts are missing: the provider is asked once for each; then a specialist decides."""
    before = list(asked.get("answered") or [])
    if set(information_request.askable(missing)) <= set(before):
        return Decision("confirm", ELIGIBILITY_DECIDED, payload=data, write_first=ahead)
    wanted = information_request.put(reference, missing, information_request.RULES, before)
    return Decision(ASK, ELIGIBILITY_DECIDED, payload=data, write_first=[*ahead, wanted])


@ask(INFORMATION)
def ask_information(state: Referral, now: int) -> Opening:
    """Ask the provider for what is missing; the standard's clock stands still meanwhile."""
    fields = information_request.of(state.reference).get("fields") or []
    if not fields:
        return Opening(verdict="expired")  # nothing that could be asked: a specialist decides
    return Opening(
        changes={"status": "information_requested"}, payload=ReferralPayload(fields=fields)
    )


@ask(REVIEW)
def ask_eligibility_review(state: Referral, now: int) -> Opening:
    """A request that goes on against the rules needs somebody else's yes."""
    return second_review.opening(state, CONFIRMATION.name)


lambda_handler = stage(__name__)
