"""What happened, in the provider's words: only events that are meant for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from chalicelib.referral import events
from chalicelib.referral.consultant_gives_back import CANNOT_GO_ON
from chalicelib.referral.request import QUESTIONS
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Entry, valid
from chalicelib.workflow.events import (
    LINK_RENEWED,
    REMINDED,
    RESUMED,
    TEXTS_BEGAN,
    TEXTS_ENDED,
    UNDONE,
    EventName,
)
from chalicelib.workflow.kinds import sentence_of


@dataclass(frozen=True)
class Line:
    """One line: when (UTC seconds), the sentence (a msgid), and the name that it may hold.

    ``fields``: msgids of the questions that it speaks of.
    """

    at: int
    text: str
    name: str = ""
    fields: tuple[str, ...] = ()


NEXT_CONSULTANT: Final = N_("The consultant could not take it. We are asking another one.")

# Type of an entry -> its sentence, or case -> sentence. What is said of a task stands in its kind.
# What is in neither is not for the provider:
# reminders to others, escalations, restarts, a no that nobody has confirmed yet.
SENTENCES: Final[dict[EventName, str | dict[str, str]]] = {
    events.SUBMITTED: {
        "for_caller": N_("You asked us, and we wrote down your request for you."),
        "": N_("You sent your request."),
    },
    events.ELIGIBILITY_DECIDED: {
        "eligible": N_("We checked your request. Your program can get this service."),
        "ask": N_("We looked at your answers, and need a few more from you."),
        "": N_("We looked at your answers. A specialist will look at them too."),
    },
    events.AMENDED: N_("You changed: %(fields)s."),
    events.PAPERS_MAILED: N_("You asked us to mail you the link to your papers."),
    events.HANDED_OVER: N_("We told you how to get your support."),
    events.PROMOTED: N_("A consultant became free. We are asking them to work with you."),
    events.INVITED: N_("We invited you to an Open-Door session while you wait."),
    events.OFFER_WITHDRAWN: NEXT_CONSULTANT,
    events.OFFER_MOVED: NEXT_CONSULTANT,
    events.REASSIGNED: N_("%(name)s is your consultant now."),
    events.TAKEN_BACK: CANNOT_GO_ON,
    events.NOT_SERVED: N_("We could not find a consultant. We told you where you can get help."),
    events.REFERRAL_CLOSED: N_("We closed your request."),
    events.STEPPED_DOWN: N_("Your consultation is over. Lighter support goes on for you."),
    events.SESSION_DECLINED: N_("You said that you cannot make a session."),
    events.PAUSED: N_("The work was paused."),
    events.WAITS_FOR_LEAVE: N_("Your consultant is away. You chose to wait for them."),
    RESUMED: N_("The pause ended, and the work goes on."),
    events.REOPENED: N_("Your request was opened again."),
    events.ENDED_BY_STAFF: {
        "duplicate": N_("We closed this request: another one of your program is the same."),
        "": N_("We closed your request."),
    },
    events.WITHDRAWN: N_("You canceled your request."),
    UNDONE: N_("An answer was undone. You will hear from us again."),
    TEXTS_ENDED: N_("We stopped texting you. We reach you by email or a call."),
    TEXTS_BEGAN: N_("You asked for text messages."),
}
# Things that are asked of the provider, and what became of them.
FOR_THE_PROVIDER: Final[dict[EventName, str]] = {
    LINK_RENEWED: N_("You asked for the link again, and we mailed it."),
    REMINDED: N_("We mailed you a reminder."),
}


STEPS: Final = {events.ELIGIBILITY_DECIDED: "decide_eligibility"}
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
            name = name_of(str(events.told_in(entry).get("consultant", "")))
            if not name:
                continue
        found.append(Line(entry.at, text, name, _fields(entry) if "%(fields)s" in text else ()))
    return found[::-1]


def _fields(entry: Entry) -> tuple[str, ...]:
    """The short names of the answers that an entry changed."""
    names = {*(entry.payload.get("before") or {}), *(entry.payload.get("after") or {})}
    return tuple(one.listed for name, one in QUESTIONS.items() if name in names)


def _sentence(entry: Entry) -> str:
    done = entry.changes.get("done") or {}
    case = str(entry.payload.get("verdict") or done.get(STEPS.get(entry.event, "")) or "")
    said = SENTENCES.get(entry.event, "")
    if isinstance(said, dict):
        said = said.get(case, said.get("", ""))
    said = said or sentence_of(entry.event, case, provider=True)
    if not said and entry.event in FOR_THE_PROVIDER:
        task = entry.changes.get("task")
        if task is not None and task.role == "provider":
            said = FOR_THE_PROVIDER[entry.event]
            if entry.event == LINK_RENEWED and entry.actor != "provider":
                said = N_("We mailed you the link again.")
    return said
