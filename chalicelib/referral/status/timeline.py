"""What happened, in the provider's words: only events that are meant for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from chalicelib.referral.request import QUESTIONS
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Entry, valid


@dataclass(frozen=True)
class Line:
    """One line: when (UTC seconds), the sentence (a msgid), and the name that it may hold.

    ``fields``: msgids of the questions that it speaks of.
    """

    at: int
    text: str
    name: str = ""
    fields: tuple[str, ...] = ()


FOUND: Final = N_("We found a consultant for you: %(name)s.")
NEXT_CONSULTANT: Final = N_("The consultant could not take it. We are asking another one.")
CANNOT_GO_ON: Final = N_("Your consultant cannot go on. We are looking for another one.")

# Type of an entry -> its sentence, or case -> sentence. What is not here is not for the provider:
# reminders to others, escalations, restarts, a no that nobody has confirmed yet.
SENTENCES: Final[dict[str, str | dict[str, str]]] = {
    "submitted": {
        "for_caller": N_("You asked us, and we wrote down your request for you."),
        "": N_("You sent your request."),
    },
    "eligibility_decided": {
        "eligible": N_("We checked your request. Your program can get this service."),
        "ask": N_("We looked at your answers, and need a few more from you."),
        "": N_("We looked at your answers. A specialist will look at them too."),
    },
    "amended": N_("You changed: %(fields)s."),
    "information_asked": N_("We mailed you a few more questions."),
    "information_answered": N_("You answered our questions."),
    "information_expired": N_("We did not hear from you. A specialist looks at your request."),
    "eligibility_confirmation_answered": {
        "eligible": N_("A specialist looked at your request. It goes on."),
        "second_person": N_("A specialist looked at your request. A colleague looks at it too."),
        "ask_provider": N_("A specialist looked at your request and needs a few more answers."),
        "duplicate": N_("You have another open request with us. We closed this one."),
        "": N_("A specialist looked at your request. We told you where you can get help."),
    },
    "triage_asked": N_("We asked a Network specialist to contact you."),
    "triage_answered": {
        "intensive": N_("A specialist decided with you: you get consultation."),
        "emergency": N_("A specialist decided with you: you get emergency support."),
        "second_person": N_("A specialist talked with you. A colleague looks at it too."),
        "moved": N_("A specialist looked at your request and needs a few more answers."),
        "": N_("A specialist decided with you which support you get."),
    },
    "tier_review_answered": {
        "intensive": N_("A specialist decided with you: you get consultation."),
        "emergency": N_("A specialist decided with you: you get emergency support."),
        "universal": N_("A specialist decided with you which support you get."),
        "targeted": N_("A specialist decided with you which support you get."),
    },
    "eligibility_review_answered": {
        "eligible": N_("A specialist looked at your request. It goes on."),
    },
    "handed_over": N_("We told you how to get your support."),
    "offer_asked": N_("We asked a consultant to work with you."),
    "offer_answered": {"accepted": FOUND, "declined": NEXT_CONSULTANT},
    "offer_expired": NEXT_CONSULTANT,
    "coordinator_asked": N_("No consultant was free. A coordinator is looking for one."),
    "coordinator_answered": {
        "assigned": FOUND,
        "offer_again": N_("We are asking consultants again."),
        "wait": N_("You stay on the waitlist and keep your place."),
    },
    "waitlist_asked": N_("No consultant was free. You keep your place in line."),
    "promoted": N_("A consultant became free. We are asking them to work with you."),
    "language_choice_asked": N_("We mailed you a question about the language."),
    "language_choice_answered": N_("You told us how to go on with the language."),
    "offer_withdrawn": NEXT_CONSULTANT,
    "offer_moved": NEXT_CONSULTANT,
    "reassigned": N_("%(name)s is your consultant now."),
    "taken_back": CANNOT_GO_ON,
    "not_served": N_("We could not find a consultant. We told you where you can get help."),
    "first_contact_answered": {
        "reached": N_("You and your consultant had your first talk."),
        "not_reached": N_("Your consultant tried to reach you."),
        "unresponsive": N_("We could not reach you, and closed your request."),
        "handed_over": CANNOT_GO_ON,
    },
    "agreement_asked": N_("We mailed you the service agreement."),
    "agreement_answered": {
        "agreed": N_("You signed the service agreement."),
        "talk_wanted": N_("You asked to talk before you sign."),
    },
    "plan_answered": {
        "planned": N_("Your consultant wrote an action plan."),
        "handed_over": CANNOT_GO_ON,
    },
    "plan_agreement_asked": N_("We mailed you the action plan."),
    "plan_agreement_answered": {
        "agreed": N_("You agreed to the action plan."),
        "changes_asked": N_("You asked for changes to the action plan."),
    },
    "service_answered": {
        "held": N_("You had a session."),
        "missed": N_("A session did not take place."),
        "moved": N_("Your next session was moved."),
        "planned": N_("Your next session was planned."),
        "handed_over": CANNOT_GO_ON,
        "held_more": N_("You had a session."),
        "completed": N_("You had your last session."),
        "ended_early": N_("The sessions ended."),
    },
    "summary_answered": {
        "summarized": N_("Your consultant wrote a short summary of the work."),
        "handed_over": CANNOT_GO_ON,
    },
    "referral_closed": N_("We closed your request."),
    "stepped_down": N_("Your consultation is over. Lighter support goes on for you."),
    "survey_asked": N_("We mailed you a short survey."),
    "survey_answered": N_("You answered the survey."),
    "follow_up_asked": N_("We mailed you a few questions about how things are now."),
    "follow_up_answered": N_("You told us how things are now."),
    "check_in_asked": N_("We asked you if you found the help that you need."),
    "check_in_answered": {
        "moved": N_("You told us that it was not enough. A specialist looks at it again."),
        "call_wanted": N_("You asked us to call you."),
        "": N_("You told us how it went."),
    },
    "call_back_answered": {
        "called": N_("We talked with you on the phone."),
        "not_reached": N_("We tried to call you."),
    },
    "paused": N_("The work was paused."),
    "waits_for_leave": N_("Your consultant is away. You chose to wait for them."),
    "resumed": N_("The pause ended, and the work goes on."),
    "late_follow_up_asked": N_("We mailed you the last questions about how things are."),
    "late_follow_up_answered": N_("You told us how things are half a year later."),
    "reopened": N_("Your request was opened again."),
    "withdrawn": N_("You took back your request."),
    "undone": N_("An answer was taken back. You will hear from us again."),
}
# Things that are asked of the provider, and what became of them.
FOR_THE_PROVIDER: Final[dict[str, str]] = {
    "link_renewed": N_("You asked for the link again, and we mailed it."),
    "reminded": N_("We mailed you a reminder."),
}


STEPS: Final = {"eligibility_decided": "decide_eligibility"}
"""Type of an entry that a step made -> the step, whose verdict stands among what is done."""


def lines(entries: Iterable[Entry], name_of: Callable[[str], str]) -> list[Line]:
    """The provider's timeline, newest first. ``name_of`` gives a consultant's name by id."""
    found: list[Line] = []
    for entry in valid(entries):
        text = _sentence(entry)
        if not text:
            continue
        name = ""
        if "%(name)s" in text:
            name = name_of(str(entry.payload.get("consultant", "")))
            if not name:
                continue
        found.append(Line(entry.at, text, name, _fields(entry) if "%(fields)s" in text else ()))
    return found[::-1]


def _fields(entry: Entry) -> tuple[str, ...]:
    """The short names of the answers that an entry changed."""
    names = {*(entry.payload.get("before") or {}), *(entry.payload.get("after") or {})}
    return tuple(one.listed for name, one in QUESTIONS.items() if name in names)


def _sentence(entry: Entry) -> str:
    said = SENTENCES.get(entry.event, "")
    if isinstance(said, dict):
        done = entry.changes.get("done") or {}
        case = str(entry.payload.get("verdict") or done.get(STEPS.get(entry.event)) or "")
        said = said.get(case, said.get("", ""))
    if not said and entry.event in FOR_THE_PROVIDER:
        task = entry.changes.get("task") or {}
        if task.get("role") == "provider":
            said = FOR_THE_PROVIDER[entry.event]
            if entry.event == "link_renewed" and entry.actor != "provider":
                said = N_("We mailed you the link again.")
    return said
