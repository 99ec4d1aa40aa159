"""Whom an open request waits for, said in a list or in full, and how it stands in time.

One table says for each kind of task who is waited for and where the machine goes when its time is
over.
"""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.aws.now import scaled
from chalicelib.web.languages import N_

DAY = 86400


@dataclass(frozen=True)
class Wait:
    """msgids: the wait in full, the same in a list's column, and what happens when time is over."""

    waiting: str
    short: str
    then: str


_TO_REPAIR = N_("If nothing is decided, the coordinator is asked to look into it %(when)s.")
_ASKED_AGAIN = N_("If nobody answers, the same is asked again %(when)s.")

WAITS: dict[str, Wait] = {
    "eligibility_confirmation": Wait(
        N_("Waiting for the specialist to confirm that the request does not fit"),
        N_("to confirm the eligibility decision"),
        _TO_REPAIR,
    ),
    "information": Wait(
        N_("Waiting for the provider to answer our questions"),
        N_("to answer our questions"),
        N_("If nobody answers, a specialist decides without it %(when)s."),
    ),
    "triage": Wait(
        N_("Waiting for the specialist to talk with the provider and decide on the tier"),
        N_("to talk with the provider and decide on the tier"),
        _TO_REPAIR,
    ),
    "eligibility_review": Wait(
        N_("Waiting for a second person to agree that the request goes on"),
        N_("to agree that the request goes on"),
        _TO_REPAIR,
    ),
    "tier_review": Wait(
        N_("Waiting for a second person to agree with a changed decision"),
        N_("to agree with a changed decision"),
        _TO_REPAIR,
    ),
    "offer": Wait(
        N_("Waiting for the consultant to accept"),
        N_("to accept the offer"),
        N_("Moves to the next consultant %(when)s."),
    ),
    "coordinator": Wait(
        N_("Waiting for the coordinator to find a consultant"),
        N_("to find a consultant"),
        _ASKED_AGAIN,
    ),
    "waitlist": Wait(
        N_("Waiting in line for a free consultant"),
        N_("for a free consultant"),
        N_("If nobody becomes free, somebody is asked what to do %(when)s."),
    ),
    "language_choice": Wait(
        N_(
            "Waiting for the provider to choose what to do without somebody who speaks the language"
        ),
        N_("to choose how to go on without the language"),
        N_("If nobody answers, the coordinator is asked %(when)s."),
    ),
    "first_contact": Wait(
        N_("Waiting for the consultant to reach the provider for the first time"),
        N_("to make the first contact"),
        _ASKED_AGAIN,
    ),
    "agreement": Wait(
        N_("Waiting for the provider to agree to the service agreement"),
        N_("to agree to the service agreement"),
        _ASKED_AGAIN,
    ),
    "plan": Wait(
        N_("Waiting for the consultant to write the action plan"),
        N_("to write the action plan"),
        _ASKED_AGAIN,
    ),
    "plan_agreement": Wait(
        N_("Waiting for the provider to agree to the action plan"),
        N_("to agree to the action plan"),
        N_("If nobody answers, the consultant is asked to look at the plan again %(when)s."),
    ),
    "service": Wait(
        N_("Waiting for the consultant to hold and record the sessions"),
        N_("to hold the sessions"),
        N_("If the sessions are not complete, the consultant is asked again %(when)s."),
    ),
    "safety": Wait(
        N_("Waiting for the on-call lead to say what was done about a safety concern"),
        N_("to look at a safety concern"),
        _ASKED_AGAIN,
    ),
    "extension": Wait(
        N_("Waiting for the supervisor to decide on more sessions"),
        N_("to decide on more sessions"),
        _ASKED_AGAIN,
    ),
    "summary": Wait(
        N_("Waiting for the consultant to write the closing summary"),
        N_("to write the closing summary"),
        _ASKED_AGAIN,
    ),
    "survey": Wait(
        N_("Waiting for the provider to answer the survey"),
        N_("to answer the survey"),
        N_("If nobody answers, the survey ends %(when)s and the follow-up goes on."),
    ),
    "follow_up_rest": Wait(
        N_("Resting until the follow-up at 30 days"),
        N_("until the follow-up at 30 days"),
        N_("The provider is asked how things are %(when)s."),
    ),
    "follow_up": Wait(
        N_("Waiting for the provider to say how things are after 30 days"),
        N_("to say how things are after 30 days"),
        N_("If nobody answers, it rests again from %(when)s."),
    ),
    "check_in_rest": Wait(
        N_("Resting until the day of the check-in"),
        N_("until the day of the check-in"),
        N_("The provider is asked whether it helped %(when)s."),
    ),
    "check_in": Wait(
        N_("Waiting for the provider to say whether it helped"),
        N_("to say whether it helped"),
        N_("If nobody answers, the check-in ends %(when)s."),
    ),
    "call_back": Wait(
        N_("Waiting for the specialist to call a provider who found no help"),
        N_("to call a provider who found no help"),
        N_("If nobody calls, the check-in ends %(when)s."),
    ),
    "late_follow_up_rest": Wait(
        N_("Resting until the follow-up at 180 days"),
        N_("until the follow-up at 180 days"),
        N_("The provider is asked how things are %(when)s."),
    ),
    "late_follow_up": Wait(
        N_("Waiting for the provider to say how things are after 180 days"),
        N_("to say how things are after 180 days"),
        N_("If nobody answers, the follow-up ends %(when)s."),
    ),
    "stipend": Wait(
        N_("Waiting for the coordinator to send the stipend"),
        N_("to send the stipend"),
        _ASKED_AGAIN,
    ),
    "repair": Wait(
        N_("The process has stopped. Waiting for the coordinator to look into it"),
        N_("to look into a process that has stopped"),
        _ASKED_AGAIN,
    ),
    "fix_contact": Wait(
        N_("Waiting for an email address of the provider that works"),
        N_("to find an address that works"),
        _ASKED_AGAIN,
    ),
    "fix_person": Wait(
        N_("Waiting for an email address of a consultant or a colleague that works"),
        N_("to find an address that works"),
        _ASKED_AGAIN,
    ),
    "attention": Wait(
        N_("Something does not work by itself. Waiting for the coordinator to look at it"),
        N_("to look at something that does not work by itself"),
        _ASKED_AGAIN,
    ),
}
OTHER = Wait(N_("Waiting for an answer"), N_("to answer"), N_("Its time is over %(when)s."))

MARKS = {
    "blocked": N_("Blocked by contact"),
    "paused": N_("Paused"),
    "waiting": N_("In progress"),
    "on-time": N_("On time"),
    "due-soon": N_("Due soon"),
    "late": N_("Late"),
    "done": N_("Done"),
    "attention": N_("Needs attention"),
}


def mark_of(since: int, due: int, at: int) -> str:
    """``late`` after the due instant, ``due-soon`` on the last day (or half) before it."""
    if at >= due:
        return "late"
    soon = min(scaled(0, DAY), (due - since) // 2)
    return "due-soon" if due - at <= soon else "on-time"
