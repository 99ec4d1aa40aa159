"""The tasks of closure and follow-up: the summary, the survey, two rests, two follow-ups, the stipend."""

from __future__ import annotations

from chalicelib.domain.service_standards import Deadline, business_days, calendar_days
from chalicelib.referral import consultant_gives_back as gives_back
from chalicelib.referral.closure import stipend, summary, survey
from chalicelib.referral.model import Referral
from chalicelib.referral.rests import rested
from chalicelib.referral.task_facts import county_and_setting
from chalicelib.web.languages import N_
from chalicelib.workflow.kinds import ASKED_AGAIN, Kind, TaskPage, TaskPolicy, TaskWords
from chalicelib.workflow.side_tasks import asked_anew
from chalicelib.workflow.stage_change import MOVED

SUMMARY = Kind[Referral](
    name="summary",
    stage="closure",
    status="closing",
    role="consultant",
    deadline=Deadline("summary", business_days(10)),
    letter="closure/summary",
    words=TaskWords(
        title=N_("Write the closing summary"),
        aim=N_("Your consultant aims to send you the summary by %(date)s."),
        waiting=N_("Waiting for the consultant to write the closing summary"),
        short=N_("to write the closing summary"),
        then=ASKED_AGAIN,
        overdue=N_("The consultant should write the closing summary."),
        asked=N_("%(who)s was asked for the closing summary."),
        answered={
            "": N_("The closing summary was written."),
            **gives_back.LOGGED,
        },
        expired=N_("There was no closing summary in time. %(who)s is asked again."),
        provider_answered={
            "summarized": N_("Your consultant wrote a short summary of the work."),
            **gives_back.TOLD,
        },
        said=gives_back.SAID
        | {"summarized": N_("The summary is complete. The request closes by itself.")},
    ),
    policy=TaskPolicy(sensitive=True, undo=True, letter_waits=business_days(1)),
    page=TaskPage(
        form=gives_back.with_hand_over(summary.form),
        facts=county_and_setting,
        details=summary.details,
        template="closure/summary.html",
        shows_details_first=True,
    ),
    decide=gives_back.or_hand_over(summary.decide),
    outcomes=frozenset({"summarized", MOVED, "expired"}),
    examples={"summarized": summary.EXAMPLE},
)

SURVEY = Kind[Referral](
    name="survey",
    stage="follow_up",
    role="provider",
    deadline=Deadline("survey", calendar_days(14), remind_when_due=True),
    letter="closure/survey",
    words=TaskWords(
        title=N_("Tell us how the consultation was"),
        waiting=N_("Waiting for the provider to answer the survey"),
        short=N_("to answer the survey"),
        then=N_("If nobody answers, the survey ends %(when)s and the follow-up goes on."),
        overdue=N_("The provider should fill in the survey."),
        asked=N_("The provider was asked to answer the survey."),
        answered=N_("The provider answered the survey."),
        expired=N_("The survey ended without an answer."),
        provider_asked=N_("We mailed you a short survey."),
        provider_answered=N_("You answered the survey."),
        said={"answered": N_("Thank you. Your answers help us to get better.")},
    ),
    # It asks how it was: nobody waits for the letter.
    policy=TaskPolicy(lane="reminder", after_close=True),
    page=TaskPage(form=survey.survey_form, recorded=survey.recorded_survey),
    decide=survey.decide_survey,
    expire=survey.expire_survey,
    outcomes=frozenset({"answered", "expired"}),
    examples={"answered": {"worthwhile": "yes", "kept_in_care": "yes"}},
)

REST = Kind[Referral](
    name="follow_up_rest",
    stage="follow_up",
    role="system",
    words=TaskWords(
        title=N_("Wait until 30 days after the end"),
        waiting=N_("Resting until the follow-up at 30 days"),
        short=N_("until the follow-up at 30 days"),
        then=N_("The provider is asked how things are %(when)s."),
        asked=N_("The follow-up rests until 30 days after closing."),
        expired=N_("The 30 days are over."),
    ),
    policy=TaskPolicy(after_close=True),
    decide=rested,
    expire=rested,
    outcomes=frozenset({"due"}),
)

FOLLOW_UP = Kind[Referral](
    name="follow_up",
    stage="follow_up",
    status="follow_up_due",
    role="provider",
    deadline=Deadline("follow_up_answer", business_days(10), remind_when_due=True),
    letter="closure/follow_up",
    words=TaskWords(
        title=N_("Tell us how things are now"),
        waiting=N_("Waiting for the provider to say how things are after 30 days"),
        short=N_("to say how things are after 30 days"),
        then=N_("If nobody answers, it rests again from %(when)s."),
        overdue=N_("The provider should tell us how things are going."),
        asked=N_("The provider was asked how things are after 30 days."),
        answered=N_("The provider said how things are after 30 days."),
        expired=N_("The follow-up ended without an answer."),
        provider_asked=N_("We mailed you a few questions about how things are now."),
        provider_answered=N_("You told us how things are now."),
        said={"done": N_("Thank you for telling us.")},
    ),
    policy=TaskPolicy(lane="reminder", after_close=True),
    page=TaskPage(form=survey.follow_up_form),
    decide=survey.decide_follow_up,
    expire=survey.expire_follow_up,
    outcomes=frozenset({"done", "expired"}),
    examples={"done": {"kept_in_care": "yes", "going": "better", "call_wanted": "no"}},
)

LATE_REST = Kind[Referral](
    name="late_follow_up_rest",
    stage="follow_up",
    role="system",
    words=TaskWords(
        title=N_("Wait until 180 days after the end"),
        waiting=N_("Resting until the follow-up at 180 days"),
        short=N_("until the follow-up at 180 days"),
        then=N_("The provider is asked how things are %(when)s."),
        asked=N_("The follow-up rests until 180 days after closing."),
        expired=N_("The 180 days are over."),
    ),
    policy=TaskPolicy(after_close=True),
    decide=rested,
    expire=rested,
    outcomes=frozenset({"due"}),
)

LATE_FOLLOW_UP = Kind[Referral](
    name=survey.LATE,
    stage="follow_up",
    status="follow_up_due",
    role="provider",
    deadline=Deadline("follow_up_answer", business_days(10), remind_when_due=True),
    letter="closure/late_follow_up",
    words=TaskWords(
        title=N_("Tell us how things are half a year later"),
        waiting=N_("Waiting for the provider to say how things are after 180 days"),
        short=N_("to say how things are after 180 days"),
        then=N_("If nobody answers, the follow-up ends %(when)s."),
        overdue=N_("The provider should tell us how things are half a year later."),
        asked=N_("The provider was asked how things are after 180 days."),
        answered=N_("The provider said how things are after 180 days."),
        expired=N_("The last follow-up ended without an answer."),
        provider_asked=N_("We mailed you the last questions about how things are."),
        provider_answered=N_("You told us how things are half a year later."),
        said={"done": N_("Thank you for telling us.")},
    ),
    policy=TaskPolicy(after_close=True),
    page=TaskPage(form=survey.follow_up_form),
    decide=survey.decide_follow_up,
    expire=survey.expire_follow_up,
    outcomes=frozenset({"done", "expired"}),
    examples={"done": {"kept_in_care": "yes", "going": "same", "call_wanted": "no"}},
)

STIPEND = Kind[Referral](
    name=stipend.KIND,
    role="coordinator",
    deadline=Deadline("stipend", business_days(20)),
    letter="closure/stipend",
    words=TaskWords(
        title=N_("Send a stipend"),
        aim=N_("We aim to send the stipend by %(date)s."),
        waiting=N_("Waiting for the coordinator to send the stipend"),
        short=N_("to send the stipend"),
        then=ASKED_AGAIN,
        overdue=N_("A coordinator should send the stipend of a family child care home."),
        asked=N_("The coordinator was asked to send the stipend."),
        answered={
            "sent": N_("The stipend is on its way."),
            "not_due": N_("The stipend cannot be paid."),
        },
        expired=N_("Nobody sent the stipend in time. It is asked again."),
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
    expire=asked_anew,
    outcomes=frozenset({stipend.SENT, stipend.NOT_DUE, "expired"}),
    examples={stipend.SENT: {"decision": stipend.SENT}},
)
