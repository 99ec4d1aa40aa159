"""The tasks of closure and follow-up: the summary, the survey, two rests, two follow-ups, the stipend."""

from __future__ import annotations

from chalicelib.domain import vocabulary
from chalicelib.referral.closure import stipend, summary, survey
from chalicelib.referral.consultant_gives_back import SAID, or_hand_over, with_hand_over
from chalicelib.web.forms import Form
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Referral
from chalicelib.workflow.tasks import Kind, Outcome, Values, register


def expire_summary(state: Referral, now: int) -> Outcome:
    """Asked again, with new reminders; the supervisor heard of it when it was due."""
    return Outcome("expired", final=False)


def rested(state: Referral, values: Values, now: int) -> Outcome:
    """Nobody is asked while the referral rests; whatever ends the rest, the follow-up is due."""
    return Outcome("due")


def rest_over(state: Referral, now: int) -> Outcome:
    """The days have passed."""
    return Outcome("due")


SUMMARY = register(
    Kind(
        name="summary",
        stage="closure",
        role="consultant",
        title=N_("Write the closing summary"),
        letter="closure/summary",
        form=with_hand_over(summary.form),
        decide=or_hand_over(summary.decide),
        expire=expire_summary,
        facts=lambda state: [
            (N_("County"), [vocabulary.label("county", state.county)]),
            (N_("Setting"), [vocabulary.label("setting", state.setting)]),
        ],
        details=summary.details,
        template="closure/summary.html",
        shows_details_first=True,
        undo=True,
        sensitive=True,
        said=SAID | {"summarized": N_("The summary is complete. The request closes by itself.")},
    )
)

SURVEY = register(
    Kind(
        name="survey",
        stage="follow_up",
        role="provider",
        title=N_("Tell us how the consultation was"),
        letter="closure/survey",
        form=survey.survey_form,
        decide=survey.decide_survey,
        expire=survey.expire_survey,
        after_close=True,
        said={"answered": N_("Thank you. Your answers help us to get better.")},
    )
)

REST = register(
    Kind(
        name="follow_up_rest",
        stage="follow_up",
        role="system",
        title=N_("Wait until 30 days after the end"),
        letter="",
        form=lambda state: Form(()),
        decide=rested,
        expire=rest_over,
        after_close=True,
    )
)

FOLLOW_UP = register(
    Kind(
        name="follow_up",
        stage="follow_up",
        role="provider",
        title=N_("Tell us how things are now"),
        letter="closure/follow_up",
        form=survey.follow_up_form,
        decide=survey.decide_follow_up,
        expire=survey.expire_follow_up,
        after_close=True,
        said={"done": N_("Thank you for telling us.")},
    )
)

LATE_REST = register(
    Kind(
        name="late_follow_up_rest",
        stage="follow_up",
        role="system",
        title=N_("Wait until 180 days after the end"),
        letter="",
        form=lambda state: Form(()),
        decide=rested,
        expire=rest_over,
        after_close=True,
    )
)

LATE_FOLLOW_UP = register(
    Kind(
        name="late_follow_up",
        stage="follow_up",
        role="provider",
        title=N_("Tell us how things are half a year later"),
        letter="closure/late_follow_up",
        form=survey.follow_up_form,
        decide=survey.decide_late_follow_up,
        expire=survey.expire_late_follow_up,
        after_close=True,
        said={"done": N_("Thank you for telling us.")},
    )
)

STIPEND = register(
    Kind(
        name=stipend.KIND,
        stage="",
        role="coordinator",
        title=N_("Send a stipend"),
        letter="closure/stipend",
        form=stipend.form,
        decide=stipend.decide,
        expire=stipend.expire,
        details=stipend.details,
        template="closure/stipend.html",
        shows_details_first=True,
        after_close=True,
        sensitive=True,
        said={
            "sent": N_("The stipend is on its way. Thank you."),
            "not_due": N_("It is written down that it cannot be paid."),
        },
    )
)
