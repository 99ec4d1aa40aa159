"""The tasks of closure and follow-up: the summary, the survey, two rests, two follow-ups, the stipend."""

from __future__ import annotations

from chalicelib.domain import vocabulary
from chalicelib.referral.closure import stipend, summary, survey
from chalicelib.referral.consultant_gives_back import SAID, or_hand_over, with_hand_over
from chalicelib.referral.model import Referral
from chalicelib.web.forms import Form
from chalicelib.web.languages import N_
from chalicelib.workflow.kinds import (
    Kind,
    Outcome,
    TaskPage,
    TaskPolicy,
    TaskWords,
    Values,
    register,
)


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
        letter="closure/summary",
        words=TaskWords(
            title=N_("Write the closing summary"),
            said=SAID
            | {"summarized": N_("The summary is complete. The request closes by itself.")},
        ),
        policy=TaskPolicy(sensitive=True, undo=True),
        page=TaskPage(
            form=with_hand_over(summary.form),
            facts=lambda state: [
                (N_("County"), [vocabulary.label("county", state.county)]),
                (N_("Setting"), [vocabulary.label("setting", state.setting)]),
            ],
            details=summary.details,
            template="closure/summary.html",
            shows_details_first=True,
        ),
        decide=or_hand_over(summary.decide),
        expire=expire_summary,
    )
)

SURVEY = register(
    Kind(
        name="survey",
        stage="follow_up",
        role="provider",
        letter="closure/survey",
        words=TaskWords(
            title=N_("Tell us how the consultation was"),
            said={"answered": N_("Thank you. Your answers help us to get better.")},
        ),
        policy=TaskPolicy(after_close=True),
        page=TaskPage(form=survey.survey_form),
        decide=survey.decide_survey,
        expire=survey.expire_survey,
    )
)

REST = register(
    Kind(
        name="follow_up_rest",
        stage="follow_up",
        role="system",
        letter="",
        words=TaskWords(
            title=N_("Wait until 30 days after the end"),
        ),
        policy=TaskPolicy(after_close=True),
        page=TaskPage(
            form=lambda state: Form(()),
        ),
        decide=rested,
        expire=rest_over,
    )
)

FOLLOW_UP = register(
    Kind(
        name="follow_up",
        stage="follow_up",
        role="provider",
        letter="closure/follow_up",
        words=TaskWords(
            title=N_("Tell us how things are now"),
            said={"done": N_("Thank you for telling us.")},
        ),
        policy=TaskPolicy(after_close=True),
        page=TaskPage(form=survey.follow_up_form),
        decide=survey.decide_follow_up,
        expire=survey.expire_follow_up,
    )
)

LATE_REST = register(
    Kind(
        name="late_follow_up_rest",
        stage="follow_up",
        role="system",
        letter="",
        words=TaskWords(
            title=N_("Wait until 180 days after the end"),
        ),
        policy=TaskPolicy(after_close=True),
        page=TaskPage(
            form=lambda state: Form(()),
        ),
        decide=rested,
        expire=rest_over,
    )
)

LATE_FOLLOW_UP = register(
    Kind(
        name="late_follow_up",
        stage="follow_up",
        role="provider",
        letter="closure/late_follow_up",
        words=TaskWords(
            title=N_("Tell us how things are half a year later"),
            said={"done": N_("Thank you for telling us.")},
        ),
        policy=TaskPolicy(after_close=True),
        page=TaskPage(form=survey.follow_up_form),
        decide=survey.decide_late_follow_up,
        expire=survey.expire_late_follow_up,
    )
)

STIPEND = register(
    Kind(
        name=stipend.KIND,
        stage="",
        role="coordinator",
        letter="closure/stipend",
        words=TaskWords(
            title=N_("Send a stipend"),
            said={
                "sent": N_("The stipend is on its way. Thank you."),
                "not_due": N_("It is written down that it cannot be paid."),
            },
        ),
        policy=TaskPolicy(after_close=True, sensitive=True),
        page=TaskPage(
            form=stipend.form,
            details=stipend.details,
            template="closure/stipend.html",
            shows_details_first=True,
        ),
        decide=stipend.decide,
        expire=stipend.expire,
    )
)
