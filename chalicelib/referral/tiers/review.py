"""A second person looks at a tier that was decided against the proposal."""

from __future__ import annotations

from typing import Any

from chalicelib.domain import vocabulary
from chalicelib.domain.errors import Invalid
from chalicelib.referral import decision_rows, second_review
from chalicelib.referral.model import Referral
from chalicelib.referral.request_rows import answers
from chalicelib.web.languages import N_
from chalicelib.workflow.kinds import Fact, Kind, Outcome, TaskPage, TaskWords, Values, register

FIRST = "triage"


def decide(state: Referral, values: Values, now: int) -> Outcome:
    """Agreed: as the first person wrote. Not agreed: back to them, with the note."""
    from chalicelib.referral.tiers.tasks import assigned

    entry = second_review.written(state, FIRST)
    if entry is None or (state.task and state.task.assignee in second_review.authors(entry)):
        raise Invalid({"decision": second_review.NOT_YOURSELF})
    data: dict[str, Any] = {"from": entry.payload.get("by", ""), "note": values.get("note") or ""}
    tier, priority = str(entry.payload["tier"]), str(entry.payload["priority"])
    data |= {"tier": tier, "priority": priority}
    if values["decision"] == second_review.REFUSE:
        return second_review.sent_back(state, FIRST, data)
    return assigned(tier, priority, data, entry.reason)


def expire(state: Referral, now: int) -> Outcome:
    """Nobody looked for weeks: the parent run hands the referral to whoever repairs."""
    return Outcome("expired", final=False)


def facts(state: Referral) -> list[Fact]:
    """What the link's first page may show."""
    return [
        (N_("County"), [vocabulary.label("county", state.county)]),
        (N_("Setting"), [vocabulary.label("setting", state.setting)]),
        (N_("Proposed support"), [vocabulary.TIERS.get(state.tier, N_("No proposal"))]),
    ]


def details(state: Referral) -> dict[str, Any]:
    """The change and why, beside the proposal and the request."""
    entry = second_review.written(state, FIRST)
    data = entry.payload if entry else {}
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


REVIEW = register(
    Kind(
        name="tier_review",
        stage="tiers",
        role="specialist",
        letter="tiers/review",
        words=TaskWords(
            title=N_("Look at a decision that differs from the proposal"),
            said={second_review.REFUSED: second_review.BACK},
        ),
        page=TaskPage(
            form=second_review.form, facts=facts, details=details, shows_details_first=True
        ),
        decide=decide,
        expire=expire,
    )
)
