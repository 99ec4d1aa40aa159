"""A second person looks at a tier that was decided against the proposal (C3)."""

from __future__ import annotations

from typing import Any

from chalicelib.aws import decisions
from chalicelib.aws.requests import answers
from chalicelib.kit import second
from chalicelib.kit.tasks import Fact, Kind, Outcome, Values, register
from chalicelib.kit.words import N_
from chalicelib.referral import words
from chalicelib.referral.errors import Invalid
from chalicelib.referral.model import Referral

FIRST = "triage"


def decide(state: Referral, values: Values, now: int) -> Outcome:
    """Agreed: as the first person wrote. Not agreed: back to them, with the note."""
    from chalicelib.tiers.tasks import assigned

    entry = second.written(state, FIRST)
    if entry is None or (state.task and state.task.who in second.authors(entry)):
        raise Invalid({"decision": second.NOT_YOURSELF})
    data: dict[str, Any] = {"from": entry.data.get("by", ""), "note": values.get("note") or ""}
    tier, priority = str(entry.data["tier"]), str(entry.data["priority"])
    data |= {"tier": tier, "priority": priority}
    if values["decision"] == second.REFUSE:
        return second.sent_back(state, FIRST, data)
    return assigned(tier, priority, data, entry.reason)


def expire(state: Referral, now: int) -> Outcome:
    """Nobody looked for weeks: the parent run hands the referral to whoever repairs."""
    return Outcome("expired", final=False)


def facts(state: Referral) -> list[Fact]:
    """What the link's first page may show (S4)."""
    return [
        (N_("County"), [words.label("county", state.county)]),
        (N_("Setting"), [words.label("setting", state.setting)]),
        (N_("Proposed support"), [words.TIERS.get(state.tier, N_("No proposal"))]),
    ]


def details(state: Referral) -> dict[str, Any]:
    """The change and why, beside the proposal and the request."""
    entry = second.written(state, FIRST)
    data = entry.data if entry else {}
    chosen = [
        words.TIERS.get(str(data.get("tier"))),
        words.PRIORITIES.get(str(data.get("priority"))),
    ]
    override = second.details(state, FIRST, words.OVERRIDE_REASONS)
    return {
        "request": answers(state.reference),
        "proposal": decisions.of(state.reference, "tiers"),
        "override": override | {"chosen": [text for text in chosen if text]},
    }


REVIEW = register(
    Kind(
        name="tier_review",
        stage="tiers",
        role="specialist",
        title=N_("Look at a decision that differs from the proposal"),
        letter="tiers/review",
        form=second.form,
        decide=decide,
        expire=expire,
        facts=facts,
        details=details,
        shows_details_first=True,
        said={second.REFUSED: second.BACK},
    )
)
