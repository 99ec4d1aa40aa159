"""Staff open a closed referral again, with a reason."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain.vocabulary import REOPEN_REASONS
from chalicelib.referral.model import Referral
from chalicelib.referral.reopen import may_reopen, reopen
from chalicelib.web.forms import Form, Values, radios
from chalicelib.web.languages import N_
from chalicelib.web.pages import redirect
from chalicelib.web.press import FormPage
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.storage.store import look_up

REASON: Final = Form(radios("reason", N_("Why is it opened again?"), *REOPEN_REASONS.items()))


def reopen_case(reference: str) -> Response:
    """Ask why; then open it again."""
    state = look_up(reference, Referral)
    case = f"/console/referrals/{state.reference}"
    if not may_reopen(state, now(), current_staff().actor):
        return redirect(case)

    def act(values: Values, command: str) -> str:
        reopen(state.reference, str(values["reason"]), current_staff().actor, command, now())
        return case

    page = FormPage(
        "closure/reopen.html",
        REASON,
        version=state.version,
        facts=lambda: {"state": state},
        draw=show,
    )
    return page.answer(act)
