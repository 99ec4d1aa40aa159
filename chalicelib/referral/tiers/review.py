"""A second person looks at a tier that was decided against the proposal."""

from __future__ import annotations

from chalicelib.domain import vocabulary
from chalicelib.domain.errors import Invalid
from chalicelib.domain.service_standards import Deadline, business_days
from chalicelib.referral import second_review
from chalicelib.referral.events import ReferralPayload, told_in
from chalicelib.referral.model import Referral
from chalicelib.referral.rows import decision_rows
from chalicelib.referral.rows.request_rows import answers
from chalicelib.referral.tiers.tasks import assigned, facts
from chalicelib.web.forms import Values, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.kinds import TO_REPAIR, Kind, Outcome, TaskPage, TaskWords

FIRST = "triage"


def decide(state: Referral, values: Values, now: int) -> Outcome:
    """Agreed: as the first person wrote. Not agreed: back to them, with the note."""
    entry = second_review.written(state, FIRST)
    if entry is None or (state.task and state.task.assignee in second_review.authors(entry)):
        raise Invalid({"decision": second_review.NOT_YOURSELF})
    first = told_in(entry)
    tier, priority = first["tier"], first["priority"]
    data: ReferralPayload = {
        "from": first.get("by", ""), "note": words(values, "note"), "tier": tier,
        "priority": priority,
    }  # fmt: skip
    if values["decision"] == second_review.REFUSE:
        return second_review.sent_back(state, FIRST, data)
    return assigned(tier, priority, data, entry.reason)


def details(state: Referral) -> TemplateValues:
    """The change and why, beside the proposal and the request."""
    entry = second_review.written(state, FIRST)
    data = told_in(entry) if entry else ReferralPayload()
    chosen = [
        vocabulary.TIERS.get(str(data.get("tier"))),
        vocabulary.PRIORITIES.get(str(data.get("priority"))),
    ]
    override = second_review.details(state, FIRST, vocabulary.OVERRIDE_REASONS)
    return {
        "request": answers(state.reference),
        "proposal": decision_rows.of(state.reference, "tiers"),
        "override": override | {"chosen": [text for text in chosen if text]},
    }


REVIEW = Kind[Referral](
    name="tier_review",
    stage="tiers",
    role="specialist",
    deadline=Deadline("tier_decision", business_days(10)),
    letter="tiers/review",
    words=TaskWords(
        title=N_("Look at a decision that differs from the proposal"),
        aim=N_("We aim to write to you by %(date)s."),
        waiting=N_("Waiting for a second person to agree with a changed decision"),
        short=N_("to agree with a changed decision"),
        then=TO_REPAIR,
        overdue=N_("A second person should look at a changed decision."),
        asked=N_("%(who)s was asked to look at it as a second person."),
        answered={
            "": N_("%(who)s agreed with %(from)s: %(tier)s, %(priority)s."),
            "refused": N_("%(who)s did not agree with %(from)s, who decides again."),
        },
        expired=N_("No second person looked at it in time."),
        provider_answered={
            "intensive": N_("A specialist decided with you: you get consultation."),
            "emergency": N_("A specialist decided with you: you get emergency support."),
            "universal": N_("A specialist decided with you which support you get."),
            "targeted": N_("A specialist decided with you which support you get."),
        },
        said={second_review.REFUSED: second_review.BACK},
    ),
    page=TaskPage(form=second_review.form, facts=facts, details=details, shows_details_first=True),
    decide=decide,
    outcomes=frozenset({*vocabulary.TIERS, second_review.REFUSED, "nobody", "expired"}),
    examples={
        "universal": {"decision": second_review.APPROVE},
        second_review.REFUSED: {
            "decision": second_review.REFUSE,
            "note": "Please call them once more before.",
        },
    },
)
