"""Staff say for a caller that they cannot make the next session: the provider's own press, told by phone."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain.roles import CONSULTANT, STAFF
from chalicelib.referral.model import Referral
from chalicelib.referral.status.act import caller, case_of
from chalicelib.referral.status.session import ahead, declined
from chalicelib.tasks.on_behalf_page import HOW_TOLD, WHO
from chalicelib.web.forms import NO_CHILD, Form, Values, textarea
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_
from chalicelib.web.pages import form, redirect
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.staff_auth import show
from chalicelib.workflow.cases import Command
from chalicelib.workflow.storage import store

MOVED: Final = N_("The session has another time by now. Please look again.")
FORM: Final = Form(
    textarea(
        "wish",
        N_("When would suit them better?"),
        hint=NO_CHILD,
        required=False,
        max_length=500,
        readers=(STAFF, CONSULTANT),
    ),
    WHO,
    HOW_TOLD,
)


def cannot_make_it(reference: str) -> Response:
    """Ask who told it, and when would suit them; then take the session's time away."""
    state = store.look_up(reference, Referral)
    start = ahead(state)
    if start is None:
        return redirect(case_of(state))

    def act(values: Values, command: str) -> str:
        if one(form(), "_session") != str(start):
            raise Hindered(MOVED)
        at, acting = now(), caller(values)

        def decide(fresh: Referral) -> Command | None:
            return declined(fresh, start, values, command, at, acting)

        store.change(state.reference, decide, press=command)
        return case_of(state)

    return FormPage(
        "status/act_session.html",
        FORM,
        version=state.version,
        facts=lambda: {"state": state, "start": start},
        draw=show,
    ).answer(act)
