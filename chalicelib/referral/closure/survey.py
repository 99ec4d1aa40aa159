"""What the provider says after the end: the survey, and how it is 30 and 180 days on.

The items are the project's own. The consultant never sees the answers; only that a survey came in
counts for the family child care stipend.
"""

from __future__ import annotations

from typing import Final

from chalicelib.domain.vocabulary import YES_NO
from chalicelib.referral.closure import stipend, wanted_call
from chalicelib.referral.closure.summary import CONFIDENCE
from chalicelib.referral.events import ReferralPayload, told_in
from chalicelib.referral.model import Referral
from chalicelib.web.forms import (
    NO_CHILD,
    Field,
    Form,
    Values,
    number,
    radios,
    textarea,
    words,
)
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Changes, Entry
from chalicelib.workflow.kinds import Outcome

BEFORE: Final = (
    N_("Before: I understood what children tell us with their behavior"),
    N_("Before: I knew what to do when behavior was hard for me"),
    N_("Before: I could stay calm in hard moments"),
    N_("Before: I could talk with families about hard things"),
    N_("Before: I knew where to find help"),
)
NOW: Final = (
    N_("Now: I understand what children tell us with their behavior"),
    N_("Now: I know what to do when behavior is hard for me"),
    N_("Now: I can stay calm in hard moments"),
    N_("Now: I can talk with families about hard things"),
    N_("Now: I know where to find help"),
)
"""The five items of confidence; the same statements before and now."""

PAIRS: Final = N_("How true is each sentence, before and now? One tap a line.")

WORTHWHILE: Final = {"yes": N_("Yes"), "partly": N_("Partly"), "no": N_("No")}
LATE: Final = "late_follow_up"
KEPT: Final = {
    "yes": N_("Yes"),
    "no": N_("No"),
    "prefer_not_to_say": N_("I prefer not to say"),
}
GOING: Final = {
    "better": N_("Better than when we ended"),
    "same": N_("About the same"),
    "harder": N_("Harder than when we ended"),
}


def _kept(label: str) -> Field:
    return radios(
        "kept_in_care",
        label,
        *KEPT.items(),
        hint=N_("We ask about your program as a whole, not about one child."),
    )


def _comment() -> Field:
    return textarea(
        "comment",
        N_("Is there anything else you want to tell us?"),
        hint=NO_CHILD,
        required=False,
        rows=4,
    )


def survey_form(state: Referral) -> Form:
    """Two questions to answer, five pairs to answer if one likes, and a free word."""
    scale = tuple(CONFIDENCE.items())
    pairs = [
        radios(f"{when}_{n}", label, *scale, required=False, table=PAIRS)
        for n, both in enumerate(zip(BEFORE, NOW, strict=True), start=1)
        for when, label in zip(("before", "now"), both, strict=True)
    ]
    return Form(
        radios(
            "worthwhile",
            N_("Was the consultation worth your time?"),
            *WORTHWHILE.items(),
            hint=N_("Your consultant does not see your answers."),
        ),
        _kept(N_("Since we began: could your program keep every child in care?")),
        *pairs,
        _comment(),
    )


def decide_survey(state: Referral, values: Values, now: int) -> Outcome:
    """The answers are kept; that they came earns a family child care home its stipend."""
    numbers = range(1, len(NOW) + 1)
    data = ReferralPayload(
        worthwhile=words(values, "worthwhile"),
        kept_in_care=words(values, "kept_in_care"),
        rated_before=[number(values, f"before_{n}") for n in numbers],
        rated_now=[number(values, f"now_{n}") for n in numbers],
        comment=words(values, "comment"),
    )
    begun = stipend.due(state, now)
    if begun is None:
        return Outcome("answered", payload=data)
    data["stipend"] = True
    return Outcome("answered", begun.changes, data, begun.effects, begun.same_transaction)


def recorded_survey(state: Referral, entry: Entry) -> Values:
    """The pairs of the survey; 0 is one that was left open."""
    told = told_in(entry)
    rated = {"before": told.get("rated_before", []), "now": told.get("rated_now", [])}
    return {f"{when}_{n}": str(one) for when, ratings in rated.items()
            for n, one in enumerate(ratings, start=1) if one}  # fmt: skip


def expire_survey(state: Referral, now: int) -> Outcome:
    """No answer is an answer: the follow-up is asked all the same."""
    return Outcome("expired")


def follow_up_form(state: Referral) -> Form:
    """How the setting is doing, and whether they want a call."""
    return Form(
        _kept(N_("Is your program still keeping every child in care?")),
        radios("going", N_("How are things going now?"), *GOING.items()),
        radios("call_wanted", N_("Would you like a call from us?"), *YES_NO.items()),
        _comment(),
    )


def _after(state: Referral) -> Changes:
    """After 30 days it rests on; half a year after its end it is over."""
    if state.task is not None and state.task.kind == LATE:
        return {"status": "followed_up", "stage": "closed"}
    return {"status": "followed_up"}


def decide_follow_up(state: Referral, values: Values, now: int) -> Outcome:
    """How it is after 30 or 180 days; a wish for a call becomes the specialist's task."""
    data = ReferralPayload(
        kept_in_care=words(values, "kept_in_care"),
        going=words(values, "going"),
        call_wanted=words(values, "call_wanted"),
        comment=words(values, "comment"),
    )
    if values["call_wanted"] != "yes":
        return Outcome("done", _after(state), data)
    begun = wanted_call.wanted(state, now)
    changes = _after(state) | begun.changes
    return Outcome("done", changes, data, begun.effects, begun.same_transaction)


def expire_follow_up(state: Referral, now: int) -> Outcome:
    """No answer: the referral rests, until half a year is over or for good."""
    return Outcome("expired", _after(state))
