"""A call that the helpline promised, as a type of case: its state, its statuses, and what its end gives back."""

from __future__ import annotations

from typing import ClassVar, Final

from chalicelib.aws.writes import Write
from chalicelib.calls.rule import Attempt, attempts
from chalicelib.domain.statuses import CLOSED, RECEIVED, Status
from chalicelib.services.helpline import slots
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.case_types import CaseType
from chalicelib.workflow.cases import Case, Changes, Entry
from chalicelib.workflow.storage import store

NAME: Final = "promised_call"
APPLICANT: Final = "caller"
CALL_BACK, FOLLOW_UP, TELL = "call_back", "follow_up", "tell"
PROMISED, TALKED, UNREACHED = "call_promised", "call_made", "caller_unreached"
MOOT: Final = "call_moot"


class PromisedCall(Case):
    """The state of a promised call. ``purpose``: a call back, a follow-up, or to tell them something;
    ``promised``: when (UTC seconds). ``contact_key``: the contact in which it was promised; ``about``: what
    is to be told, by the name that the wing of meetings gives it; ``request``: what came of it."""

    case_type: ClassVar[str] = NAME
    stage: str = NAME
    status: str = PROMISED
    purpose: str = CALL_BACK
    promised: int = 0
    specialist: str = ""
    contact_key: str = ""
    about: str = ""
    request: str = ""

    def in_role(self, role: str) -> str:
        """The specialist who calls; nobody else of the Network has to do with it."""
        return self.specialist if role == "specialist" else ""


class CallChanges(Changes, total=False):
    """New values of a promised call's fields."""

    purpose: str | None
    promised: int | None
    specialist: str | None
    contact_key: str | None
    about: str | None
    request: str | None


STATUSES: Final = {
    one.id: one
    for one in (
        Status(
            PROMISED, "requested", NAME, RECEIVED, N_("Call promised"),
            N_("We will call at the time that we promised."), "specialist",
        ),
        Status(
            TALKED, "completed", NAME, CLOSED, N_("We talked"),
            N_("The call was made."), "specialist", terminal=True,
        ),
        Status(
            UNREACHED, "failed", NAME, CLOSED, N_("Nobody reached"),
            N_("We could not reach them."), "specialist", terminal=True,
        ),
        Status(
            MOOT, "cancelled", NAME, CLOSED, N_("No call needed anymore"),
            N_("There is nothing left to tell."), "specialist", terminal=True,
        ),
    )
}  # fmt: skip
STAGES: Final = {NAME: N_("Promised call"), "closed": N_("Closed")}


def tries(state: PromisedCall) -> list[Attempt]:
    """The tries since they last answered."""
    return attempts(store.log(state))


def letter_facts(state: PromisedCall, entry: Entry, lang: str) -> TemplateValues:
    """Which call it is, and when it was promised."""
    return {"promised": state.promised}


def at_the_end(state: PromisedCall) -> list[Write]:
    """The hour that was kept for it is free again."""
    return [slots.given_back(state.promised, state.reference)]


def ways(state: PromisedCall) -> list[tuple[str, str]]:
    """The request form with what they said, and what was written down of it."""
    key = state.contact_key
    if not key:
        return []
    return [
        (f"/console/new?call={key}", N_("Open a request with these answers")),
        (f"/console/helpline/contacts/{key}", N_("What they told us before")),
    ]


PROMISED_CALL: Final = CaseType(
    name=NAME,
    model=PromisedCall,
    parent=NAME,
    applicant=APPLICANT,
    statuses=STATUSES,
    stages=STAGES,
    address_pause=(PROMISED, "address_not_working"),
    at_the_end=at_the_end,
    letter_facts=letter_facts,
    ways=ways,
)
