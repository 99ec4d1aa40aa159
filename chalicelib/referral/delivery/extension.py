"""More than twelve sessions: the consultant asks with a reason, the supervisor decides.

It is a task beside the sessions. Approved, the plan rises above twelve and the page takes more;
declined, the next entry must be the last. There is one question at a time.
"""

from __future__ import annotations

from typing import Final

from chalicelib.aws.writes import Write
from chalicelib.directory.people import in_charge_of
from chalicelib.domain.roles import CONSULTANT, STAFF
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.model import Referral, ReferralChanges, Sessions
from chalicelib.referral.records import MOST_SESSIONS, episode
from chalicelib.referral.sessions.deadlines import nothing_planned
from chalicelib.web.forms import NO_CHILD, Field, Form, Values, number, radios, textarea
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.case_types import recipient
from chalicelib.workflow.cases import Changes
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import Outcome, kind_of
from chalicelib.workflow.side_tasks import begin, void
from chalicelib.workflow.storage import side_task_rows, store

KIND: Final = "extension"
MORE: Final = "more"
LONGEST: Final = 24
"""More than twice the usual length is a new request."""
APPROVE, DECLINE = "approved", "declined"


def limit(sessions: Sessions) -> int:
    """How many sessions may be held without asking: twelve, or what was approved."""
    return max(MOST_SESSIONS, sessions.planned)


def open_question(state: Referral) -> int:
    """The number of the question that the supervisor still has; 0 for none. Reads only if there is
    any task beside."""
    if not state.side_tasks:
        return 0
    found = (
        one.number
        for one in side_task_rows.of(state.reference)
        if one.kind == KIND and not one.over
    )
    return next(found, 0)


def may_ask(state: Referral) -> bool:
    """Whether the limit is near enough to ask, and nobody is asked already."""
    sessions = state.sessions or Sessions()
    near = max(sessions.planned, sessions.held + 1) >= limit(sessions) < LONGEST
    return near and not open_question(state)


def asks(values: Values) -> bool:
    """Whether this entry asks for more sessions."""
    return MORE in (values.get("happened"), values.get("next"))


def fields(state: Referral) -> list[Field]:
    """How many, and why."""
    return [
        Field(
            "more_sessions",
            "number",
            N_("If you ask for more sessions: how many in all?"),
            minimum=limit(state.sessions or Sessions()) + 1,
            maximum=LONGEST,
            missing=N_("Type a number above what is planned, at most 24."),
            when=asks,
            width="short",
        ),
        textarea(
            "more_reason",
            N_("If you ask for more sessions: why?"),
            hint=N_("Your supervisor reads it. Do not write a child's name or birth date."),
            missing=N_("Tell your supervisor why more sessions are needed."),
            when=asks,
        ),
    ]


def asked(
    state: Referral, values: Values, sessions: Sessions, data: ReferralPayload, now: int
) -> Outcome:
    """The entry is kept, and the supervisor is asked beside it."""
    wanted = number(values, "more_sessions")
    lead = in_charge_of("supervisor", state.county, state.consultant)
    begun = begin(state, kind_of(KIND), lead, now, {"wanted": wanted})
    held = "session" in data
    changes = begun.changes.copy()
    if held:
        changes |= ReferralChanges(sessions=sessions.without_days())
        if state.task is not None:
            changes["task"] = nothing_planned(state.task, now)
    data["about"] = begun.payload["about"]
    data["more"] = {"wanted": wanted, "reason": str(values["more_reason"])}
    verdict = "held_more" if held else "more_asked"
    return Outcome(verdict, changes, data, begun.effects, begun.same_transaction, stays=True)


def ended(state: Referral, now: int) -> tuple[Changes, list[Write]]:
    """Changes and rows that take the open question back, because the sessions have ended."""
    n = open_question(state)
    return void(state, n, now) if n else ({}, [])


def form(state: Referral) -> Form:
    """Approve up to a number, or decline with a reason."""
    sessions = state.sessions or Sessions()
    return Form(
        radios(
            "decision",
            N_("May they go on?"),
            (APPROVE, N_("Yes, up to a number of sessions")),
            (DECLINE, N_("No, the next session is the last one")),
        ),
        Field(
            "sessions",
            "number",
            N_("If yes: how many sessions in all?"),
            minimum=limit(sessions) + 1,
            maximum=LONGEST,
            missing=N_("Type a number above what is planned, at most 24."),
            when=lambda values: values.get("decision") == APPROVE,
            width="short",
        ),
        textarea(
            "note",
            N_("If no: why?"),
            hint=NO_CHILD,
            missing=N_("Tell the consultant why."),
            readers=(STAFF, CONSULTANT),
            when=lambda values: values.get("decision") == DECLINE,
        ),
    )


def decide(state: Referral, values: Values, now: int) -> Outcome:
    """The plan rises, or stays; the consultant hears which."""
    letters = []
    if state.consultant:
        to = recipient(state, "consultant")
        letters.append(SendLetter(letter="delivery/extension_answered", to=to))
    if values["decision"] == DECLINE:
        return Outcome(DECLINE, payload={"note": str(values["note"])}, effects=letters)
    planned = number(values, "sessions")
    sessions = (state.sessions or Sessions()).model_copy(update=ReferralPayload(planned=planned))
    changes = ReferralChanges(sessions=sessions)
    return Outcome(APPROVE, changes, ReferralPayload(planned=planned), letters)


def details(state: Referral) -> TemplateValues:
    """What was asked and why, the goals, and what was held so far."""
    record = episode(store.log(state))
    return {"episode": record, "sessions": state.sessions or Sessions(), "more": record.more}
