"""The consultant's closing summary, beside the plan and the sessions that it sums up."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.errors import Invalid
from chalicelib.domain.roles import PROVIDER, STAFF
from chalicelib.domain.vocabulary import CLOSURE_REASONS, HOME_BASED
from chalicelib.referral import request_changes
from chalicelib.referral.closure.ends import GOALS_DECIDE, missing
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.model import Referral
from chalicelib.referral.records import PROGRESS, Goal, episode
from chalicelib.referral.rows import plan_rows
from chalicelib.web.forms import Field, Form, Values, number, radios, select, textarea, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.kinds import Outcome
from chalicelib.workflow.storage import store

HOW_FAR: Final = (
    N_("Goal 1: how far did you get?"),
    N_("Goal 2: how far did you get?"),
    N_("Goal 3: how far did you get?"),
    N_("Goal 4: how far did you get?"),
)
CONFIDENCE: Final = {
    "1": N_("Not at all"),
    "2": N_("A little"),
    "3": N_("Somewhat"),
    "4": N_("Mostly"),
    "5": N_("Very much"),
}
REMOVAL: Final = {
    "none": N_("No"),
    "kept_out": N_("Yes, kept out of all or part of a day"),
    "ended": N_("Yes, care ended"),
    "unknown": N_("I do not know"),
}
"""Suspension or expulsion while the consultation went on, never about a named child."""

WITH_PROVIDER: Final = (STAFF, PROVIDER)
SHARED: Final = N_(
    "The provider will read this on the status page. Do not write a child's name or birth date."
)
NOT_ALL_MET: Final = N_("Not every goal is met. Choose another reason, or correct the goals above.")


def _goals(state: Referral) -> tuple[Goal, ...]:
    plan = plan_rows.latest(state.reference)
    return plan.goals if plan else ()


NOTHING_MORE: Final = "none"
LIGHTER: Final = {
    NOTHING_MORE: N_("No, the work is complete"),
    "targeted": N_("Yes, a Community of Support"),
    "universal": N_("Yes, the helpline and Open-Door sessions"),
}


def lighter(state: Referral) -> tuple[tuple[str, str], ...]:
    """The lighter supports that a consultation can go over into: Communities of Support are for
    home-based care only."""
    return tuple(
        (tier, words)
        for tier, words in LIGHTER.items()
        if tier != "targeted" or state.setting in HOME_BASED
    )


def form(state: Referral) -> Form:
    """A row for each goal, what helped, how it is now, and why the work ends."""
    return Form(
        *_progress(state),
        textarea("helped", N_("What helped?"), hint=SHARED, rows=4, readers=WITH_PROVIDER),
        textarea(
            "next_steps",
            N_("What can they go on with?"),
            hint=SHARED,
            required=False,
            rows=4,
            readers=WITH_PROVIDER,
        ),
        radios(
            "confidence",
            N_("How sure of themselves are the adults now, as you see it?"),
            *CONFIDENCE.items(),
        ),
        radios(
            "removal",
            N_("While you worked together: did a child have to stay away because of behavior?"),
            *REMOVAL.items(),
            hint=N_("Leave out who it was."),
        ),
        select("closure", N_("Why does the work end?"), *CLOSURE_REASONS.items()),
        radios(
            "lighter",
            N_("Should lighter support go on?"),
            *lighter(state),
            hint=N_("They keep their number. In about two weeks we will ask if it helped."),
            required=False,
        ),
        textarea(
            "note",
            N_("Note for the Network's team"),
            hint=N_("The provider does not see it. Do not write a child's name or birth date."),
            required=False,
        ),
    )


def _progress(state: Referral) -> list[Field]:
    """How far each goal of the plan was reached."""
    return [
        radios(
            f"progress_{number}",
            HOW_FAR[number - 1],
            *PROGRESS.items(),
            hint=goal.text,
            readers=WITH_PROVIDER,
        )
        for number, goal in enumerate(_goals(state)[: len(HOW_FAR)], start=1)
    ]


def decide(state: Referral, values: Values, now: int) -> Outcome:
    """A whole consultation needs all its parts; the rest ends where it stands."""
    closure = str(values["closure"])
    if lacking := missing(episode(store.log(state)), closure):
        raise Invalid({"closure": lacking[0]})
    names = [f"progress_{n}" for n in range(1, len(HOW_FAR) + 1)]
    progress = [str(values[name]) for name in names if values.get(name)]
    if closure == "goals_met" and any(p != "met" for p in progress):
        raise Invalid({"closure": NOT_ALL_MET})
    return Outcome(
        "summarized",
        payload=ReferralPayload(
            closure=closure,
            progress=progress,
            helped=words(values, "helped"),
            next_steps=words(values, "next_steps"),
            confidence=number(values, "confidence"),
            removal=words(values, "removal"),
            note=words(values, "note"),
            lighter=words(values, "lighter") or NOTHING_MORE,
        ),
        reason=closure,
    )


def details(state: Referral) -> TemplateValues:
    """The plan, the sessions and their total, and what is missing for a whole consultation."""
    log = store.log(state)
    record = episode(log)
    return {
        "changed": request_changes.told(log),
        "episode": record,
        **record.notes_for(state.consultant),
        "missing": missing(record, GOALS_DECIDE[0]),
        "reasons": CLOSURE_REASONS,
    }


EXAMPLE: Final[Values] = {
    "progress_1": "met",
    "progress_2": "met",
    "helped": "Trying one thing at a time",
    "next_steps": "Keep the picture schedule",
    "confidence": 4,
    "removal": "none",
    "closure": "goals_met",
}
"""A summary of a plan with two goals."""
