"""The first talk: when it was, and what was agreed. Tries to reach the provider are of ``calls``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chalicelib.calls.words import NOT_REACHED, TALKED
from chalicelib.domain.errors import Invalid
from chalicelib.referral import request_changes
from chalicelib.referral.delivery import notes
from chalicelib.referral.delivery.session_times import day_of, problem_behind
from chalicelib.referral.delivery.words import FEWER_THAN_HELD, FOUR_TO_TWELVE, modes
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.model import Referral, ReferralChanges, Sessions
from chalicelib.referral.records import LEAST_SESSIONS, MOST_SESSIONS, episode
from chalicelib.referral.rows.request_rows import request_of
from chalicelib.web.forms import Field, Form, Values, number, radios, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.kinds import Example, Outcome
from chalicelib.workflow.storage import store

REACHED: Final = "reached"


def form(state: Referral) -> Form:
    """When they talked and what they agreed on."""
    sessions = state.sessions or Sessions()
    return Form(
        Field(
            "day",
            "date",
            N_("On which day did you talk?"),
            missing=N_("Give the day on which you talked."),
        ),
        Field(
            "planned",
            "number",
            N_("How many sessions did you plan together?"),
            hint=N_("From 4 to 12. You can change it in the action plan."),
            minimum=LEAST_SESSIONS,
            maximum=max(MOST_SESSIONS, sessions.planned),
            missing=FOUR_TO_TWELVE,
            width="short",
        ),
        radios("mode", N_("How will you meet?"), *modes(state)),
        *notes.fields(),
    )


def decide(state: Referral, values: Values, now: int) -> Outcome:
    """A talk goes on to the agreement."""
    day = str(values["day"])
    if problem := problem_behind(day, state.submitted, now):
        raise Invalid({"day": problem})
    before = state.sessions or Sessions()
    planned, mode = number(values, "planned"), str(values["mode"])
    if planned < before.held:
        raise Invalid({"planned": FEWER_THAN_HELD})
    # What an earlier consultant held stays counted.
    sessions = before.model_copy(update={"planned": planned, "mode": mode})
    told = ReferralPayload(day=day, planned=planned, mode=mode, note=words(values, "note"))
    return Outcome(
        REACHED,
        changes=ReferralChanges(status="first_contact_made", sessions=sessions),
        payload=told | notes.told(values),
    )


def details(state: Referral) -> TemplateValues:
    """The request, how to reach the provider, and what a consultant before left."""
    log = store.log(state)
    record = episode(log)
    return {
        "request": request_of(state),
        "contact": state.contact,
        "from_specialist": record.for_consultant,
        "interpreter": state.with_interpreter,
        **record.notes_for(state.consultant),
        "changed": request_changes.told(log),
        "readers": notes.readers(state),
        "hand_over": record.hand_overs[-1] if record.hand_overs else None,
    }


def example(state: Referral, now: int) -> Values:
    """A talk of today."""
    talked: Values = {TALKED: "phone", "planned": 6, "mode": "virtual"}
    return {**talked, "note": "Went well", "day": day_of(now)}


EXAMPLES: Final[Mapping[str, Example[Referral]]] = {
    REACHED: example,
    NOT_REACHED: {TALKED: "no_answer"},
}
