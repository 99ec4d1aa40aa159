"""The specialist's triage: the talk with the provider is recorded, the tier confirmed or changed."""

from __future__ import annotations

from typing import Any

from chalicelib.aws import decisions
from chalicelib.aws.requests import answers
from chalicelib.kit import second
from chalicelib.kit.forms import Field, Form
from chalicelib.kit.tasks import Fact, Kind, Outcome, Values, register
from chalicelib.kit.words import N_
from chalicelib.referral import words
from chalicelib.referral.errors import Invalid
from chalicelib.referral.model import Referral
from chalicelib.tiers import check_in as check_in  # its kinds are asked in this room too
from chalicelib.tiers import review as review
from chalicelib.tiers.facts import told

TALKS = {
    "phone": N_("By phone"),
    "video": N_("By video"),
    "in_person": N_("In person"),
    "email": N_("In writing: the provider asked for that"),
}
CONFIRM, CHANGE = "confirm", "change"


def proposed(state: Referral) -> bool:
    """True when the rules proposed a tier; T10 leaves it to the talk."""
    return bool(state.tier)


def form(state: Referral) -> Form:
    """The triage form: with a proposal one press confirms it, without one the tier is chosen."""

    def changes(values: Values) -> bool:
        return not proposed(state) or values.get("decision") == CHANGE

    def otherwise(values: Values) -> bool:
        return proposed(state) and values.get("decision") == CHANGE

    fields = [
        Field(
            "talked",
            "radios",
            N_("How did you talk with the provider?"),
            options=tuple(TALKS.items()),
        )
    ]
    if proposed(state):
        fields.append(
            Field(
                "decision",
                "radios",
                N_("Does the proposed support fit?"),
                options=(
                    (CONFIRM, N_("Yes, go on with the proposal")),
                    (CHANGE, N_("No, change it")),
                ),
            )
        )
    fields += [
        Field(
            "tier",
            "radios",
            N_("Which kind of support fits?"),
            options=tuple(words.TIERS.items()),
            when=changes,
        ),
        Field(
            "priority",
            "radios",
            N_("How soon is help needed?"),
            options=tuple(words.PRIORITIES.items()),
            when=changes,
        ),
        Field(
            "override_reason",
            "select",
            N_("Why do you change it?"),
            options=tuple(words.OVERRIDE_REASONS.items()),
            when=otherwise,
        ),
        second.why_field(otherwise),
        Field(
            "note",
            "textarea",
            N_("What should the consultant know?"),
            hint=N_("Do not write a child's name or birth date."),
            required=False,
            max_length=1000,
            rows=4,
        ),
    ]
    return Form(tuple(fields))


def decide(state: Referral, values: Values, now: int) -> Outcome:
    """Confirm or change the tier; the run goes on with the tier as its verdict (D1)."""
    changed = not proposed(state) or values.get("decision") == CHANGE
    tier = str(values["tier"] if changed else state.tier)
    priority = str(values["priority"] if changed else state.priority)
    if changed and proposed(state) and (tier, priority) == (state.tier, state.priority):
        raise Invalid({"tier": N_("This is the proposal itself. Choose yes above, or change it.")})
    data = {
        "talked": values["talked"],
        "tier": tier,
        "priority": priority,
        "was": {"tier": state.tier, "priority": state.priority},
        "note": values.get("note") or "",
    }
    reason = str(values.get("override_reason") or "")
    if changed and proposed(state):
        data |= {"why": values["override_text"], "by": state.task.who if state.task else ""}
        if second.wanted():
            return Outcome(second.VERDICT, data=data, reason=reason)
    return assigned(tier, priority, data, reason)


def assigned(tier: str, priority: str, data: dict[str, Any], reason: str = "") -> Outcome:
    """The tier is decided: the run hears it, and who waits for a consultant is told what is there
    meanwhile."""
    mails: list[dict[str, Any]] = []
    if tier in ("intensive", "emergency"):
        mails.append({"do": "mail", "letter": "tiers/decided", "to": "provider"})
    changes = {"tier": tier, "priority": priority, "status": "tier_assigned"}
    return Outcome(tier, changes, data, mails, reason=reason)


def expire(state: Referral, now: int) -> Outcome:
    """Nobody triaged for weeks: the parent run hands the referral to whoever repairs."""
    return Outcome(verdict="expired", final=False)


def facts(state: Referral) -> list[Fact]:
    """What the link's first page may show (S4)."""
    return [
        (N_("County"), [words.label("county", state.county)]),
        (N_("Setting"), [words.label("setting", state.setting)]),
        (N_("Proposed support"), [words.TIERS.get(state.tier, N_("No proposal"))]),
    ]


def details(state: Referral) -> dict[str, Any]:
    """The request and how to reach the provider, for the specialist who opened the task."""
    return {
        "request": answers(state.reference),
        "contact": state.contact,
        "proposal": decisions.of(state.reference, "tiers"),
        "told": told(state),
        "refused": second.refusal(state, "tier_review"),
    }


TRIAGE = register(
    Kind(
        name="triage",
        stage="tiers",
        role="specialist",
        title=N_("Talk with the provider and decide on the support"),
        letter="tiers/triage",
        form=form,
        decide=decide,
        expire=expire,
        facts=facts,
        details=details,
        shows_details_first=True,
        undo=True,
        sensitive=True,
    )
)
