"""Staff end a request that nobody answers for any more, or that is the same as another one.

Each end has its name, its letter and its way back. Of two that are the same, both numbers stay good: each
page leads to the other, and for a day the one that ended may be opened again.
"""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.calls.words import CLOSURE as UNREACHED
from chalicelib.domain import vocabulary
from chalicelib.domain.alternatives import ALTERNATIVES
from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.mail.addressees import hears
from chalicelib.referral.closure.ends import end_of
from chalicelib.referral.events import DUPLICATE_CLOSED, ENDED_BY_STAFF, ReferralPayload
from chalicelib.referral.model import Referral
from chalicelib.referral.provider_calls.calling import PROVIDER, in_danger
from chalicelib.web.forms import (
    NO_CHILD,
    Field,
    Form,
    Values,
    checkboxes,
    radios,
    several,
    textarea,
    words,
)
from chalicelib.web.languages import N_
from chalicelib.web.pages import redirect
from chalicelib.web.press import FormPage
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.case_types import working_on
from chalicelib.workflow.cases import Command, Entry
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import end_case, ending

SAME: Final = "duplicate"
ELSEWHERE: Final = ("transferred_local_program", "out_of_scope_discovered", "site_closed")
"""Ends with another place to go: the letter names at least one."""
UNKNOWN: Final = N_("We do not find that number. Please read it again.")
ITSELF: Final = N_("That is the number of this request. Type the number of the other one.")
OVER: Final = N_("That request has ended. Choose the one that goes on.")


def form(state: Referral) -> Form:
    """Why it ends, and what this end needs to know."""
    reasons = [SAME, *ELSEWHERE]
    # Of somebody in danger the call's own page asks what was done, and who agrees.
    if PROVIDER.may_give_up(state, now()) and not in_danger(state):
        reasons.append(UNREACHED)
    return Form(
        radios(
            "closure",
            N_("Why does it end?"),
            *((one, vocabulary.CLOSURE_REASONS[one]) for one in reasons),
        ),
        Field(
            "other",
            "text",
            N_("Number of the request that goes on"),
            max_length=40,
            width="short",
            missing=N_("Type the number of the request that goes on."),
            when=lambda values: values.get("closure") == SAME,
        ),
        checkboxes(
            "alternatives",
            N_("Where can they turn to?"),
            *((one.id, one.label) for one in ALTERNATIVES.values()),
            hint=N_("At least one. The letter names them with phone number and hours."),
            when=lambda values: values.get("closure") in ELSEWHERE,
        ),
        textarea("note", N_("Note for the record"), hint=NO_CHILD, required=False),
    )


def end(reference: str) -> Response:
    """Ask why; then end it."""
    state = store.look_up(reference, Referral)
    case = f"/console/referrals/{state.reference}"
    if not state.open:
        return redirect(case)

    gets = ["provider", *working_on(state, current_staff().actor)]

    def act(values: Values, press: str) -> str:
        other = _other(state, values)
        if other:
            _tell_the_other(other, state.reference, press)
        at, actor = now(), current_staff().actor

        def decide(fresh: Referral) -> Command | None:
            return _ended(fresh, values, other, actor, press, at) if fresh.open else None

        end_case(state.reference, decide, press)
        return case

    return FormPage(
        "closure/end.html",
        form(state),
        version=state.version,
        facts=lambda: {"state": state, "gets": hears(state, gets)},
        draw=show,
    ).answer(act)


def _other(state: Referral, values: Values) -> str:
    """The request that goes on, if this one is the same. Raises Invalid."""
    if values["closure"] != SAME:
        return ""
    try:
        other = store.look_up(words(values, "other"), Referral)
    except NotFound:
        raise Invalid({"other": UNKNOWN}) from None
    if not current_staff().scope.covers(other.county):
        raise Invalid({"other": UNKNOWN})
    if other.reference == state.reference:
        raise Invalid({"other": ITSELF})
    if not other.open:
        raise Invalid({"other": OVER})
    return other.reference


def _tell_the_other(reference: str, ended: str, press: str) -> None:
    """Write into the story of the one that goes on which one ended: first, so that a press that is sent
    again after a fault finds both done or does what is missing."""
    at, actor = now(), current_staff().actor

    def decide(state: Referral) -> Command | None:
        told = ReferralPayload(others=[ended])
        return Entry(
            event=DUPLICATE_CLOSED, at=at, actor=actor, command=f"same:{press}", payload=told
        ), ()

    store.change(reference, decide, press=f"same:{press}")


def _ended(state: Referral, values: Values, other: str, actor: str, press: str, at: int) -> Command:
    closure = words(values, "closure")
    told = ReferralPayload(
        verdict=closure,
        note=words(values, "note"),
        alternatives=several(values, "alternatives") or ["helpline", "open_door"],
        **({"others": [other]} if other else {}),
    )
    letter = "delivery/unreachable" if closure == UNREACHED else "eligibility/other_help"
    end = end_of(closure)
    changes, effects, also = ending(
        state,
        status=end.status,
        closure=closure,
        reason=end.reason,
        at=at,
        tell=end.verdict,
        mails=[
            SendLetter(letter=letter, to="provider", always=True),
            *(
                SendLetter(letter="closure/ended_told", to=one, always=True)
                for one in working_on(state, actor)
            ),
        ],
    )
    entry = Entry(
        event=ENDED_BY_STAFF, at=at, actor=actor, reason=closure, command=press,
        changes=changes, payload=told, effects=effects,
    )  # fmt: skip
    return entry, also
