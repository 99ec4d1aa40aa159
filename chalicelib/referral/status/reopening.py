"""The provider goes on with a closed request, or begins a new one that is linked to it."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain.vocabulary import REOPEN_REASONS
from chalicelib.referral.earlier_request import earlier_cookie
from chalicelib.referral.model import Referral
from chalicelib.referral.reopen import may_reopen, reopen
from chalicelib.web.forms import Form, Values, radios
from chalicelib.web.languages import N_
from chalicelib.web.pages import redirect
from chalicelib.web.press import FormPage

YES, NO = "yes", "no"
VIEW: Final = "/status/view"

REOPEN: Final = Form(
    radios(
        "decision",
        N_("Do you want to go on with this request?"),
        (YES, N_("Yes, open it again")),
        (NO, N_("No, leave it closed")),
    ),
    radios(
        "reason",
        N_("If yes: why?"),
        *REOPEN_REASONS.items(),
        when=lambda values: values.get("decision") == YES,
    ),
)


def go_on(state: Referral) -> Response:
    """Ask whether, and why; then open it again."""
    if not may_reopen(state, now()):
        return redirect(VIEW)

    def act(values: Values, command: str) -> str:
        reopen(state.reference, str(values["reason"]), "provider", command, now())
        return VIEW

    page = FormPage(
        "status/reopen.html",
        REOPEN,
        subject=f"reopen|{state.reference}",
        version=state.version,
        facts=lambda: {"state": state},
    )
    return page.answer(act, no=NO, back=VIEW)


def begin_anew(state: Referral) -> Response:
    """A new request, linked to this one: a cookie that the request form looks at when it is sent."""
    if state.open:
        return redirect("/status")
    return redirect("/", cookies=[earlier_cookie(state.reference)])
