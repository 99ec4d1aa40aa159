"""The stipend of a family child care home: due when its survey came in, whatever it says."""

from __future__ import annotations

from typing import Final

from chalicelib.directory.people import in_charge
from chalicelib.domain.vocabulary import FAMILY_CHILD_CARE
from chalicelib.referral.model import Referral
from chalicelib.referral.records import episode
from chalicelib.web.forms import NO_CHILD, Form, Values, radios, textarea, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.kinds import Outcome, kind_of
from chalicelib.workflow.side_tasks import Beginning, begin
from chalicelib.workflow.storage import store

KIND: Final = "stipend"
SENT, NOT_DUE = "sent", "not_due"


def due(state: Referral, now: int) -> Beginning | None:
    """The coordinator's task, once a case; None where no stipend is due, or it was due before."""
    if state.setting not in FAMILY_CHILD_CARE:
        return None
    if state.version and episode(store.log(state)).stipend:
        return None
    return begin(state, kind_of(KIND), in_charge("coordinator", state.county), now)


def form(state: Referral) -> Form:
    """Sent, or why not."""
    return Form(
        radios(
            "decision",
            N_("What happened with the stipend?"),
            (SENT, N_("It is on its way")),
            (NOT_DUE, N_("It cannot be paid")),
        ),
        textarea(
            "note",
            N_("If it cannot be paid: why?"),
            hint=NO_CHILD,
            missing=N_("Say why it cannot be paid."),
            max_length=500,
            when=lambda values: values.get("decision") == NOT_DUE,
        ),
    )


def decide(state: Referral, values: Values, now: int) -> Outcome:
    """Either way the task is over."""
    return Outcome(str(values["decision"]), payload={"note": words(values, "note")})


def details(state: Referral) -> TemplateValues:
    """Whom to send it to. The survey's answers are not shown."""
    return {"contact": state.contact}
