"""The first talk: when and how it was, and what was agreed; tries that reached nobody (G1)."""

from __future__ import annotations

from typing import Any

from chalicelib.aws import store
from chalicelib.aws.requests import answers
from chalicelib.delivery.moments import problem_behind
from chalicelib.delivery.words import CHANNELS, FOUR_TO_TWELVE, PRIVATE_NOTE, modes
from chalicelib.kit.forms import Field, Form
from chalicelib.kit.tasks import Outcome, Values
from chalicelib.kit.words import N_
from chalicelib.referral.errors import Invalid
from chalicelib.referral.model import Referral, Sessions
from chalicelib.referral.records import LEAST_SESSIONS, MOST_SESSIONS, episode

REACHED, NOT_REACHED = "reached", "not_reached"


def _reached(values: Values) -> bool:
    return values.get("reached") == REACHED


def form(state: Referral) -> Form:
    """Whether they talked, how, when, and what they agreed on."""
    return Form(
        (
            Field(
                "reached",
                "radios",
                N_("Did you talk with the provider?"),
                options=(
                    (REACHED, N_("Yes, we talked")),
                    (NOT_REACHED, N_("Not yet: I tried and did not reach them")),
                ),
            ),
            Field(
                "how",
                "radios",
                N_("How did you talk, or how did you try?"),
                options=tuple(CHANNELS.items()),
            ),
            Field(
                "day",
                "date",
                N_("If you talked: on which day?"),
                missing=N_("Give the day on which you talked."),
                when=_reached,
            ),
            Field(
                "planned",
                "number",
                N_("If you talked: how many sessions did you plan together?"),
                hint=N_("From 4 to 12. You can change it in the action plan."),
                minimum=LEAST_SESSIONS,
                maximum=MOST_SESSIONS,
                missing=FOUR_TO_TWELVE,
                when=_reached,
                width="short",
            ),
            Field(
                "mode",
                "radios",
                N_("If you talked: how will you meet?"),
                options=modes(state),
                when=_reached,
            ),
            Field(
                "note",
                "textarea",
                N_("Short note"),
                hint=PRIVATE_NOTE,
                required=False,
                max_length=1000,
                rows=4,
            ),
        )
    )


def decide(state: Referral, values: Values, now: int) -> Outcome:
    """A talk goes on to the agreement; a try is written down and the task stays open."""
    how, note = str(values["how"]), values.get("note") or ""
    if values["reached"] == NOT_REACHED:
        return Outcome(NOT_REACHED, data={"how": how, "note": note}, stays=True)
    day = str(values["day"])
    if problem := problem_behind(day, state.submitted, now):
        raise Invalid({"day": problem})
    sessions = Sessions(planned=int(values["planned"]), mode=str(values["mode"]))
    return Outcome(
        REACHED,
        changes={
            "status": "first_contact_made",
            "sessions": sessions.model_dump(exclude_defaults=True),
        },
        data={
            "how": how,
            "day": day,
            "planned": sessions.planned,
            "mode": sessions.mode,
            "note": note,
        },
    )


def details(state: Referral) -> dict[str, Any]:
    """The request, how to reach the provider, and the tries so far."""
    return {
        "request": answers(state.reference),
        "contact": state.contact,
        "attempts": episode(store.log(state)).attempts,
    }
