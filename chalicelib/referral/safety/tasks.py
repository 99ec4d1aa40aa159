"""The on-call lead's task: look at the concern, and say what was done. Nothing else closes it.

A call that reached nobody is a try, of which nothing is typed and which buys no time.
"""

from __future__ import annotations

from typing import Final

from chalicelib.calls import words as calls
from chalicelib.calls.calling import Calling
from chalicelib.calls.form import recorded, with_told, with_tries
from chalicelib.calls.record import or_try
from chalicelib.domain.service_standards import Deadline, business_days
from chalicelib.domain.vocabulary import OWNERS, SAFETY_PROTOCOLS, YES_NO
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.model import Referral
from chalicelib.referral.provider_calls.calling import tries
from chalicelib.referral.safety.forms import OUTCOMES
from chalicelib.referral.safety_flag import KIND, limits
from chalicelib.referral.task_facts import county
from chalicelib.web.forms import Form, Values, radios
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.kinds import (
    ASKED_AGAIN,
    Kind,
    Outcome,
    TaskPage,
    TaskPolicy,
    TaskWords,
)
from chalicelib.workflow.side_tasks import asked_anew

ROLES = {**OWNERS, "supervisor": N_("Supervisor"), "admin": N_("Administrator")}


LEAD: Final = Calling(tries=tries, presses_on=True)
TALKS: Final = {
    "phone": calls.TALKS["phone"],
    "in_person": calls.TALKS["in_person"],
    "no_call": N_("I did not need to call"),
}
TRIED: Final = (calls.NOT_REACHED, calls.VOICEMAIL, calls.WRITTEN)
_GOES_ON: Final = N_("Your try is recorded. The concern stays open, and you are asked again.")


def form(state: Referral) -> Form:
    """What was done: choices only."""
    return Form(radios("outcome", N_("What was done?"), *OUTCOMES.items()))


def decide(state: Referral, values: Values, now: int) -> Outcome:
    """The outcome's id is all that is kept."""
    return Outcome("settled", payload=ReferralPayload(outcome=str(values["outcome"])))


def expire(state: Referral, now: int) -> Outcome:
    """A day without an outcome: the lead is paged anew, and the admin hears of it again."""
    return asked_anew(state, now, limits(now))


def details(state: Referral) -> TemplateValues:
    """Which protocol, when, whose role, and whether its steps were done."""
    about = state.task.about if state.task is not None else {}
    return {
        "protocol": SAFETY_PROTOCOLS.get(str(about.get("protocol")), ""),
        "role": ROLES.get(str(about.get("role")), ""),
        "completed": YES_NO.get(str(about.get("completed")), ""),
        "at": about.get("at"),
        "contact": state.contact,
    }


SAFETY = Kind[Referral](
    name=KIND,
    role="supervisor",
    deadline=Deadline("safety", business_days(1)),
    letter="safety/flag",
    words=TaskWords(
        title=N_("Look at a safety concern"),
        waiting=N_("Waiting for the on-call lead to say what was done about a safety concern"),
        short=N_("to look at a safety concern"),
        then=ASKED_AGAIN,
        overdue=N_("The on-call lead should say what was done about a safety concern."),
        asked=N_("The on-call lead was told of a safety concern."),
        answered={
            "": N_("The on-call lead said what was done about a safety concern."),
            calls.NOT_REACHED: N_("The on-call lead tried to reach them. %(way)s."),
            calls.VOICEMAIL: N_("The on-call lead left a voicemail. %(voicemail)s."),
            calls.WRITTEN: N_("The on-call lead sent a message. %(way)s."),
        },
        expired=N_("A safety concern is still open. The on-call lead is told again."),
        said={
            "settled": N_("What was done is written down. Thank you."),
            **dict.fromkeys(TRIED, _GOES_ON),
        },
    ),
    policy=TaskPolicy(many=True, after_close=True, lane="safety", escalates="admin"),
    page=TaskPage(
        form=with_tries(LEAD, form, TALKS, brief=True),
        facts=county,
        details=with_told(LEAD, details),
        template="safety/flag.html",
        recorded=recorded,
        shows_details_first=True,
    ),
    decide=or_try(LEAD, decide),
    expire=expire,
    outcomes=frozenset({"settled", *TRIED, "expired"}),
    examples={
        "settled": {calls.TALKED: "phone", "outcome": "safe_now"},
        calls.NOT_REACHED: {calls.TALKED: "no_answer"},
    },
)
