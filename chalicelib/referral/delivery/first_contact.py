"""The first talk: when and how it was, and what was agreed; tries that reached nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chalicelib.aws.now import now as this_moment
from chalicelib.domain.errors import Invalid
from chalicelib.referral import request_changes
from chalicelib.referral.delivery import notes
from chalicelib.referral.delivery.attempts import first_allowed_at, lacking
from chalicelib.referral.delivery.session_times import day_of, problem_behind
from chalicelib.referral.delivery.words import CHANNELS, FEWER_THAN_HELD, FOUR_TO_TWELVE, modes
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.model import Referral, ReferralChanges, Sessions
from chalicelib.referral.records import LEAST_SESSIONS, MOST_SESSIONS, episode
from chalicelib.referral.rows.request_rows import answers
from chalicelib.web.forms import Field, Form, Values, number, radios, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import Example, Outcome
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import ending

OUTCOMES = REACHED, NOT_REACHED, UNRESPONSIVE = "reached", "not_reached", "unresponsive"
CLOSURE: Final = "unresponsive_after_3_attempts"
STILL_TRYING = N_("Three tries over ten days, by two ways, come first. See what is missing above.")


def _reached(values: Values) -> bool:
    return values.get("reached") == REACHED


def _tried(values: Values) -> bool:
    return values.get("reached") in (REACHED, NOT_REACHED)


def may_give_up(state: Referral, now: int) -> bool:
    """Whether the rule of three tries is met. The log is read only where it can be."""
    if state.task is None or first_allowed_at(state.submitted) > now:
        return False
    tries = episode(store.log(state)).attempts
    return lacking(tries, now).nothing


def form(state: Referral) -> Form:
    """Whether they talked, how, when, and what they agreed on; or that nobody can be reached."""
    options = [
        (REACHED, N_("Yes, we talked")),
        (NOT_REACHED, N_("Not yet: I tried and did not reach them")),
    ]
    if may_give_up(state, this_moment()):
        options.append(
            (UNRESPONSIVE, N_("We cannot reach them: close the request and tell the provider"))
        )
    sessions = state.sessions or Sessions()
    return Form(
        radios("reached", N_("Did you talk with the provider?"), *options),
        radios("how", N_("How did you talk, or how did you try?"), *CHANNELS.items(), when=_tried),
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
            maximum=max(MOST_SESSIONS, sessions.planned),
            missing=FOUR_TO_TWELVE,
            when=_reached,
            width="short",
        ),
        radios("mode", N_("If you talked: how will you meet?"), *modes(state), when=_reached),
        *notes.fields(),
    )


def decide(state: Referral, values: Values, now: int) -> Outcome:
    """A talk goes on to the agreement; a try is written down, told to the provider, and the task
    stays; when the rule is met, the request may end as unresponsive."""
    note = ReferralPayload(note=words(values, "note")) | notes.told(values)
    if values["reached"] == UNRESPONSIVE:
        return _given_up(state, note, now)
    how = str(values["how"])
    if values["reached"] == NOT_REACHED:
        tried = SendLetter(letter="delivery/tried", to="provider")
        return Outcome(
            NOT_REACHED, payload=note | ReferralPayload(how=how), effects=[tried], stays=True
        )
    day = str(values["day"])
    if problem := problem_behind(day, state.submitted, now):
        raise Invalid({"day": problem})
    before = state.sessions or Sessions()
    planned, mode = number(values, "planned"), str(values["mode"])
    if planned < before.held:
        raise Invalid({"planned": FEWER_THAN_HELD})
    # What an earlier consultant held stays counted.
    sessions = before.model_copy(update={"planned": planned, "mode": mode})
    return Outcome(
        REACHED,
        changes=ReferralChanges(status="first_contact_made", sessions=sessions),
        payload=note
        | ReferralPayload(how=how, day=day, planned=sessions.planned, mode=sessions.mode),
    )


def _given_up(state: Referral, note: ReferralPayload, now: int) -> Outcome:
    """The place returns, and the provider reads how to come back."""
    tries = episode(store.log(state)).attempts
    if not lacking(tries, now).nothing:
        raise Invalid({"reached": STILL_TRYING})
    letter = SendLetter(letter="delivery/unreachable", to="provider", always=True)
    changes, effects, also = ending(
        state, status="unresponsive", closure=CLOSURE, at=now, mails=[letter]
    )
    data = note | ReferralPayload(tries=len(tries))
    return Outcome(UNRESPONSIVE, changes, data, effects, also, reason=CLOSURE)


def details(state: Referral) -> TemplateValues:
    """The request, how to reach the provider, the tries so far and what the rule still asks for."""
    log = store.log(state)
    record = episode(log)
    return {
        "request": answers(state.reference),
        "contact": state.contact,
        "from_specialist": record.for_consultant,
        "changed": request_changes.told(log),
        "attempts": record.attempts,
        "channels": CHANNELS,
        "readers": notes.readers(state),
        "lacking": lacking(record.attempts, this_moment()),
        "hand_over": record.hand_overs[-1] if record.hand_overs else None,
    }


def example(state: Referral, now: int) -> Values:
    """A talk of today."""
    talked: Values = {"reached": REACHED, "how": "phone", "planned": 6, "mode": "virtual"}
    return {**talked, "note": "Went well", "day": day_of(now)}


EXAMPLES: Final[Mapping[str, Example[Referral]]] = {
    REACHED: example,
    NOT_REACHED: {"reached": NOT_REACHED, "how": "phone"},
}
